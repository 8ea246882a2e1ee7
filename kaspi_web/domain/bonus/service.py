"""What a payment earns: a rate by rules that are rows, on the money paid, rounded down to a whole tiyn.

Nothing is earned by what is paid with bonuses, by transfers, top-ups and refunds: whoever pays those asks for no rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, or_, select

from kaspi_web.domain.bonus.models import BonusRule
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.database import Unit, prepared
from kaspi_web.kernel.money import Money

_BREADTH = ("all", "category", "merchant", "service")
"""The most specific rule counts: that of the service before that of its merchant, its category, and all."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule in force: `applies` is service, merchant, category or all; `valid_until` is its last day, if any."""

    applies: str
    name: str
    basis_points: int
    valid_from: date
    valid_until: date | None


def earned(amount: Money, *, basis_points: int) -> Money:
    """The bonus for `amount`; rounding is down, so 20 000.00 at 1% gives 200.00 and 0.99 gives 0.00."""
    return amount.share(basis_points)


def accrual(unit: Unit, *, customer_id: int, bonus: Money) -> tuple[Move, ...]:
    """The posting that gives a bonus, to be part of the entry of the payment that earned it."""
    if not bonus:
        return ()
    return (Move(ledger.account(unit, "bonus_expense"), ledger.account(unit, "bonus", str(customer_id)), bonus),)


_RATE = prepared(
    "SELECT basis_points FROM bonus_rule WHERE valid_from <= ? AND (valid_until IS NULL OR valid_until >= ?)"
    " AND (applies = 'all' OR (applies = 'service' AND name = ?) OR (applies = 'merchant' AND name = ?)"
    " OR (applies = 'category' AND name = ?)) ORDER BY"
    " CASE applies WHEN 'service' THEN 0 WHEN 'merchant' THEN 1 WHEN 'category' THEN 2 ELSE 3 END, valid_from DESC"
    " LIMIT 1"
)


def rate(unit: Unit, *, service: str, category: str, merchant: str = "") -> int:
    """The rate of what is spent there today, in hundredths of a percent: 0 where no rule is in force.

    The most specific rule counts; of several for the same thing the one that began last.
    """
    today = unit.clock.today().isoformat()
    found = unit.run(_RATE, today, today, service, merchant, category).fetchone()
    return found[0] if found else 0


def rules(unit: Unit) -> list[RuleView]:
    """The rules in force today, each name once, the most general first."""
    today = unit.clock.today()
    until = col(BonusRule.valid_until)
    in_force = (BonusRule.valid_from <= today, or_(until.is_(None), until >= today))
    rows = unit.exec(select(BonusRule).where(*in_force).order_by(col(BonusRule.valid_from).desc()))
    newest: dict[tuple[str, str], RuleView] = {}
    for row in rows:
        newest.setdefault((row.applies, row.name), _view(row))
    return sorted(newest.values(), key=lambda each: (_BREADTH.index(each.applies), each.name))


def _view(row: BonusRule) -> RuleView:
    return RuleView(row.applies, row.name, row.basis_points, row.valid_from, row.valid_until)
