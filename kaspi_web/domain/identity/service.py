"""Knowing a customer's IIN: compared once with the registration, then names and birth date stand still.

The number is sealed at rest and found again by a keyed digest; everybody but the gateways sees it masked. The
check digit is verified where it is typed (kernel/iin.py), and the register is asked before any unit begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, select

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.identity.models import Identity, IdentityTry
from kaspi_web.domain.identity.names import same_names
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, Refused
from kaspi_web.kernel.iin import born_on, masked

TRY_WINDOW = timedelta(hours=1)
MAX_TRIES = 5


class IinNeeded(Refused):
    """What was asked for needs an IIN, and the customer's is not known yet."""

    code = "iin_needed"


class IdentityMismatch(Refused):
    """The IIN is somebody else's by the register; `parts` are some of `unknown`, `name` and `birth`."""

    code = "identity_mismatch"


class IdentityTaken(Refused):
    """Another wallet has this IIN: one person has one wallet."""

    code = "identity_taken"


class IdentityKnown(Refused):
    """The customer's IIN is known already, and it is another one."""

    code = "identity_known"


class PersonFrozen(Refused):
    """Names and birth date agreed with an IIN, and are not changed any more."""

    code = "person_frozen"


@dataclass(frozen=True, slots=True)
class IdentityView:
    """A customer's IIN as it may be shown."""

    masked: str
    matched_at: datetime


def of(unit: Unit, *, customer_id: int) -> IdentityView | None:
    """The customer's IIN, masked; None while it is not known."""
    row = unit.get(Identity, customer_id)
    return IdentityView(row.iin_masked, row.matched_at) if row else None


def own_iin(unit: Unit, *, customer_id: int) -> str:
    """The customer's IIN in plain, for what is told to the outside and for nothing else; raises IinNeeded."""
    row = unit.get(Identity, customer_id)
    if row is None:
        raise IinNeeded
    return unit.keys.unseal(row.iin_sealed)


def begin_try(unit: Unit, *, customer_id: int) -> int:
    """Count a try before the register is asked; raises Busy after five in an hour.

    Counted in a unit of its own, so that tries sent all at once count each other and a refused one stays counted.
    """
    now = real_now()
    lock_name(unit, f"identity_try:{customer_id}")
    recent = (IdentityTry.customer_id == customer_id, IdentityTry.at > now - TRY_WINDOW)
    count, first = unit.exec(select(func.count(), func.min(IdentityTry.at)).where(*recent)).one()
    if count >= MAX_TRIES:
        raise Busy(until=first + TRY_WINDOW)
    row = IdentityTry(customer_id=customer_id, at=now)
    unit.add(row)
    unit.flush()
    assert row.id is not None
    return row.id


def forget_try(unit: Unit, *, try_id: int) -> None:
    """Take a try back: the register was silent, and nothing was told."""
    unit.exec(delete(IdentityTry).where(col(IdentityTry.id) == try_id))


def match(unit: Unit, *, customer_id: int, iin: str, registered: Person | None) -> IdentityView:
    """Note whose IIN this is, if what the register told agrees with the registration; repeated, it changes nothing.

    `registered` is None for a number that the register has never issued. Raises IdentityMismatch, IdentityTaken or
    IdentityKnown, and then nothing is stored. Afterwards names and birth date are frozen.
    """
    given = customers.person(unit, customer_id=customer_id, lock=True)
    digest = unit.keys.digest("iin", iin)
    known = unit.get(Identity, customer_id)
    if known is not None:
        if known.iin_digest != digest:
            raise IdentityKnown
        return IdentityView(known.iin_masked, known.matched_at)
    parts = differing(given, iin, registered)
    if parts:
        raise IdentityMismatch(parts=parts)
    return _noted(unit, customer_id, iin, digest)


def differing(given: Person, iin: str, registered: Person | None) -> list[str]:
    """Which parts do not agree: `unknown`, `name`, `birth`.

    The register's word goes before the date inside the number, which is not binding by law.
    """
    if registered is None:
        return ["unknown", "birth"] if born_on(iin) != given.born_on else ["unknown"]
    pairs = {"name": same_names(given, registered), "birth": given.born_on == registered.born_on}
    return [part for part, agrees in pairs.items() if not agrees]


def _noted(unit: Unit, customer_id: int, iin: str, digest: str) -> IdentityView:
    taken = select(Identity.customer_id).where(Identity.iin_digest == digest)
    if unit.exec(taken).first() is not None:
        raise IdentityTaken
    row = Identity(
        customer_id=customer_id,
        iin_digest=digest,
        iin_sealed=unit.keys.seal(iin),
        iin_masked=masked(iin),
        matched_at=real_now(),
    )
    unit.add(row)
    try:
        unit.flush()
    except IntegrityError:
        # Two wallets showed the same number at once; the database let one through.
        raise IdentityTaken from None
    unit.tell(f"customer:{customer_id}")
    return IdentityView(row.iin_masked, row.matched_at)


def change_person(unit: Unit, *, customer_id: int, person: Person) -> None:
    """Correct names and birth date; raises PersonFrozen once they have agreed with an IIN."""
    now = customers.person(unit, customer_id=customer_id, lock=True)
    if unit.get(Identity, customer_id) is not None:
        if person != now:
            raise PersonFrozen
        return
    customers.set_person(unit, customer_id=customer_id, person=person)
    unit.tell(f"customer:{customer_id}")
