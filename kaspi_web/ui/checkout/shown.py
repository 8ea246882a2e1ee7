"""What the page of a checkout holds, in the reader's language: sellers and ways, sources and plans, the total."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from kaspi_web.domain.checkout.fetching import Choices, Delivery, Pickup
from kaspi_web.domain.checkout.preview import PlanChoice, Preview
from kaspi_web.domain.checkout.proposals import Change
from kaspi_web.domain.loans.offers import Quote
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money, percent, short_day
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.checkout.picked import BROUGHT, Picked


@dataclass
class Good:
    """Pieces of one product; `was` is the price that was seen before, where it is another."""

    key: str
    name: str
    picture: str
    many: str
    total: str
    was: str = ""


@dataclass
class Way:
    """One way for a seller's goods to come; `value` names the seller too."""

    value: str
    title: str
    cost: str
    note: str
    checked: bool = False


@dataclass
class Seller:
    """What one seller sends or hands out."""

    slug: str
    name: str
    total: str
    problem: str = ""
    no_pickup: str = ""
    goods: list[Good] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)


@dataclass
class Plan:
    """A plan to pay by; `value` is its kind and months."""

    value: str
    kind: str
    title: str
    payment: str
    note: str
    disabled: bool
    checked: bool


@dataclass
class Month:
    """What a month takes: other plans, this one, both; and what is left of the wallet of today after it."""

    name: str
    others: str
    this: str
    total: str
    left: str
    is_short: bool


@dataclass
class Burden:
    """What is left to spend beside the chosen plan; empty while none is chosen."""

    plan: str = ""
    wallet: str = ""
    gesv: str = ""
    overpay: str = ""
    late: str = ""
    months: list[Month] = field(default_factory=list)


@dataclass
class Total:
    """The sums, ready written; those that are nothing are empty."""

    goods: str = ""
    delivery: str = ""
    spent: str = ""
    money: str = ""
    amount: str = ""
    sum: str = ""
    """The amount as the button sends it along."""
    bonus: str = ""
    have: str = ""
    """Bonuses to spend."""
    most: str = ""
    """As many of them as fit, as a person would type it."""


@dataclass
class Changed:
    """A price that is another than it was."""

    name: str
    before: str
    now: str


def seller(choices: Choices, picked: Picked, w: Words, today: date) -> Seller:
    """One seller's goods and the ways they may come to the chosen city."""
    group = choices.group
    here = [each for each in choices.pickups if each.point.city == picked.city]
    brought = [each for each in choices.deliveries if each.city == picked.city]
    chosen = picked.ways.get(group.merchant.slug, "")
    return Seller(
        slug=group.merchant.slug,
        name=group.merchant.name,
        total=money(group.goods, w.locale),
        problem="" if group.points else w("checkout.apart") if group.is_apart else w("checkout.not_all"),
        no_pickup=w("checkout.no_pickup") if brought and not here else "",
        goods=[
            Good(
                key=str(line.offer_id),
                name=line.names[w.locale],
                picture=line.picture,
                many=w("checkout.times", n=line.quantity),
                total=money(line.total, w.locale),
                was=money(line.seen_price, w.locale) if line.price != line.seen_price else "",
            )
            for line in group.lines
        ],
        ways=[
            *(_pickup(group.merchant.slug, each, chosen, w, today) for each in here),
            *(_brought(group.merchant.slug, each, chosen, w, today) for each in brought),
        ],
    )


def _pickup(slug: str, way: Pickup, chosen: str, w: Words, today: date) -> Way:
    value = f"point:{way.point.id}"
    note = f"{_day(way.planned_on, today, w)} · {w('checkout.hours', hours=way.point.hours)}"
    title = w("checkout.pickup", address=way.point.addresses[w.locale])
    return Way(f"{slug}/{value}", title, w("checkout.free"), note, value == chosen)


def _brought(slug: str, way: Delivery, chosen: str, w: Words, today: date) -> Way:
    cost = money(way.cost, w.locale) if way.cost else w("checkout.free")
    note = f"{_day(way.planned_on, today, w)} · {w(f'checkout.mode.{way.mode}')}"
    return Way(f"{slug}/{BROUGHT}", w("checkout.brought"), cost, note, chosen == BROUGHT)


def _day(day: date, today: date, w: Words) -> str:
    """The promised day; today by name."""
    named = short_day(day, today, w.locale)
    return f"{w('common.today')}, {named}" if day == today else named


def plan(found: PlanChoice, picked: Picked, w: Words) -> Plan:
    """A plan with what it costs, or why it cannot be had."""
    months, value = w.count("checkout.months", found.months), f"{found.kind}:{found.months}"
    title = w("shop.plan.red") + f" · {months}" if found.kind == "red" else months
    payment = w("checkout.monthly", sum=money(found.payment, w.locale), n=found.months) if found.payment else ""
    note = put(found.refusal, w.locale) if found.refusal else _cost(found, w)
    return Plan(value, found.kind, title, payment, note, found.refusal is not None, value == picked.source)


def _cost(found: PlanChoice, w: Words) -> str:
    whole = money(found.total, w.locale)
    if not found.rate:
        return w("checkout.plan.free", total=whole)
    return w("checkout.plan.paid", total=whole, gesv=percent(found.gesv, w.locale))


def burden(quote: Quote | None, w: Words, *, late: str) -> Burden:
    """What is left to spend each month with the chosen plan; `late` is the rule for those who pay late."""
    if quote is None:
        return Burden()
    return Burden(
        late=late,
        plan=w.count("checkout.months", quote.months),
        wallet=money(quote.burden.wallet, w.locale),
        gesv=percent(quote.gesv, w.locale),
        overpay=money(quote.overpay, w.locale) if quote.overpay else "",
        months=_months(quote, w),
    )


def _months(quote: Quote, w: Words) -> list[Month]:
    found, left = [], quote.burden.wallet
    for each in quote.burden.months:
        whole = each.others + each.this
        left -= whole
        name = format_date(each.first_day, "LLL y", locale=w.locale)
        sums = (money(sum_, w.locale) for sum_ in (each.others, each.this, whole, left))
        found.append(Month(name, *sums, is_short=left < ZERO))
    return found


def total(found: Preview, w: Words) -> Total:
    """The sums of a choice."""

    def said(sum: Money) -> str:
        return money(sum, w.locale)

    return Total(
        goods=said(found.view.goods),
        delivery=said(found.delivery) if found.delivery else w("checkout.free"),
        spent=money(-found.spent, w.locale) if found.spent else "",
        money=said(found.money) if found.spent else "",
        amount=said(found.amount),
        sum=found.amount.wire,
        bonus=money(found.bonus, w.locale, sign=True) if found.bonus != ZERO else "",
        have=said(found.view.balances.bonus) if found.view.balances.bonus else "",
        most=min(found.view.balances.bonus, found.amount).wire.removesuffix(".00"),
    )


def changed(found: Change, w: Words) -> Changed:
    """A changed price in words."""
    return Changed(found.names[w.locale], money(found.before, w.locale), money(found.now, w.locale))
