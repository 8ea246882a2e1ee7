"""Orders by the plans that pay for them, for the pages of plans."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from kaspi_web.domain.orders.models import Order
from kaspi_web.domain.orders.views import OrderCard, cards
from kaspi_web.kernel.database import Unit


def financed(unit: Unit, *, customer_id: int, subjects: Iterable[str]) -> dict[str, OrderCard]:
    """The customer's orders by the subjects of their plans, as `order:7`; subjects of nothing else are left out."""
    numbers = [int(each[6:]) for each in subjects if each.startswith("order:") and each[6:].isdecimal()]
    mine = (Order.customer_id == customer_id, col(Order.id).in_(numbers))
    found = list(unit.exec(select(Order).where(*mine))) if numbers else []
    return {f"order:{card.row}": card for card in cards(unit, found)}
