"""What being late costs, in words: the rule in force, wherever a plan is agreed to."""

from __future__ import annotations

from kaspi_web.domain.loans import rules
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.database import Unit


def late_rule(unit: Unit, key: str, w: Words) -> str:
    """The words of `key` with the day and the sum of the fine; raises LoanRulesMissing."""
    return w(key, day=rules.number(unit, "fine_days"), fine=money(rules.amount(unit, "fine"), w.locale))
