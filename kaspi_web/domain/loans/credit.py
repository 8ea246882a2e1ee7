"""Interest of credits: posted when it falls due, or until a day on which the principal changes; payments recomputed.

Interest runs on principal that has not fallen due; late principal bears none, only the bill's fine. Of a month that
has not ended, days count: so many of those in it.
"""

from __future__ import annotations

from datetime import date

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans.book import left_of
from kaspi_web.domain.loans.models import Loan, LoanPayment
from kaspi_web.kernel import annuity
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


def ahead_of(rows: list[LoanPayment], today: date) -> list[LoanPayment]:
    """Payments that have not fallen due."""
    return [row for row in rows if row.due_on > today]


def bears(loan: Loan) -> bool:
    """Whether interest runs on a plan: on a credit, until all goods were returned."""
    return loan.kind == "credit" and loan.annulled_on is None


def earned(loan: Loan, rows: list[LoanPayment], today: date) -> Money:
    """Interest of the days of this month that was not posted yet."""
    ahead = ahead_of(rows, today)
    if not ahead or not bears(loan):
        return ZERO
    start, days_of_month = _month(loan, rows, ahead[0])
    days = (today - max(loan.interest_since or start, start)).days
    return annuity.interest(_base(ahead), loan.rate_basis_points, days=max(days, 0), of=days_of_month)


def _month(loan: Loan, rows: list[LoanPayment], first: LoanPayment) -> tuple[date, int]:
    """The day on which the month before a payment begins, and how many days it has."""
    before = [row.due_on for row in rows if row.number < first.number]
    start = before[-1] if before else loan.opened_on
    assert start is not None, "an open plan has a first day"
    return start, (first.due_on - start).days


def principal_ahead(rows: list[LoanPayment], today: date) -> int:
    """Principal that has not fallen due, in tiyn."""
    return _base(ahead_of(rows, today)).tiyn


def _base(ahead: list[LoanPayment]) -> Money:
    return Money(sum(left_of(row) for row in ahead))


def accrue_due(unit: Unit | None, loan: Loan, rows: list[LoanPayment], today: date) -> None:
    """Post the interest of every payment that has fallen due and has not got it posted."""
    for row in rows:
        rest = row.interest_tiyn - row.accrued_tiyn
        if row.due_on <= today and rest > 0:
            _post(unit, loan, rest, f"loan:{loan.id}:interest:{row.number}")
            row.accrued_tiyn = row.interest_tiyn
            loan.interest_since = row.due_on


def settle(unit: Unit | None, loan: Loan, rows: list[LoanPayment], today: date) -> None:
    """Post interest until today, before the principal changes; whoever calls this recomputes afterwards."""
    if not bears(loan):
        return
    accrue_due(unit, loan, rows, today)
    since_then = earned(loan, rows, today)
    ahead = ahead_of(rows, today)
    if not since_then:
        return
    first = ahead[0]
    _post(unit, loan, since_then.tiyn, f"loan:{loan.id}:interest:{first.number}:{today}")
    first.accrued_tiyn += since_then.tiyn
    first.interest_tiyn = max(first.interest_tiyn, first.accrued_tiyn)
    loan.interest_since = today


def _post(unit: Unit | None, loan: Loan, tiyn: int, key: str) -> None:
    if unit is None:
        return
    receivable = ledger.account(unit, "loan_interest", str(loan.id))
    move = Move(receivable, ledger.account(unit, "interest_income"), Money(tiyn))
    ledger.post(unit, kind="loan_interest_due", key=key, moves=[move], subject=f"loan:{loan.id}")


def recompute(loan: Loan, rows: list[LoanPayment], today: date) -> None:
    """Spread what is left over the payments ahead anew: the term stays, the payments become smaller.

    What was paid early or cancelled stays on its row beside the new principal, so that all rows still add up to the
    sum that was lent.
    """
    ahead = ahead_of(rows, today)
    if not ahead or not bears(loan):
        return
    base = _base(ahead)
    for row, (principal, interest) in zip(ahead, annuity.parts(base, loan.rate_basis_points, len(ahead)), strict=True):
        row.principal_tiyn = principal.tiyn + row.paid_tiyn + row.cancelled_tiyn
        row.interest_tiyn = row.accrued_tiyn + interest.tiyn
    first = ahead[0]
    start, days_of_month = _month(loan, rows, first)
    days = (first.due_on - max(loan.interest_since or start, start)).days
    rest = annuity.interest(base, loan.rate_basis_points, days=days, of=days_of_month)
    first.interest_tiyn = first.accrued_tiyn + rest.tiyn


def take_early(loan: Loan, rows: list[LoanPayment], today: date, tiyn: int) -> None:
    """Note principal that was paid before its time, and recompute."""
    first = ahead_of(rows, today)[0]
    first.paid_tiyn += tiyn
    first.early_tiyn += tiyn
    recompute(loan, rows, today)


def cancel(loan: Loan, rows: list[LoanPayment], today: date, tiyn: int) -> None:
    """Take principal off because goods were returned: what lies ahead shrinks evenly, then what is late, last first."""
    ahead = ahead_of(rows, today)
    of_ahead = min(tiyn, _base(ahead).tiyn)
    if of_ahead:
        ahead[0].cancelled_tiyn += of_ahead
        recompute(loan, rows, today)
    cancel_from_the_last([row for row in rows if row.due_on <= today], tiyn - of_ahead)


def cancel_from_the_last(rows: list[LoanPayment], tiyn: int) -> None:
    """Cancel unpaid principal from the last payment back."""
    for row in reversed(rows):
        part = min(tiyn, left_of(row))
        row.cancelled_tiyn += part
        tiyn -= part
    assert not tiyn, "no more is cancelled than is left"
