"""Where the money of a repayment goes: over payments, fines, and what lies ahead."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import closing, credit
from kaspi_web.domain.loans.book import Held, left_of
from kaspi_web.domain.loans.models import Loan, LoanPayment
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


@dataclass(slots=True)
class Spread:
    """What of a repayment went to each plan's principal and interest, and to fines."""

    principals: Counter[int] = field(default_factory=Counter)
    interests: Counter[int] = field(default_factory=Counter)
    fine: int = 0

    @property
    def principal(self) -> int:
        """Principal in all."""
        return self.principals.total()

    @property
    def interest(self) -> int:
        """Interest in all."""
        return self.interests.total()

    def moves(self, unit: Unit, purse: int, fines_owner: str) -> list[Move]:
        """The postings, out of the wallet's account `purse`."""
        found = [("loan", str(loan_id), tiyn) for loan_id, tiyn in sorted(self.principals.items())]
        found += [("loan_interest", str(loan_id), tiyn) for loan_id, tiyn in sorted(self.interests.items())]
        found.append(("loan_fine", fines_owner, self.fine))
        return [Move(purse, ledger.account(unit, kind, owner), Money(tiyn)) for kind, owner, tiyn in found if tiyn]


def spread(unit: Unit | None, held: Held, today: date, tiyn: int) -> Spread:
    """Note a repayment in the rows of locked plans, and close those that are paid; no more is given than is owed.

    Without a unit nothing is posted: rows that no unit knows are changed, to show what would be.
    """
    found = Spread()
    for loan in held.loans:
        credit.accrue_due(unit, loan, held.rows_of(loan), today)
    tiyn = _due(held, today, tiyn, found)
    tiyn = _fines(held, tiyn, found)
    tiyn = _ahead(unit, held, today, tiyn, found)
    assert not tiyn, "no more is paid than is owed"
    for loan in held.loans:
        loan.repaid_tiyn += found.principals[loan.id or 0]
        closing.close_if_paid(loan, held.rows_of(loan), held.bills, today)
    if unit is not None:
        unit.flush()
    return found


def _due(held: Held, today: date, tiyn: int, found: Spread) -> int:
    for loan, row in held.payments():
        if row.due_on <= today:
            tiyn = _principal(loan, row, _interest(loan, row, tiyn, found), found)
    return tiyn


def _interest(loan: Loan, row: LoanPayment, tiyn: int, found: Spread) -> int:
    part = min(tiyn, row.accrued_tiyn - row.paid_interest_tiyn)
    row.paid_interest_tiyn += part
    found.interests[loan.id or 0] += part
    return tiyn - part


def _principal(loan: Loan, row: LoanPayment, tiyn: int, found: Spread) -> int:
    part = min(tiyn, left_of(row))
    row.paid_tiyn += part
    found.principals[loan.id or 0] += part
    return tiyn - part


def _fines(held: Held, tiyn: int, found: Spread) -> int:
    for bill in held.fines():
        part = min(tiyn, bill.fine_tiyn - bill.paid_fine_tiyn)
        bill.paid_fine_tiyn += part
        found.fine += part
        tiyn -= part
    return tiyn


def _ahead(unit: Unit | None, held: Held, today: date, tiyn: int, found: Spread) -> int:
    for loan, row in held.payments():
        if tiyn and row.due_on > today:
            if credit.bears(loan):
                tiyn = _early(unit, held, loan, row, today, tiyn, found)
            else:
                tiyn = _principal(loan, row, tiyn, found)
    return tiyn


def _early(unit: Unit | None, held: Held, loan: Loan, row: LoanPayment, today: date, tiyn: int, found: Spread) -> int:
    """The first payment ahead of a credit takes the interest until today and then all the principal ahead."""
    rows = held.rows_of(loan)
    credit.settle(unit, loan, rows, today)
    tiyn = _interest(loan, row, tiyn, found)
    part = min(tiyn, credit.principal_ahead(rows, today))
    credit.take_early(loan, rows, today, part)
    found.principals[loan.id or 0] += part
    return tiyn - part
