"""Where a customer's goods were brought before, so that nobody types the same street twice."""

from __future__ import annotations

from sqlmodel import col, select

from kaspi_web.domain.orders.models import Order
from kaspi_web.kernel.database import Unit

MOST = 3
_LOOK_BACK = 50
"""Orders that are looked through: what is older than these is not offered."""


def addresses(unit: Unit, *, customer_id: int, city: str) -> list[str]:
    """The different addresses in a city that the customer's own orders were brought to, the latest first."""
    mine = (Order.customer_id == customer_id, Order.city == city, Order.address != "")
    latest = select(Order.address).where(*mine).order_by(col(Order.id).desc()).limit(_LOOK_BACK)
    found: dict[str, str] = {}
    for address in unit.exec(latest):
        found.setdefault(address.casefold(), address)
    return list(found.values())[:MOST]
