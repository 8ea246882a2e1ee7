"""What things about orders are called: where one stands, what was paid with, why it was cancelled."""

from __future__ import annotations

from kaspi_web.domain.checkout.fetching import PICKUP
from kaspi_web.domain.orders.views import OrderCard, OrderView
from kaspi_web.i18n import Words
from kaspi_web.ui.ordered import is_going_back

_ACCEPTED = "ACCEPTED_BY_MERCHANT"
_OVER = ("CANCELLED", "RETURNED")


def status(order: OrderView | OrderCard, w: Words) -> str:
    """Where an order stands, in words; of one that is over, what became of what was set aside for it."""
    if order.status == _ACCEPTED:
        return w(f"orders.status.ACCEPTED_BY_MERCHANT.{order.state}")
    if order.status in _OVER and order.backing:
        return w(f"orders.status.{order.status}.{order.backing}")
    return w(f"orders.status.{'SIGN_' if order.state == 'SIGN_REQUIRED' else ''}{order.status}")


def is_over(order: OrderView | OrderCard) -> bool:
    """Whether it was cancelled, or came back untaken."""
    return order.status in _OVER


def is_coming(order: OrderView | OrderCard) -> bool:
    """Whether the buyer may expect it on the day that was named: that day counts from the payment on."""
    is_paid = order.state != "SIGN_REQUIRED" and order.status != "FUNDING"
    return is_paid and order.state != "ARCHIVE" and not is_going_back(order)


def disc(state: str, status: str) -> str:
    """The sign beside it: `done` for what the buyer has, `over` for what never comes, `todo` for a signature."""
    if state == "SIGN_REQUIRED":
        return "todo"
    if status == "COMPLETED":
        return "done"
    return "over" if status in _OVER else "on_way"


def source(kind: str, months: int, w: Words) -> str:
    """What the money part is paid with."""
    if kind in ("instalment", "credit"):
        return f"{w(f'shop.plan.{kind}')} · {w.count('checkout.months', months)}"
    return w("shop.plan.red") if kind == "red" else w(f"source.{kind}")


def reason(word: str, w: Words) -> str:
    """Why an order was cancelled; nothing for one that was not."""
    return w(f"orders.reason.{word}") if word else ""


def place(order: OrderView, w: Words) -> str:
    """Where the goods are fetched, or where they are brought."""
    return point(order, w) if order.delivery_mode == PICKUP else f"{_city(order.city, w)}, {order.address}"


def point(order: OrderView, w: Words) -> str:
    """The seller's place: where the goods are fetched or sent from, and where they are given back."""
    return f"{_city(order.point.city, w)}, {order.point.addresses[w.locale]}"


def _city(city: str, w: Words) -> str:
    return w(f"services.city.{city}") if w.has(f"services.city.{city}") else city
