"""Who may say what a product is like: those to whom it was handed over."""

from __future__ import annotations

from sqlmodel import col, select

from kaspi_web.domain.orders.models import Order, OrderLine
from kaspi_web.kernel.database import Unit


def received(unit: Unit, *, customer_id: int, product_id: int) -> bool:
    """Whether an order of the customer with a piece of this product was handed over, returned since or not."""
    handed = (Order.customer_id == customer_id, col(Order.handed_over_at).is_not(None))
    of_it = (OrderLine.product_id == product_id, col(OrderLine.cancelled) < OrderLine.quantity)
    asked = select(OrderLine.id).join(Order, col(Order.id) == OrderLine.order_id).where(*handed, *of_it)
    return unit.exec(asked.limit(1)).first() is not None
