"""What a repayment would do, shown before it is agreed to: nothing is written, posted or locked here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from kaspi_web.domain.loans import book, repaying
from kaspi_web.domain.loans.book import Held, owed_of
from kaspi_web.domain.loans.owing import owed
from kaspi_web.domain.loans.spreading import spread
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Coming:
    """What a day asks for, its fine included: as things stand, and after the repayment."""

    due_on: date
    before: Money
    after: Money


@dataclass(frozen=True, slots=True)
class Preview:
    """Where the money of a repayment would go, and what would be owed then."""

    way: str
    amount: Money
    principal: Money
    interest: Money
    fine: Money
    saved: Money
    """Interest that will not have to be paid."""
    left: Money
    """What could be paid to be rid of everything afterwards."""
    coming: tuple[Coming, ...]


def preview(unit: Unit, *, customer_id: int, plan: str, way: str, amount: Money) -> Preview:
    """The repayment as `repaying` would do it now; `way` is due, early or whole.

    Raises NotFound, RepaymentTooMuch or RepaymentChanged, as the repayment itself would.
    """
    held, today = book.held(unit, customer_id=customer_id, plan=plan, lock=False), unit.clock.today()
    repaying.check(unit, held, way, amount)
    _let_go(unit, held)
    before = _by_day(held)
    parts = spread(None, held, today, amount.tiyn)
    after = _by_day(held)
    return Preview(
        way=way,
        amount=amount,
        principal=Money(parts.principal),
        interest=Money(parts.interest),
        fine=Money(parts.fine),
        saved=max(Money(before.total() - after.total()) - amount, ZERO),
        left=owed(held, today).whole,
        coming=tuple(Coming(day, Money(before[day]), Money(after[day])) for day in sorted(before) if before[day]),
    )


def _let_go(unit: Unit, held: Held) -> None:
    """Take the rows out of the unit: what is worked out on them must never be written."""
    for row in (*held.loans, *(row for rows in held.rows.values() for row in rows), *held.bills):
        unit.expunge(row)


def _by_day(held: Held) -> Counter[date]:
    found = Counter[date]()
    for _, row in held.payments():
        found[row.due_on] += owed_of(row)
    for bill in held.bills:
        found[bill.due_on] += bill.fine_tiyn - bill.paid_fine_tiyn
    return found
