"""The timeline of an order in words: what happened, to whom it goes, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kaspi_web.domain.orders.timeline import Event
from kaspi_web.domain.orders.views import OrderView
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import clock_time, day_header, money
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.ui.orders import called

_ICONS = {
    "bonus": ("bonus_spent", "bonus_promised", "bonus_given", "bonus_taken", "bonus_withheld", "bonus_back"),
    "wallet": ("money_held", "money_back", "to_wallet_instead"),
    "clock": ("plan_reserved", "plan_opened", "plan_smaller"),
    "refresh": ("return_asked", "return_approved", "return_withdrawn", "returned", "parcel_back", "parcel_accepted"),
    "truck": ("assembled", "transmitted", "arrived"),
    "alert": ("cancelled", "pieces_cancelled", "not_taken", "return_refused"),
    "check": ("handed_over", "accepted", "signed"),
    "phone": ("code_sent",),
}
_ICON_OF = {kind: icon for icon, kinds in _ICONS.items() for kind in kinds}


@dataclass
class Told:
    """One event in words; `icon` is what kind of thing it is."""

    key: str
    kind: str
    icon: str
    text: str
    detail: str
    amount: str
    when: str


def told(event: Event, order: OrderView, w: Words, *, today: date) -> Told:
    """An event in a language."""
    day = event.happened_at.astimezone(ALMATY).date()
    return Told(
        key=str(event.id),
        kind=event.kind,
        icon=_ICON_OF.get(event.kind, "receipt"),
        text=w(f"orders.event.{event.kind}"),
        detail=_detail(event, order, w),
        amount="" if event.amount is None else money(event.amount, w.locale, exact=True),
        when=f"{day_header(day, today, w.locale)}, {clock_time(event.happened_at, w.locale)}",
    )


def _detail(event: Event, order: OrderView, w: Words) -> str:
    detail = event.detail
    if event.kind in ("pieces_cancelled", "return_asked"):
        return _pieces(detail, order, w)
    if event.kind in ("cancelled", "parcel_back"):
        return called.reason(detail, w)
    if event.kind == "money_back":
        return w(f"orders.to.{detail}") if w.has(f"orders.to.{detail}") else ""
    if event.kind == "return_refused":
        return w("orders.because", words=detail)
    if event.kind == "assembled" and detail.isdecimal():
        return w.count("orders.parcels", int(detail))
    return ""


def _pieces(detail: str, order: OrderView, w: Words) -> str:
    """`2:1:unused` is a piece of the second line."""
    number, _, rest = detail.partition(":")
    pieces = rest.partition(":")[0]
    line = next((each for each in order.lines if str(each.number) == number), None)
    if line is None or not pieces.isdecimal():
        return ""
    return f"{line.names[w.locale]}, {w('checkout.times', n=int(pieces))}"
