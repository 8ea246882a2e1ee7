"""What buying would come to while the buyer still chooses: read only, nothing is set aside and nothing agreed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kaspi_web.domain.bonus import service as bonus
from kaspi_web.domain.checkout.chosen import PICKUP
from kaspi_web.domain.checkout.fetching import Choices, Fetch
from kaspi_web.domain.checkout.plans import KINDS
from kaspi_web.domain.checkout.proposals import BONUS_CATEGORY
from kaspi_web.domain.checkout.views import CheckoutView, view
from kaspi_web.domain.loans import offers
from kaspi_web.domain.loans.offers import Contract, Quote
from kaspi_web.domain.loans.terms import on_offer
from kaspi_web.kernel.allocation import allocate
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A plan for every order together; one that cannot be had says why in `refusal`, and its sums are zero."""

    kind: str
    months: int
    payment: Money = ZERO
    total: Money = ZERO
    rate: int = 0
    gesv: int = 0
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A checkout with what the choice comes to; `spent` is bonuses, `money` the rest, `bonus` what would be earned."""

    view: CheckoutView
    delivery: Money
    amount: Money
    spent: Money
    money: Money
    bonus: Money
    plans: tuple[PlanChoice, ...]
    quote: Quote | None
    """Of the chosen plan, with what is left to spend each month beside it."""


def preview(
    unit: Unit,
    *,
    customer_id: int,
    checkout_id: str,
    fetching: Mapping[str, Fetch],
    city: str,
    source: str,
    months: int,
    spend: Money,
) -> Preview:
    """What the choice so far comes to; a seller whose way is not chosen brings nothing. Raises NotFound."""
    found = view(unit, customer_id=customer_id, checkout_id=checkout_id)
    delivery = [_delivery(each, fetching.get(each.group.merchant.slug), city) for each in found.groups]
    amounts = [each.group.goods + cost for each, cost in zip(found.groups, delivery, strict=True)]
    amount = sum(amounts, ZERO)
    spent = amount if source == "bonus" else max(ZERO, min(spend, amount, found.balances.bonus))
    bonuses = allocate(spent, [each.tiyn for each in amounts]) if amount else [ZERO] * len(amounts)
    money = [each - part for each, part in zip(amounts, bonuses, strict=True)]
    return Preview(
        view=found,
        delivery=sum(delivery, ZERO),
        amount=amount,
        spent=spent,
        money=sum(money, ZERO),
        bonus=sum((_earned(unit, each, part) for each, part in zip(found.groups, money, strict=True)), ZERO),
        plans=_plans(unit, customer_id, money),
        quote=_quote(unit, customer_id, source, months, money),
    )


def _delivery(choices: Choices, way: Fetch | None, city: str) -> Money:
    if way is None or way.mode == PICKUP:
        return ZERO
    return next((each.cost for each in choices.deliveries if each.city == city), ZERO)


def _earned(unit: Unit, choices: Choices, money: Money) -> Money:
    merchant = choices.group.merchant.slug
    rate = bonus.rate(unit, service="", category=BONUS_CATEGORY, merchant=merchant)
    return bonus.earned(money, basis_points=rate)


def _plans(unit: Unit, customer_id: int, money: list[Money]) -> tuple[PlanChoice, ...]:
    whole = sum(money, ZERO)
    if not whole:
        return ()
    why = {kind: _refusal(unit, customer_id, kind, whole) for kind in KINDS}
    return tuple(_plan(unit, kind, months, money, why[kind]) for kind, months in on_offer(unit))


def _refusal(unit: Unit, customer_id: int, kind: str, whole: Money) -> DomainError | None:
    try:
        offers.check_borrower(unit, customer_id=customer_id, kind=kind, amount=whole)
    except DomainError as refusal:
        return refusal
    return None


def _plan(unit: Unit, kind: str, months: int, money: list[Money], why: DomainError | None) -> PlanChoice:
    try:
        made = [(offers.contract(unit, kind=kind, months=months, amount=each), each) for each in money]
    except DomainError as refusal:
        # A sum that is too small stays so after joining: that is said first.
        return PlanChoice(kind, months, refusal=refusal)
    payment = sum((each.lines[0].payment for each, _ in made), ZERO)
    return PlanChoice(kind, months, payment, _total(made), made[0][0].rate, max(each.gesv for each, _ in made), why)


def _total(made: list[tuple[Contract, Money]]) -> Money:
    return sum((line.payment for each, _ in made for line in each.lines), ZERO)


def _quote(unit: Unit, customer_id: int, source: str, months: int, money: list[Money]) -> Quote | None:
    if source not in KINDS or not all(money):
        return None
    try:
        return offers.quote(unit, customer_id=customer_id, kind=source, months=months, amounts=money)
    except DomainError:
        # Why it cannot be had stands beside the plan.
        return None
