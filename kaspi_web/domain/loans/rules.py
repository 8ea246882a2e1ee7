"""Dated numbers of lending, explained in docs/plans.md: each holds from its day until the next one of its name."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from kaspi_web.domain.loans.models import LoanRule
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import Money

NUMBERS = (
    "gesv_cap_basis_points",
    "red_bill_day",
    "remind_days",
    "late_days",
    "fine_days",
    "home_days",
    "red_regular_days",
    "red_trusted_days",
    "red_trusted_bills",
    "scored_days",
)
SUMS = ("fine", "debt_most", "red_everyone", "red_regular", "red_trusted", "red_regular_paid", "red_trusted_paid")


class LoanRulesMissing(Refused):
    """A rule of lending has no number in force, so nothing is lent."""

    code = "loan_rules_missing"


def number(unit: Unit, name: str, *, on: date | None = None) -> int:
    """The number in force on a day, today if none is given; raises LoanRulesMissing."""
    assert name in NUMBERS or name in SUMS, "the rule has a name"
    day = on or unit.clock.today()
    in_force = select(LoanRule.value).where(LoanRule.name == name, LoanRule.valid_from <= day)
    found = unit.exec(in_force.order_by(col(LoanRule.valid_from).desc()).limit(1)).first()
    if found is None:
        raise LoanRulesMissing
    return found


def amount(unit: Unit, name: str, *, on: date | None = None) -> Money:
    """The same for a sum."""
    assert name in SUMS, "the rule is a sum"
    return Money(number(unit, name, on=on))
