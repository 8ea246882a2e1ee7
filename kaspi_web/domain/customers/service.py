"""Finding customers and the limits on guessing a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import col, delete, select, update

from kaspi_web.domain.customers.models import Customer, SignInTry
from kaspi_web.domain.customers.names import Person, masked_name
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, lock_name, prepared
from kaspi_web.kernel.errors import Busy, NotFound, Refused

TRY_WINDOW = timedelta(minutes=15)
MAX_TRIES = 5
"""Tries for one number from one address: what a person who forgot has."""
MAX_TRIES_FOR_PHONE = 30
"""Tries for one number from anywhere: more, so that a stranger elsewhere does not lock its owner out at once."""
MAX_TRIES_FOR_ADDRESS = 60


class SignInRefused(Refused):
    """Number and password do not fit together; never says which of the two was wrong."""

    code = "sign_in_refused"


class PasswordRefused(Refused):
    """The password that somebody signed in was asked for again does not fit."""

    code = "password_refused"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in is checked against; the hash is None for a number that nobody has."""

    customer_id: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """A customer as the rest of the bank sees one."""

    id: int
    phone: str
    given_name: str
    family_name: str
    masked_name: str
    language: str


_CARD = prepared("SELECT id, phone, given_name, family_name, language FROM customer WHERE id = ?")


def card(unit: Unit, *, customer_id: int) -> CustomerCard:
    """The customer's card; raises NotFound."""
    found = unit.run(_CARD, customer_id).fetchone()
    if found is None:
        raise NotFound
    number, phone, given_name, family_name, language = found
    return CustomerCard(number, phone, given_name, family_name, masked_name(given_name, family_name), language)


def card_by_phone(unit: Unit, *, phone: str) -> CustomerCard | None:
    """The card of whoever has a wallet with this number."""
    found = unit.exec(select(Customer).where(Customer.phone == phone)).one_or_none()
    return _card(found) if found else None


def person(unit: Unit, *, customer_id: int, lock: bool = False) -> Person:
    """Names and birth date as registered, held until the unit's end if `lock`; raises NotFound."""
    found = unit.get(Customer, customer_id, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFound
    return Person(found.given_name, found.family_name, found.patronymic, found.born_on)


def set_person(unit: Unit, *, customer_id: int, person: Person) -> None:
    """Replace names and birth date; see identity.service.change_person, which says until when that may be done."""
    names = {"given_name": person.given_name, "family_name": person.family_name, "patronymic": person.patronymic}
    unit.exec(update(Customer).where(col(Customer.id) == customer_id).values(**names, born_on=person.born_on))


def _card(row: Customer) -> CustomerCard:
    assert row.id is not None
    shown = masked_name(row.given_name, row.family_name)
    return CustomerCard(row.id, row.phone, row.given_name, row.family_name, shown, row.language)


def credentials(unit: Unit, *, phone: str, address: str) -> Credentials:
    """What to check a password against; raises Busy after too many tries in 15 minutes.

    The try is counted here, before the slow check, so that guesses sent all at once count each other;
    `forget_tries` takes it back when the password was right.
    """
    now = real_now()
    for text in (phone, address):
        lock_name(unit, f"sign_in_try:{text}")
    to, by = _tries(unit, phone=phone), _tries(unit, address=address)
    for mine, most in ((to + by, MAX_TRIES), (to, MAX_TRIES_FOR_PHONE), (by, MAX_TRIES_FOR_ADDRESS)):
        recent = (*mine, SignInTry.at > now - TRY_WINDOW)
        count, first = unit.exec(select(func.count(), func.min(SignInTry.at)).where(*recent)).one()
        if count >= most:
            raise Busy(until=first + TRY_WINDOW)
    unit.add(SignInTry(phone_digest=_digest(unit, phone), address_digest=_digest(unit, address), at=now))
    found = unit.exec(select(Customer.id, Customer.password_hash).where(Customer.phone == phone)).one_or_none()
    return Credentials(*found) if found else Credentials(None, None)


def _digest(unit: Unit, text: str) -> str:
    return unit.keys.digest("sign_in_try", text)


def _tries(unit: Unit, *, phone: str | None = None, address: str | None = None) -> tuple[ColumnElement[bool], ...]:
    of = ((col(SignInTry.phone_digest), phone), (col(SignInTry.address_digest), address))
    return tuple(column == _digest(unit, text) for column, text in of if text is not None)


def forget_tries(unit: Unit, *, phone: str, address: str) -> None:
    """The password was right: what was tried for the number from there counts no more; others' tries stay."""
    unit.exec(delete(SignInTry).where(*_tries(unit, phone=phone, address=address)))


def still_has(unit: Unit, *, known: Credentials) -> bool:
    """Whether the password that was checked outside any unit is the customer's now; holds it until the unit's end."""
    now = select(Customer.password_hash).where(Customer.id == known.customer_id).with_for_update()
    return known.password_hash is not None and unit.exec(now).one_or_none() == known.password_hash


def proved(unit: Unit, *, known: Credentials, phone: str, address: str) -> None:
    """The password that was checked outside any unit is right: earlier tries count no more.

    Raises PasswordRefused when it was replaced since.
    """
    if not still_has(unit, known=known):
        raise PasswordRefused
    forget_tries(unit, phone=phone, address=address)


def set_password(unit: Unit, *, customer_id: int, password_hash: str) -> None:
    """Replace the password."""
    unit.exec(update(Customer).where(col(Customer.id) == customer_id).values(password_hash=password_hash))


def set_language(unit: Unit, *, customer_id: int, language: str) -> None:
    """The language that SMS come in."""
    unit.exec(update(Customer).where(col(Customer.id) == customer_id).values(language=language))
