"""Everything that happened to a purchase: the timelines of all its orders as one."""

from __future__ import annotations

from typing import NamedTuple

from sqlmodel import col, select

from kaspi_web.domain.orders.models import Order, OrderEvent, Purchase
from kaspi_web.domain.orders.timeline import Event, view_of
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound


class OfOrder(NamedTuple):
    """An event and the address of the order that it happened to."""

    order: str
    event: Event


def story(unit: Unit, *, customer_id: int, purchase_id: str) -> list[OfOrder]:
    """All events of a customer's purchase in the order of time; raises NotFound, also for somebody else's."""
    mine = (Purchase.public_id == purchase_id, Purchase.customer_id == customer_id)
    found = unit.exec(select(Purchase.id).where(*mine)).one_or_none()
    if found is None:
        raise NotFound
    of = (
        select(Order.public_id, OrderEvent)
        .join(Order, col(Order.id) == OrderEvent.order_id)
        .where(Order.purchase_id == found)
        .order_by(col(OrderEvent.happened_at), col(OrderEvent.id))
    )
    return [OfOrder(order, view_of(row)) for order, row in unit.exec(of)]
