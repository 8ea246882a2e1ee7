"""What the page of an order shows, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kaspi_web.domain.catalogue.reviewed import reviewed
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.fetching import PICKUP
from kaspi_web.domain.orders import timeline, views
from kaspi_web.domain.orders.views import LineView, OrderView, ReturnView
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import money, short_day
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.ui.ordered import asks_code as card_asks
from kaspi_web.ui.orders import called, story
from kaspi_web.ui.orders.notes import Notes, notes


@dataclass
class Line:
    """Pieces of one product, or the delivery; `dropped` tells what is no longer part of the order."""

    number: int
    slug: str
    name: str
    picture: str
    many: str
    total: str
    dropped: str = ""
    cancelled: int = 0
    """Pieces that were cancelled already."""
    is_goods: bool = True
    may_cancel: int = 0
    may_return: int = 0
    may_review: bool = False


@dataclass
class Return:
    """A return and what became of it."""

    id: str
    title: str
    state: str
    said: str
    refusal: str
    sums: str
    bring_to: str
    """Where to bring the goods, once the seller has agreed."""
    may_withdraw: bool
    is_asked: bool
    is_approved: bool


@dataclass
class Until:
    """A reason to give goods back, and until when it counts; `is_over` once that is past."""

    reason: str
    title: str
    note: str
    is_over: bool


@dataclass
class Order:
    """The facts of an order."""

    id: str = ""
    code: str = ""
    seller: str = ""
    slug: str = ""
    status: str = ""
    disc: str = ""
    reason: str = ""
    hint: str = ""
    """What the buyer does next."""
    next: str = ""
    """The page to do it on, where it is another one."""
    comes: str = ""
    place: str = ""
    hours: str = ""
    amount: str = ""
    bonus: str = ""
    money: str = ""
    source: str = ""
    left: str = ""
    """What is neither cancelled nor returned, where that is less than was ordered."""
    promised: str = ""
    plan: str = ""
    purchase: str = ""
    receipt: str = ""
    may_cancel: bool = False
    may_refuse_parcel: bool = False
    is_ready: bool = False
    """Whether the seller may ask for the code."""
    is_new: bool = False
    in_transit: bool = False
    notes: Notes = field(default_factory=Notes)
    return_until: list[Until] = field(default_factory=list)


@dataclass
class Seen:
    """Everything the page shows of an order."""

    order: Order
    lines: list[Line] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    events: list[story.Told] = field(default_factory=list)


_READY = ("PICKUP", "DELIVERY")


def seen(unit: Unit, *, customer_id: int, order_id: str, locale: str) -> Seen:
    """The page of a customer's order; an empty one for somebody else's."""
    this, w = {"customer_id": customer_id, "order_id": order_id}, words(locale)
    try:
        found, events = views.order(unit, **this), timeline.timeline(unit, **this)
    except NotFound:
        return Seen(Order())
    today = unit.clock.today()
    months = views.purchase(unit, customer_id=customer_id, purchase_id=found.purchase).months
    facts = {"months": months, "receipt": _receipt(unit, customer_id, found)}
    return Seen(
        order(found, w, today, asks_code=card_asks(unit, customer_id=customer_id, order=found), **facts),
        _lines(unit, customer_id, found, w, today),
        [_return(each, found, w) for each in found.returns],
        [story.told(each, found, w, today=today) for each in reversed(events)],
    )


def _receipt(unit: Unit, customer_id: int, found: OrderView) -> str:
    """The receipt of the purchase that the order is a part of."""
    return checkout.purchase(unit, customer_id=customer_id, purchase_id=found.purchase).receipt


def order(found: OrderView, w: Words, today: date, *, months: int, receipt: str, asks_code: bool) -> Order:
    """The facts of an order in a language."""
    here = f"/{w.locale}"
    ready = found.status == "ARRIVED" or (found.status == "ACCEPTED_BY_MERCHANT" and found.state in _READY)
    is_over = found.state == "ARCHIVE"
    return Order(
        id=found.id,
        code=found.code,
        seller=found.merchant.name,
        slug=found.merchant.slug,
        status=called.status(found, w),
        disc="todo" if asks_code else called.disc(found.state, found.status),
        reason=called.reason(found.cancellation_reason, w),
        hint="" if is_over else _hint(found, w, ready=ready, asks_code=asks_code),
        next=_next(found, w, asks_code=asks_code),
        comes=w("orders.until", day=short_day(found.planned_on, today, w.locale)) if called.is_coming(found) else "",
        place=called.place(found, w),
        hours=found.point.hours if found.delivery_mode == PICKUP else "",
        amount=money(found.amount, w.locale, exact=True),
        bonus=money(found.bonus, w.locale, exact=True) if found.bonus else "",
        money=money(found.money, w.locale, exact=True) if found.money else "",
        source=called.source(found.source, months, w),
        left=money(found.left, w.locale, exact=True) if found.left != found.amount else "",
        promised=money(found.promised_bonus, w.locale, exact=True, sign=True) if found.promised_bonus else "",
        plan=f"{here}/plans/{found.plan}" if found.plan else "",
        purchase=f"{here}/purchases/{found.purchase}",
        receipt=f"{here}/receipt/{receipt}" if receipt else "",
        may_cancel=found.may_cancel,
        may_refuse_parcel=found.may_refuse_parcel,
        is_ready=ready,
        is_new=found.status == "APPROVED_BY_BANK" and found.state == "NEW",
        in_transit=found.status in ("TRANSMITTED", "ARRIVED"),
        notes=notes(found, w),
        return_until=[_until(reason, day, today, w) for reason, day in found.return_until.items()],
    )


def _next(found: OrderView, w: Words, *, asks_code: bool) -> str:
    purchase = f"/{w.locale}/purchases/{found.purchase}"
    if found.state == "SIGN_REQUIRED":
        return f"{purchase}/contract"
    return purchase if asks_code else ""


def _hint(found: OrderView, w: Words, *, ready: bool, asks_code: bool) -> str:
    if found.state == "SIGN_REQUIRED":
        return w("orders.hint.sign")
    if found.status == "FUNDING":
        return w("orders.hint.code" if asks_code else "orders.hint.funding")
    if not ready:
        return ""
    return w("orders.hint.pickup" if found.delivery_mode == PICKUP else "orders.hint.brought")


def _until(reason: str, day: date, today: date, w: Words) -> Until:
    left = (day - today).days
    note = w("orders.return.over") if left < 0 else w("orders.return.until", day=short_day(day, today, w.locale))
    if left >= 0:
        note = f"{note} · {w.count('orders.return.days', left)}"
    return Until(reason, w(f"orders.return.{reason}"), note, left < 0)


def _lines(unit: Unit, customer_id: int, found: OrderView, w: Words, today: date) -> list[Line]:
    said = reviewed(unit, customer_id=customer_id, products=(each.product for each in found.lines))
    return [line(each, found, w, today, is_reviewed=each.product in said) for each in found.lines]


def line(found: LineView, of: OrderView, w: Words, today: date, *, is_reviewed: bool) -> Line:
    """A line in a language."""
    is_goods = found.kind == "goods"
    dropped = [
        w.count(f"orders.dropped.{word}", many)
        for word, many in (("cancelled", found.cancelled), ("returned", found.returned))
        if many
    ]
    several = sum(1 for each in of.lines if each.kind == "goods" and each.left) > 1 or found.left > 1
    return Line(
        number=found.number,
        slug=found.product,
        name=found.names[w.locale],
        picture=found.picture,
        many=w("checkout.times", n=found.quantity) if is_goods else "",
        total=money(found.total, w.locale),
        dropped=", ".join(dropped) if is_goods else "",
        cancelled=found.cancelled,
        is_goods=is_goods,
        may_cancel=found.left if is_goods and of.may_cancel and several else 0,
        may_return=found.may_return if any(day >= today for day in of.return_until.values()) else 0,
        may_review=is_goods and of.handed_over_at is not None and bool(found.product) and not is_reviewed,
    )


def _return(found: ReturnView, of: OrderView, w: Words) -> Return:
    name = next(each.names[w.locale] for each in of.lines if each.number == found.line)
    sums = (
        ("orders.return.to_money", found.to_money),
        ("orders.return.off_plan", found.off_plan),
        ("orders.return.to_bonus", found.to_bonus),
        ("orders.return.taken_back", found.taken_back),
        ("orders.return.withheld", found.withheld),
    )
    return Return(
        id=found.id,
        title=f"{name}, {w('checkout.times', n=found.pieces)}",
        state=w(f"orders.return.state.{found.state}"),
        said=" · ".join(filter(None, (w(f"orders.return.{found.reason}"), found.words))),
        refusal=w("orders.because", words=found.refusal) if found.refusal else "",
        sums=" · ".join(w(key, sum=money(sum_, w.locale, exact=True)) for key, sum_ in sums if sum_),
        bring_to=w("orders.return.to", place=called.point(of, w)) if found.state == "approved" else "",
        may_withdraw=found.state in ("asked", "approved"),
        is_asked=found.state == "asked",
        is_approved=found.state == "approved",
    )
