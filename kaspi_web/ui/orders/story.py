"""Timelines in words, of an order and of a whole purchase: what happened, to whom it goes, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from kaspi_web.domain.loans import plans
from kaspi_web.domain.loans.repaid import Repaid, repaid
from kaspi_web.domain.orders import story as stories
from kaspi_web.domain.orders.timeline import Event
from kaspi_web.domain.orders.views import OrderView, PurchaseView
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import clock_time, day_header, money
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
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
_MOST_PAYMENTS = 100
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
    seller: str = ""
    """Whose order it is, where a purchase has several."""


def told(event: Event, order: OrderView, w: Words, *, today: date) -> Told:
    """An event in a language."""
    return Told(
        key=str(event.id),
        kind=event.kind,
        icon=_ICON_OF.get(event.kind, "receipt"),
        text=w(f"orders.event.{event.kind}"),
        detail=_detail(event, order, w),
        amount="" if event.amount is None else money(event.amount, w.locale, exact=True),
        when=_when(event.happened_at, w, today),
    )


def _when(at: datetime, w: Words, today: date) -> str:
    return f"{day_header(at.astimezone(ALMATY).date(), today, w.locale)}, {clock_time(at, w.locale)}"


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


def purchase(unit: Unit, *, customer_id: int, found: PurchaseView, w: Words) -> list[Told]:
    """Everything of a customer's purchase, newest first: of its orders, and of the plans that pay for them."""
    today, by_id = unit.clock.today(), {each.id: each for each in found.orders}
    events = stories.story(unit, customer_id=customer_id, purchase_id=found.id)
    rows = [
        (event.happened_at, _of(by_id[order], found, told(event, by_id[order], w, today=today)))
        for order, event in events
    ]
    for order in found.orders:
        if order.plan:
            rows += [(at, _of(order, found, each)) for at, each in _of_plan(unit, customer_id, order, w, today)]
    # Sorted by time alone: what happened at one moment stays in the order of its writing.
    rows.sort(key=lambda row: row[0])
    return [each for _, each in reversed(rows)]


def _of(order: OrderView, found: PurchaseView, event: Told) -> Told:
    return replace(event, seller=order.merchant.name if len(found.orders) > 1 else "")


def _of_plan(unit: Unit, customer_id: int, order: OrderView, w: Words, today: date) -> list[tuple[datetime, Told]]:
    """Payments of the plan, and its end; those of RED are of all its purchases together and stand on its own page."""
    this = {"customer_id": customer_id, "plan": order.plan}
    paid = [] if order.source == "red" else reversed(repaid(unit, **this, most=_MOST_PAYMENTS))
    rows = [(each.paid_at, _payment(f"{order.id}:{number}", each, w, today)) for number, each in enumerate(paid)]
    closed = plans.plan(unit, **this).plan.closed_on
    if closed is not None:
        # Only the day is known: it ends with whatever was paid or returned last.
        day = day_header(closed, today, w.locale)
        ended = Told(f"{order.id}:closed", "plan_closed", "clock", w("orders.event.plan_closed"), "", "", day)
        rows.append((datetime.combine(closed, time.max, ALMATY), ended))
    return rows


def _payment(key: str, paid: Repaid, w: Words, today: date) -> Told:
    sum_ = money(paid.amount, w.locale, exact=True)
    return Told(key, "plan_paid", "clock", w(f"plans.way.{paid.way}"), "", sum_, _when(paid.paid_at, w, today))
