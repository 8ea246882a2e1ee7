"""The end of a plan: everything of it is paid or cancelled."""

from __future__ import annotations

from datetime import date

from kaspi_web.domain.loans.book import left_of
from kaspi_web.domain.loans.models import DueBill, Loan, LoanPayment


def close_if_paid(loan: Loan, rows: list[LoanPayment], bills: list[DueBill], today: date) -> bool:
    """Close a plan that nothing is owed on; a fine of RED belongs to its bill and keeps no plan open."""
    owed = sum(left_of(row) + row.accrued_tiyn - row.paid_interest_tiyn for row in rows)
    fined = loan.kind != "red" and any(bill.fine_tiyn > bill.paid_fine_tiyn for bill in bills)
    if loan.state != "active" or owed or fined:
        return False
    for row in rows:
        # No principal is left to bear the interest of the days to come.
        row.interest_tiyn = row.accrued_tiyn
    loan.state, loan.closed_on = "closed", today
    return True
