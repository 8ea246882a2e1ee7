"""Plans as a checkout has them: each order is a plan of its own, and the buyer sees what all of them come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kaspi_web.domain.loans import offers
from kaspi_web.domain.loans.offers import TermView
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money

KINDS = ("red", "instalment", "credit")


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan that may be had for every order: what is paid a month and in all, and the rates in basis points."""

    kind: str
    months: int
    payment: Money
    total: Money
    rate: int
    gesv: int


def offered(unit: Unit, amounts: Sequence[Money]) -> tuple[PlanView, ...]:
    """The plans on offer for orders of these sums together."""
    asked = [{(each.kind, each.months): each for each in offers.terms(unit, amount)} for amount in amounts if amount]
    if not asked:
        return ()
    common = [which for which in asked[0] if all(which in other for other in asked)]
    return tuple(_together([each[which] for each in asked]) for which in common)


def _together(terms: Sequence[TermView]) -> PlanView:
    payment = sum((each.payment for each in terms), ZERO)
    total = sum((each.total for each in terms), ZERO)
    first = terms[0]
    return PlanView(first.kind, first.months, payment, total, first.rate, max(each.gesv for each in terms))
