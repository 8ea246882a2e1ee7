"""Where an order stands, for its own pages and for Home: whether its card waits for a code, or its parcel goes back."""

from __future__ import annotations

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.orders.views import OrderCard, OrderView
from kaspi_web.kernel.database import Unit

_GOING_BACK = ("KASPI_DELIVERY_RETURN_REQUESTED", "RETURN_ACCEPTED_BY_MERCHANT")


def is_going_back(order: OrderView | OrderCard) -> bool:
    """Whether its parcel is on its way to the seller."""
    return order.status in _GOING_BACK


def asks_code(unit: Unit, *, customer_id: int, order: OrderView) -> bool:
    """Whether the bank of the card that pays for it waits for its code."""
    if order.status != "FUNDING":
        return False
    return checkout.charge_of(unit, customer_id=customer_id, purchase_id=order.purchase).state == "challenge"
