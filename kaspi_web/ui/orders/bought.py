"""What the page of a purchase shows, in the reader's language: what became of the tap, and its orders."""

from __future__ import annotations

from collections.abc import Sequence
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
from kaspi_web.ui.ordered import is_going_back
from kaspi_web.ui.orders import called, story
from kaspi_web.ui.sources import card_name

_DISCS = {
    **{"placed": "done", "received": "done"},
    **{"funding": "on_way", "signing": "on_way", "back": "on_way"},
    **{"refused": "refused", "cancelled": "refused"},
}
"""The disc by the stage of a purchase."""
_PLANS = ("red", "instalment", "credit")


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
    to_basket: bool = False
    """Whether nothing came of it, so that it may be ordered anew."""
    challenge: str = ""
    """The card whose bank has texted a code; empty where none is asked for."""
    contract: str = ""
    sign_until: str = ""
    orders: list[Part] = field(default_factory=list)
    events: list[story.Told] = field(default_factory=list)


def result(unit: Unit, *, customer_id: int, purchase_id: str, locale: str) -> Result:
    """What became of a customer's purchase; an empty one for somebody else's."""
    this, w = {"customer_id": customer_id, "purchase_id": purchase_id}, words(locale)
    try:
        made, found = checkout.purchase(unit, **this), views.purchase(unit, **this)
    except NotFound:
        return Result()
    card = _challenged(unit, customer_id, made, locale)
    stage = "challenge" if card else _stage(made, found.orders)
    here = f"/{locale}/purchases/{made.id}"
    today = unit.clock.today()
    return Result(
        state="on_way" if card else _DISCS[stage],
        title=w(f"purchases.{stage}.title"),
        text=_text(made, stage, found.orders, w),
        amount=money(made.amount, locale, exact=True),
        source=called.source(made.source, made.months, w),
        spent=money(made.spent_bonus, locale, exact=True) if made.spent_bonus and made.money else "",
        bonus=money(made.bonus, locale, exact=True, sign=True) if made.bonus and _DISCS.get(stage) != "refused" else "",
        receipt=f"/{locale}/receipt/{made.receipt}" if made.receipt else "",
        to_basket=made.state == "refused",
        challenge=card,
        contract=f"{here}/contract" if made.source == "credit" and made.state in ("signing", "placed") else "",
        sign_until=moment_text(made.sign_until, locale) if made.state == "signing" and made.sign_until else "",
        orders=[_part(each, w, day=short_day(each.planned_on, today, locale)) for each in found.orders],
        events=story.purchase(unit, customer_id=customer_id, found=found, w=w),
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


def _stage(made: Bought, orders: Sequence[OrderView]) -> str:
    """What a purchase has come to: its state, and of one that was placed, what has become of all its orders."""
    if made.state != "placed":
        return made.state
    left = [each for each in orders if not called.is_over(each)]
    under_way = [each for each in left if each.status != "COMPLETED"]
    if not under_way:
        return "received" if left else "cancelled"
    return "back" if all(is_going_back(each) for each in under_way) else "placed"


def _text(made: Bought, stage: str, orders: Sequence[OrderView], w: Words) -> str:
    """What has become of the money, or of the plan, and what comes next."""
    if made.state != "placed":
        return w(f"purchases.{_refused(made) if stage == 'refused' else stage}.text")
    is_plan = made.source in _PLANS
    own = f"purchases.{stage}.{made.source}"
    said = [w(own) if w.has(own) else w(f"purchases.{stage}.{'plan' if is_plan else 'money'}")]
    if stage == "cancelled" and is_plan and made.spent_bonus:
        said.append(w("purchases.cancelled.bonus"))
    if any(each.status == "APPROVED_BY_BANK" for each in orders):
        said.append(w("purchases.placed.wait"))
    return ". ".join(said)


def _refused(made: Bought) -> str:
    """Why nothing came of it: a card that was not confirmed was not declined by its bank."""
    if made.reason in ("card", "card_wrong_code", "card_challenge_over"):
        return "not_confirmed"
    return made.reason if made.reason in ("not_wanted", "not_signed") else "declined"


def _part(order: OrderView, w: Words, *, day: str) -> Part:
    goods = [line for line in order.lines if line.kind == "goods"]
    rest = w.count("orders.more_goods", len(goods) - 1) if len(goods) > 1 else ""
    comes = w(f"purchases.comes.{order.delivery_mode}", day=day, place=called.place(order, w))
    return Part(
        href=f"/{w.locale}/orders/{order.id}",
        code=order.code,
        seller=order.merchant.name,
        status=called.status(order, w),
        disc=called.disc(order.state, order.status),
        amount=money(order.amount, w.locale),
        comes=comes if called.is_coming(order) else called.reason(order.cancellation_reason, w),
        goods=" ".join(filter(None, (goods[0].names[w.locale], rest))),
    )
