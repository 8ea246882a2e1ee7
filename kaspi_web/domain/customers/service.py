"""Finding customers and the limits on guessing a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, delete, select, update

from kaspi_web.domain.customers.models import Customer, SignInTry
from kaspi_web.domain.customers.names import masked_name
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, NotFound, Refused

TRY_WINDOW = timedelta(minutes=15)
MAX_TRIES_FOR_PHONE = 5
MAX_TRIES_FOR_ADDRESS = 60


class SignInRefused(Refused):
    """Number and password do not fit together; never says which of the two was wrong."""

    code = "sign_in_refused"


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


def card(unit: Unit, *, customer_id: int) -> CustomerCard:
    """The customer's card; raises NotFound."""
    found = unit.get(Customer, customer_id)
    if found is None:
        raise NotFound
    return _card(found)


def card_by_phone(unit: Unit, *, phone: str) -> CustomerCard | None:
    """The card of whoever has a wallet with this number."""
    found = unit.exec(select(Customer).where(Customer.phone == phone)).one_or_none()
    return _card(found) if found else None


def _card(row: Customer) -> CustomerCard:
    assert row.id is not None
    shown = masked_name(row.given_name, row.family_name)
    return CustomerCard(row.id, row.phone, row.given_name, row.family_name, shown, row.language)


def credentials(unit: Unit, *, phone: str, address: str) -> Credentials:
    """What to check a password against; raises Busy after five tries in 15 minutes.

    The try is counted here, before the slow check, so that guesses sent all at once count each other;
    `forget_tries` takes it back when the password was right.
    """
    now = real_now()
    for column, text, most in (
        (SignInTry.phone_digest, phone, MAX_TRIES_FOR_PHONE),
        (SignInTry.address_digest, address, MAX_TRIES_FOR_ADDRESS),
    ):
        lock_name(unit, f"sign_in_try:{text}")
        mine = (column == _digest(unit, text), SignInTry.at > now - TRY_WINDOW)
        count, first = unit.exec(select(func.count(), func.min(SignInTry.at)).where(*mine)).one()
        if count >= most:
            raise Busy(until=first + TRY_WINDOW)
    unit.add(SignInTry(phone_digest=_digest(unit, phone), address_digest=_digest(unit, address), at=now))
    found = unit.exec(select(Customer.id, Customer.password_hash).where(Customer.phone == phone)).one_or_none()
    return Credentials(*found) if found else Credentials(None, None)


def _digest(unit: Unit, text: str) -> str:
    return unit.keys.digest("sign_in_try", text)


def forget_tries(unit: Unit, *, phone: str) -> None:
    """The password was right: what was tried for the number before counts no more."""
    unit.exec(delete(SignInTry).where(col(SignInTry.phone_digest) == _digest(unit, phone)))


def set_password(unit: Unit, *, customer_id: int, password_hash: str) -> None:
    """Replace the password."""
    unit.exec(update(Customer).where(col(Customer.id) == customer_id).values(password_hash=password_hash))


def set_language(unit: Unit, *, customer_id: int, language: str) -> None:
    """The language that SMS come in."""
    unit.exec(update(Customer).where(col(Customer.id) == customer_id).values(language=language))
