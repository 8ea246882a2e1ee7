"""What becomes of the money when an order, a piece of it or a parcel is not wanted: said before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.orders.views import OrderView
from kaspi_web.i18n import Words
from kaspi_web.ui.orders import called


@dataclass
class Notes:
    """The words of each window."""

    cancel: str = ""
    line: str = ""
    parcel: str = ""
    give_back: str = ""


def notes(order: OrderView, w: Words) -> Notes:
    """The windows' words for how this order is paid."""
    of_plan = order.backing == "plan"
    bonus = [w("orders.cancel.text.bonus")] if of_plan and order.bonus else []

    def said(key: str) -> str:
        return ". ".join([w(key), *bonus])

    back = "orders.return.note.plan" if of_plan else "orders.return.note"
    return Notes(
        cancel=said("orders.cancel.text.plan" if of_plan else "orders.cancel.text"),
        line=said("orders.cancel_line.text.plan" if of_plan else "orders.cancel_line.text"),
        parcel=said("orders.refuse.text.plan" if of_plan else "orders.refuse.text"),
        give_back=w(back, place=called.point(order, w)),
    )
