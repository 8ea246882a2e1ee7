"""What things about orders are called: where one stands, what was paid with, why it was cancelled."""

from __future__ import annotations

from kaspi_web.domain.checkout.fetching import PICKUP
from kaspi_web.domain.orders.views import OrderView
from kaspi_web.i18n import Words

_ACCEPTED = "ACCEPTED_BY_MERCHANT"


def status(state: str, status: str, w: Words) -> str:
    """Where an order stands, in words."""
    if status == _ACCEPTED:
        return w(f"orders.status.ACCEPTED_BY_MERCHANT.{state}")
    return w(f"orders.status.SIGN_{status}" if state == "SIGN_REQUIRED" else f"orders.status.{status}")


def disc(state: str, status: str) -> str:
    """The sign beside it: `done` for what the buyer has, `over` for what never comes, `todo` for a signature."""
    if state == "SIGN_REQUIRED":
        return "todo"
    if status == "COMPLETED":
        return "done"
    return "over" if status in ("CANCELLED", "RETURNED") else "on_way"


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
    city = w(f"services.city.{order.city}") if w.has(f"services.city.{order.city}") else order.city
    where = order.point.addresses[w.locale] if order.delivery_mode == PICKUP else order.address
    return f"{city}, {where}"
