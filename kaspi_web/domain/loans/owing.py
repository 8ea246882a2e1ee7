"""What is owed on plans on a day: what has fallen due, fines, what comes next, and the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kaspi_web.domain.loans import credit
from kaspi_web.domain.loans.book import Held, left_of, owed_of
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Owed:
    """Sums that may be paid today: `payable` as what is due, `whole` to be rid of everything."""

    due: Money
    """Principal and interest of payments whose day has come."""
    fine: Money
    next_sum: Money
    next_on: date | None
    interest: Money
    """Of the whole, interest of the days since the last payment fell due."""
    payable: Money
    whole: Money

    @property
    def now(self) -> Money:
        """What should have been paid by today."""
        return self.due + self.fine


def owed(held: Held, today: date) -> Owed:
    """What is owed on these plans; RED and instalments may be paid until the next bill as what is due."""
    payments = held.payments()
    due = _sum(owed_of(row) for _, row in payments if row.due_on <= today)
    fine = _sum(bill.fine_tiyn - bill.paid_fine_tiyn for bill in held.bills)
    ahead = [(loan, row) for loan, row in payments if row.due_on > today and owed_of(row)]
    next_on = ahead[0][1].due_on if ahead else None
    next_sum = _sum(owed_of(row) for _, row in ahead if row.due_on == next_on)
    interest = _interest(held, today)
    whole = due + fine + interest + _sum(left_of(row) for _, row in ahead)
    is_credit = any(loan.kind == "credit" for loan in held.loans)
    return Owed(due, fine, next_sum, next_on, interest, due + fine + (ZERO if is_credit else next_sum), whole)


def _interest(held: Held, today: date) -> Money:
    """Interest until today of payments that have not fallen due: posted and not paid, and not posted yet."""
    found = ZERO
    for loan in held.loans:
        rows = held.rows_of(loan)
        ahead = credit.ahead_of(rows, today)
        found += _sum(row.accrued_tiyn - row.paid_interest_tiyn for row in ahead) + credit.earned(loan, rows, today)
    return found


def _sum(tiyn: object) -> Money:
    return Money(sum(tiyn))  # type: ignore[call-overload]
