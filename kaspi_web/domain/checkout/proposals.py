"""What buying would do, agreed before it is done: prices and stock checked again, the ways of delivery, the sources.

What has changed since the buyer saw it is shown and nothing is set aside; proposed again, it is agreed on. Then the
pieces are set aside, and the prices stand as long as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.baskets.views import GroupView, Wanted, grouped
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.bonus.spending import BonusTooMuch
from kaspi_web.domain.cards import means
from kaspi_web.domain.cards.service import CardView
from kaspi_web.domain.checkout import fetching as ways
from kaspi_web.domain.checkout import reserving
from kaspi_web.domain.checkout.chosen import Agreed, Chosen, read, written
from kaspi_web.domain.checkout.fetching import Fetch
from kaspi_web.domain.checkout.intents import Intent, check_open, needs_code, note, owned
from kaspi_web.domain.checkout.models import SOURCES
from kaspi_web.domain.checkout.parts import Share, shared
from kaspi_web.domain.checkout.plans import KINDS
from kaspi_web.domain.loans import offers
from kaspi_web.domain.loans.offers import Quote
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, Refused
from kaspi_web.kernel.money import ZERO, Money

BONUS_CATEGORY = "shop"
"""What rules about bonuses call every purchase."""


class SourceUnknown(Invalid):
    """There is no such source of money."""

    code, field = "source_unknown", "source"


class CheckoutProposalChanged(Refused):
    """Something else was proposed meanwhile, as in another window, or nothing yet; nothing was bought."""

    code = "checkout_proposal_changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A price that is another than the buyer has seen."""

    offer_id: int
    names: Mapping[str, str]
    before: Money
    now: Money


@dataclass(frozen=True, slots=True)
class OrderPart:
    """One seller's order in a proposal: what it costs and what it is paid with."""

    merchant: str
    name: str
    mode: str
    point_id: int
    city: str
    goods: Money
    delivery: Money
    amount: Money
    bonus: Money
    money: Money
    promised: Money
    """The bonus for the money, given at the hand-over."""
    planned_on: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """What buying would do; with `changes` nothing is set aside, and what changed has to be proposed again.

    `money` comes from the source and `spent` from bonuses; `bonus` is what the purchase earns.
    """

    number: int
    changes: tuple[Change, ...]
    orders: tuple[OrderPart, ...]
    delivery: Money
    amount: Money
    money: Money
    spent: Money
    bonus: Money
    source: str
    months: int
    card: CardView | None
    needs_code: bool
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class _Means:
    source: str
    months: int
    used: CardView | None
    spend: Money
    money: Money


def propose(
    unit: Unit,
    *,
    customer_id: int,
    checkout_id: str,
    fetching: Mapping[str, Fetch],
    city: str = "",
    address: str = "",
    source: str,
    months: int = 0,
    card: str = "",
    spend: Money = ZERO,
) -> Proposal:
    """What buying would do; `fetching` is by the sellers' slugs, `card` a card's public id. Sets the pieces aside.

    Raises NotFound, CheckoutExpired, CheckoutContentChanged, OutOfStock, GoodsApart, FetchingNeeded, PointHasNot,
    CityUnknown, AddressNeeded, SourceUnknown, BonusShort, BonusTooMuch, InsufficientFunds, the refusals of cards
    that cannot be used and those of loans.offers.quote; then nothing is set aside.
    """
    row = owned(unit, customer_id=customer_id, checkout_id=checkout_id)
    check_open(row)
    chosen, changes = _agreed(unit, row, fetching, city.strip(), " ".join(address.split()))
    if source not in SOURCES:
        raise SourceUnknown
    paid = _means(unit, row, chosen.total, source, months, card, spend)
    shares = shared(chosen.orders, paid.spend)
    if changes:
        _note_changes(unit, row, chosen, changes)
        return _proposal(unit, row, chosen, changes, paid, shares, None)
    quote = _check(unit, customer_id, paid, shares)
    _note(unit, row, chosen, paid)
    reserving.set_aside(unit, customer_id=customer_id, checkout_id=row.id, pieces=chosen.pieces)
    return _proposal(unit, row, chosen, (), paid, shares, quote)


def _agreed(
    unit: Unit, row: Intent, fetching: Mapping[str, Fetch], city: str, address: str
) -> tuple[Chosen, tuple[Change, ...]]:
    wanted = read(row.chosen).lines
    groups = grouped(unit, wanted, customer_id=row.customer_id)
    sellers = {group.merchant.slug for group in groups}
    ways.check_place({slug: way for slug, way in fetching.items() if slug in sellers}, city=city, address=address)
    place = {"city": city, "address": address}
    orders = tuple(
        ways.agreed(group, fetching.get(group.merchant.slug), **place, basis_points=_rate(unit, group))
        for group in groups
    )
    now = {line.offer_id: line.price for group in groups for line in group.lines}
    lines = tuple(Wanted(each.offer_id, each.quantity, now[each.offer_id]) for each in wanted)
    return Chosen(lines, orders), _changes(groups)


