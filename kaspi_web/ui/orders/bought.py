"""What the page of a purchase shows, in the reader's language: what became of the tap, and its orders."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.domain.checkout.service import Bought
from kaspi_web.domain.orders import views
from kaspi_web.domain.orders.views import OrderView
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import moment_text, money, short_day
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.ui.orders import called
from kaspi_web.ui.sources import card_name

_DISCS = {"placed": "done", "funding": "on_way", "signing": "on_way", "refused": "refused"}


@dataclass
class Part:
    """One seller's order."""

    href: str
    code: str
    seller: str
    status: str
    disc: str
    amount: str
    comes: str
    goods: str


@dataclass
class Result:
    """What became of a purchase; `state` is done, on_way or refused, and empty for one that is missing."""

    state: str = ""
    title: str = ""
    text: str = ""
    amount: str = ""
    source: str = ""
    spent: str = ""
    bonus: str = ""
    receipt: str = ""
    challenge: str = ""
    """The card whose bank has texted a code; empty where none is asked for."""
    contract: str = ""
    sign_until: str = ""
    orders: list[Part] = field(default_factory=list)


def result(unit: Unit, *, customer_id: int, purchase_id: str, locale: str) -> Result:
    """What became of a customer's purchase; an empty one for somebody else's."""
    this, w = {"customer_id": customer_id, "purchase_id": purchase_id}, words(locale)
    try:
        made, found = checkout.purchase(unit, **this), views.purchase(unit, **this)
    except NotFound:
        return Result()
    card = _challenged(unit, customer_id, made, locale)
    word = "challenge" if card else _refused(made) if made.state == "refused" else made.state
    here = f"/{locale}/purchases/{made.id}"
    today = unit.clock.today()
    return Result(
        state=_DISCS[made.state],
        title=w("purchases.challenge.title" if card else f"purchases.{made.state}.title"),
        text=w(f"purchases.{word}.text"),
        amount=money(made.amount, locale, exact=True),
        source=called.source(made.source, made.months, w),
        spent=money(made.spent_bonus, locale, exact=True) if made.spent_bonus and made.money else "",
        bonus=money(made.bonus, locale, exact=True, sign=True) if made.bonus and made.state != "refused" else "",
        receipt=f"/{locale}/receipt/{made.receipt}" if made.receipt else "",
        challenge=card,
        contract=f"{here}/contract" if made.source == "credit" and made.state in ("signing", "placed") else "",
        sign_until=moment_text(made.sign_until, locale) if made.state == "signing" and made.sign_until else "",
        orders=[_part(each, w, day=short_day(each.planned_on, today, locale)) for each in found.orders],
    )


def _challenged(unit: Unit, customer_id: int, made: Bought, locale: str) -> str:
    """The card whose bank waits for its code; empty where none does."""
    if made.state != "funding":
        return ""
    charge = checkout.charge_of(unit, customer_id=customer_id, purchase_id=made.id)
    if charge.state != "challenge":
        return ""
    card = next((each for each in cards.cards(unit, customer_id=customer_id) if each.id == charge.card_id), None)
    return card_name(card.brand, card.last4, locale) if card else words(locale)("source.card")


def _refused(made: Bought) -> str:
    return made.reason if made.reason in ("not_wanted", "not_signed") else "declined"


def _part(order: OrderView, w: Words, *, day: str) -> Part:
    goods = [line for line in order.lines if line.kind == "goods"]
    rest = w.count("orders.more_goods", len(goods) - 1) if len(goods) > 1 else ""
    is_ahead = order.status not in ("CANCELLED", "COMPLETED", "RETURNED")
    comes = w(f"purchases.comes.{order.delivery_mode}", day=day, place=called.place(order, w))
    return Part(
        href=f"/{w.locale}/orders/{order.id}",
        code=order.code,
        seller=order.merchant.name,
        status=called.status(order.state, order.status, w),
        disc=called.disc(order.state, order.status),
        amount=money(order.amount, w.locale),
        comes=comes if is_ahead else called.reason(order.cancellation_reason, w),
        goods=" ".join(filter(None, (goods[0].names[w.locale], rest))),
    )
