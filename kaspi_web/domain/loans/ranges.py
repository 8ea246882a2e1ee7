"""The sums that may be paid in so many months without interest: what lists of goods need to name a month's payment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from kaspi_web.domain.loans.models import LoanTerm
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Ranges:
    """Sums from and to, of every plan without interest."""

    pairs: tuple[tuple[int, int], ...]

    def has(self, amount: Money) -> bool:
        """Whether such a plan is offered for the sum."""
        return any(least <= amount.tiyn <= most for least, most in self.pairs)


def without_interest(unit: Unit, *, months: int) -> Ranges:
    """What is offered today, by RED or in instalments."""
    asked = (LoanTerm.months == months, LoanTerm.rate_basis_points == 0, LoanTerm.valid_from <= unit.clock.today())
    rows = unit.exec(select(LoanTerm).where(*asked).order_by(col(LoanTerm.valid_from)))
    newest = {row.kind: row for row in rows}
    return Ranges(tuple((row.minimum_tiyn, row.maximum_tiyn) for row in newest.values() if not row.withdrawn))