def _changes(groups: tuple[GroupView, ...]) -> tuple[Change, ...]:
    return tuple(
        Change(line.offer_id, line.names, line.seen_price, line.price)
        for group in groups
        for line in group.lines
        if line.price != line.seen_price
    )


def _means(unit: Unit, row: Intent, amount: Money, source: str, months: int, card: str, spend: Money) -> _Means:
    used = means.usable(unit, customer_id=row.customer_id, public_id=card) if source == "card" else None
    spend = amount if source == "bonus" else spend
    if not ZERO <= spend <= amount:
        raise BonusTooMuch
    return _Means(source, months if source in KINDS else 0, used, spend, amount - spend)


def _note_changes(unit: Unit, row: Intent, chosen: Chosen, changes: tuple[Change, ...]) -> None:
    baskets.seen(unit, customer_id=row.customer_id, prices={each.offer_id: each.now for each in changes})
    row.chosen, row.proposal = written(Chosen(chosen.lines)), row.proposal + 1
    row.amount_tiyn, row.source, row.card_id, row.months, row.spend_bonus_tiyn = None, "", None, 0, 0
    row.confirmed_tiyn = None
    note(unit, row)


def _check(unit: Unit, customer_id: int, paid: _Means, shares: list[Share]) -> Quote | None:
    """Refuse a source that does not have it; answers the plan, if it is paid by one."""
    means.check(unit, customer_id=customer_id, source=paid.source, used=paid.used, money=paid.money, spend=paid.spend)
    if paid.source not in KINDS:
        return None
    amounts = [share.money for share in shares]
    return offers.quote(unit, customer_id=customer_id, kind=paid.source, months=paid.months, amounts=amounts)


def _note(unit: Unit, row: Intent, chosen: Chosen, paid: _Means) -> None:
    before, agreed_to = _content(row), row.way_of_paying
    row.chosen, row.amount_tiyn, row.source, row.months = written(chosen), chosen.total.tiyn, paid.source, paid.months
    row.card_id, row.spend_bonus_tiyn = paid.used.id if paid.used else None, paid.spend.tiyn
    # The same again, as from a second tab, is the proposal that was seen already.
    row.proposal += _content(row) != before
    # Whoever typed a code for money of their own has not agreed to owe it.
    if row.way_of_paying != agreed_to:
        row.confirmed_tiyn = None
    note(unit, row)


def _content(row: Intent) -> tuple[object, ...]:
    return row.chosen, row.amount_tiyn, row.source, row.months, row.card_id, row.spend_bonus_tiyn


def _proposal(
    unit: Unit,
    row: Intent,
    chosen: Chosen,
    changes: tuple[Change, ...],
    paid: _Means,
    shares: list[Share],
    quote: Quote | None,
) -> Proposal:
    orders = tuple(_part(unit, order, share) for order, share in zip(chosen.orders, shares, strict=True))
    return Proposal(
        number=row.proposal,
        changes=changes,
        orders=orders,
        delivery=sum((order.delivery for order in orders), ZERO),
        amount=chosen.total,
        money=paid.money,
        spent=paid.spend,
        bonus=sum((order.promised for order in orders), ZERO),
        source=paid.source,
        months=paid.months,
        card=paid.used,
        needs_code=not changes and needs_code(row, chosen.total, paid.source),
        quote=quote,
    )


def _part(unit: Unit, order: Agreed, share: Share) -> OrderPart:
    return OrderPart(
        merchant=order.merchant,
        name=order.name,
        mode=order.mode,
        point_id=order.point_id,
        city=order.city,
        goods=order.amount - order.delivery,
        delivery=order.delivery,
        amount=order.amount,
        bonus=share.bonus,
        money=share.money,
        promised=bonus.earned(share.money, basis_points=order.bonus_basis_points),
        planned_on=ways.planned_on(order.mode, today=unit.clock.today()),
    )


def _rate(unit: Unit, group: GroupView) -> int:
    """The rate of bonuses for what is bought from a seller today."""
    return bonus.rate(unit, service="", category=BONUS_CATEGORY, merchant=group.merchant.slug)


def check_agreed(row: Intent, amount: Money, source: str, *, number: int) -> None:
    """Refuse what is not what was proposed last: whoever presses Buy must have seen what is bought."""
    if (row.proposal, row.amount_tiyn, row.source) != (number, amount.tiyn, source):
        raise CheckoutProposalChanged
