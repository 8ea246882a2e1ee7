"""Returned goods: the plan shrinks, or ends; what was paid already goes to the wallet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import book, closing, credit
from kaspi_web.domain.loans.models import DueBill, Loan, LoanPayment
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class Returned:
    """What a return does: its postings, what the plan shrank by, and what goes to the wallet."""

    moves: list[Move]
    off_plan: Money
    overpaid: Money


def returned(unit: Unit, *, loan_id: int, amount: Money, back_from: int, all_goods: bool = False) -> Returned:
    """Take returned goods off a plan after the hand-over; the caller makes the postings and notes the deed.

    Unpaid principal is cancelled from the last payment back (a credit is recomputed), and what was paid already goes
    to the wallet; both come from the account `back_from`, the merchant's. Once the whole sum came back, or with
    `all_goods`, interest and unpaid fines of the plan are undone in an entry of their own.
    """
    loan = book.loan_by_id(unit, loan_id)
    assert loan.state in ("active", "closed"), "before the hand-over a plan shrinks"
    left = loan.amount_tiyn - loan.returned_tiyn - loan.overpaid_tiyn
    assert 0 < amount.tiyn <= left, "no more comes back than was lent"
    rows, today = book.rows_of(unit, [loan], fresh=True).get(loan_id, []), unit.clock.today()
    bills = [] if loan.kind == "red" else book.bills(unit, loan.customer_id, book.subject_of(loan), lock=True)
    off, over = _take_off(unit, loan, rows, amount, today)
    purse = wallet.account_id(unit, loan.customer_id)
    moves = [Move(back_from, ledger.account(unit, "loan", str(loan.id)), off), Move(back_from, purse, over)]
    whole = loan.returned_tiyn + loan.overpaid_tiyn == loan.amount_tiyn
    if (whole or all_goods) and loan.kind != "red" and loan.annulled_on is None:
        # The return's own postings follow: all its accounts are locked in one order.
        ledger.lock_accounts(unit, purse, ledger.account(unit, "bonus", str(loan.customer_id)), back_from)
        _annul(unit, loan, rows, bills, purse)
    closing.close_if_paid(loan, rows, bills, today)
    unit.flush()
    unit.tell(f"customer:{loan.customer_id}")
    return Returned([move for move in moves if move.amount], off, over)


def _take_off(unit: Unit, loan: Loan, rows: list[LoanPayment], amount: Money, today: date) -> tuple[Money, Money]:
    off = min(Money(sum(map(book.left_of, rows))), amount)
    over = amount - off
    if credit.bears(loan):
        credit.settle(unit, loan, rows, today)
        credit.cancel(loan, rows, today, off.tiyn)
    else:
        credit.cancel_from_the_last(rows, off.tiyn)
    loan.returned_tiyn += off.tiyn
    loan.overpaid_tiyn += over.tiyn
    if loan.kind == "red" and off:
        book.free_limit(unit, loan.customer_id, off)
    return off, over


def _annul(unit: Unit, loan: Loan, rows: list[LoanPayment], bills: list[DueBill], purse: int) -> None:
    """Undo interest, posted and paid, and fines that are not paid."""
    paid = Money(sum(row.paid_interest_tiyn for row in rows))
    owed = Money(sum(row.accrued_tiyn - row.paid_interest_tiyn for row in rows))
    fined = Money(sum(bill.fine_tiyn - bill.paid_fine_tiyn for bill in bills))
    income, fines = ledger.account(unit, "interest_income"), ledger.account(unit, "fine_income")
    moves = [
        Move(income, ledger.account(unit, "loan_interest", str(loan.id)), owed),
        Move(income, purse, paid),
        Move(fines, ledger.account(unit, "loan_fine", f"loan:{loan.id}"), fined),
    ]
    for row in rows:
        row.interest_tiyn = row.accrued_tiyn = row.paid_interest_tiyn = 0
    for bill in bills:
        bill.fine_tiyn = bill.paid_fine_tiyn
    loan.interest_back_tiyn, loan.annulled_on = paid.tiyn, unit.clock.today()
    made = [move for move in moves if move.amount]
    if made:
        subject = f"loan:{loan.id}"
        ledger.post(unit, kind="loan_annulled", key=f"{subject}:annulled", moves=made, subject=subject)
    if paid > ZERO:
        _note(unit, loan, paid)


def _note(unit: Unit, loan: Loan, paid: Money) -> None:
    wallet.note(
        unit,
        customer_id=loan.customer_id,
        kind="interest_back",
        subject=f"loan:{loan.id}:annulled",
        counterparty=loan.kind,
        amount=paid,
        state="done",
        category="repayment",
    )
