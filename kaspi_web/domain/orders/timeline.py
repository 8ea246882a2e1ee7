"""What happened to an order, written once and read by its owner: order, money, plan, bonus, delivery and returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlmodel import col, select

from kaspi_web.domain.orders.models import Order, OrderEvent
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

KINDS = (
    # The order.
    *("placed", "signed", "accepted", "assembled", "transmitted", "arrived", "code_sent", "handed_over"),
    *("pieces_cancelled", "cancelled", "not_taken", "parcel_accepted", "parcel_back"),
    # Money, plan and bonus.
    *("money_held", "bonus_spent", "plan_reserved", "plan_opened", "plan_smaller", "bonus_promised", "bonus_given"),
    *("bonus_taken", "bonus_withheld", "money_back", "bonus_back", "to_wallet_instead"),
    # Returns.
    *("return_asked", "return_approved", "return_refused", "return_withdrawn", "returned"),
)
"""The words of events; `detail` is a reason's word, the slug or name of a thing, or a number of pieces."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of an order's timeline."""

    id: int
    kind: str
    detail: str
    amount: Money | None
    happened_at: datetime


def note(unit: Unit, *, order_id: int, kind: str, detail: str = "", amount: Money | None = None) -> None:
    """Write an event down; `kind` is one of KINDS."""
    assert kind in KINDS, f"{kind} is no kind of event"
    sum_tiyn = None if amount is None else amount.tiyn
    this = {"order_id": order_id, "kind": kind, "detail": detail[:200], "amount_tiyn": sum_tiyn}
    unit.insert(OrderEvent, **this, happened_at=unit.clock.now())


class Noted(NamedTuple):
    """An event that is to be written down."""

    order_id: int
    kind: str
    amount: Money


def note_all(unit: Unit, events: Sequence[Noted]) -> None:
    """Write several events down at once, in their order."""
    assert all(each.kind in KINDS for each in events), "every event has a kind"
    now = unit.clock.now()
    rows = [{"order_id": each.order_id, "kind": each.kind, "amount_tiyn": each.amount.tiyn} for each in events]
    unit.insert_many(OrderEvent, [row | {"happened_at": now} for row in rows])


def timeline(unit: Unit, *, customer_id: int, order_id: str) -> list[Event]:
    """Everything that happened to a customer's order, oldest first; raises NotFound, also for somebody else's."""
    mine = (Order.public_id == order_id, Order.customer_id == customer_id)
    found = unit.exec(select(Order.id).where(*mine)).one_or_none()
    if found is None:
        raise NotFound
    rows = unit.exec(select(OrderEvent).where(OrderEvent.order_id == found).order_by(col(OrderEvent.id)))
    return [view_of(row) for row in rows]


def view_of(row: OrderEvent) -> Event:
    """An event's row, for whoever has shown that its order is theirs."""
    assert row.id is not None
    amount = None if row.amount_tiyn is None else Money(row.amount_tiyn)
    return Event(row.id, row.kind, row.detail, amount, row.happened_at)
