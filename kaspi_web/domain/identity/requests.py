"""A demo's orders of identity cards: written when a wallet is opened, handed to the register by a worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.identity.models import IdentityRequest
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due

JOB = "job:identity"
LEASE = timedelta(seconds=30)
_WAITS_S = (2, 5, 15, 30, 60, 300)
_WAITING = col(IdentityRequest.done_at).is_(None)


@dataclass(frozen=True, slots=True)
class Order:
    """What the register is asked for."""

    id: int
    reference: str
    phone: str
    person: Person


def order_card(unit: Unit, *, customer_id: int) -> None:
    """Order an identity card for a new customer; the register is asked after the commit."""
    now = real_now()
    unit.add(IdentityRequest(customer_id=customer_id, reference=public_id(), created_at=now, due_at=now))
    unit.tell(JOB)


def has_due(unit: Unit) -> bool:
    """Whether an order is to be handed over now."""
    due = select(IdentityRequest.id).where(_WAITING, IdentityRequest.due_at <= real_now())
    return unit.exec(due.limit(1)).first() is not None


def claim(unit: Unit, *, most: int = 1) -> list[Order]:
    """Take due orders; nobody else gets them until the lease of 30 s, or a longer wait after many tries, is over."""
    now = real_now()
    due = select(IdentityRequest).where(_WAITING, IdentityRequest.due_at <= now)
    rows = unit.exec(due.order_by(col(IdentityRequest.id)).limit(most).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.tries += 1
        row.due_at = now + max(LEASE, _wait(row.tries))
    return [_order(unit, row) for row in rows]


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=_WAITS_S[min(tries, len(_WAITS_S)) - 1])


def _order(unit: Unit, row: IdentityRequest) -> Order:
    card = customers.card(unit, customer_id=row.customer_id)
    assert row.id is not None
    return Order(row.id, row.reference, card.phone, customers.person(unit, customer_id=row.customer_id))


def done(unit: Unit, *, order_id: int) -> None:
    """Note that the register has issued the card."""
    unit.exec(update(IdentityRequest).where(col(IdentityRequest.id) == order_id).values(done_at=real_now()))


def put_off(unit: Unit, *, order_id: int) -> None:
    """Note that the register was silent: it is asked again, ever more rarely."""
    row = unit.get(IdentityRequest, order_id, with_for_update=True)
    if row is not None and row.done_at is None:
        row.due_at = real_now() + _wait(row.tries)


def end_leases(unit: Unit) -> int:
    """Make every waiting order due: for a server that works alone, when it starts."""
    now = real_now()
    return unit.exec(
        update(IdentityRequest).where(_WAITING, col(IdentityRequest.due_at) > now).values(due_at=now)
    ).rowcount


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The orders that are to be handed over until then, in real time, oldest first."""
    waiting = select(IdentityRequest.id, IdentityRequest.due_at).where(_WAITING, IdentityRequest.due_at <= until)
    rows = unit.exec(waiting.order_by(col(IdentityRequest.due_at), col(IdentityRequest.id)).limit(MOST)).all()
    return [Due(f"identity_request:{number}", at) for number, at in rows]
