"""Rows of plans: found, locked in one order, and what of them is owed on a day.

Locks: the member of RED, then loans by their ids, then bills by theirs; accounts of the ledger come after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.loans.models import DueBill, Loan, LoanPayment, RedMember
from kaspi_web.kernel.database import Unit, lock_name, prepared
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

RED = "red"


def subject_of(loan: Loan) -> str:
    """What bills, repayments and accounts of a plan are about."""
    return RED if loan.kind == "red" else f"loan:{loan.id}"


def fines_owner(customer_id: int, subject: str) -> str:
    """The owner of the ledger's account of fines: RED has one for each customer."""
    return f"red:{customer_id}" if subject == RED else subject


def left_of(row: LoanPayment) -> int:
    """Principal of a payment that is neither paid nor cancelled."""
    return row.principal_tiyn - row.paid_tiyn - row.cancelled_tiyn


def owed_of(row: LoanPayment) -> int:
    """What a payment that has fallen due still asks for; its interest counts whether it was posted yet or not."""
    return left_of(row) + row.interest_tiyn - row.paid_interest_tiyn


@dataclass(slots=True)
class Held:
    """Plans of one subject with their payments, and its bills: read, or locked by this unit."""

    customer_id: int
    subject: str
    member: RedMember | None
    loans: list[Loan]
    rows: dict[int, list[LoanPayment]] = field(default_factory=dict)
    bills: list[DueBill] = field(default_factory=list)

    def rows_of(self, loan: Loan) -> list[LoanPayment]:
        """The payments of one of the plans, in their order."""
        return self.rows.get(loan.id or 0, [])

    def payments(self) -> list[tuple[Loan, LoanPayment]]:
        """All payments: the oldest first, of one day the older plan's first."""
        found = [(loan, row) for loan in self.loans for row in self.rows_of(loan)]
        return sorted(found, key=lambda each: (each[1].due_on, each[0].id or 0))

    def fines(self) -> list[DueBill]:
        """Bills with a fine that is not paid, oldest first."""
        return [bill for bill in self.bills if bill.fine_tiyn > bill.paid_fine_tiyn]


def lock_borrower(unit: Unit, customer_id: int) -> None:
    """Let units that decide what a customer may borrow follow one another; taken before any row of plans."""
    lock_name(unit, f"borrower:{customer_id}")


def member(unit: Unit, customer_id: int, *, lock: bool) -> RedMember | None:
    """A customer's membership of RED."""
    return unit.get(RedMember, customer_id, with_for_update=lock or None, populate_existing=lock)


_FREE = prepared("UPDATE red_member SET used_tiyn = used_tiyn - ? WHERE customer_id = ?")


def free_limit(unit: Unit, customer_id: int, amount: Money) -> None:
    """Give a part of RED's limit back, because it was repaid or returned."""
    unit.run(_FREE, amount.tiyn, customer_id)
    unit.get(RedMember, customer_id, populate_existing=True)


def loan_by_id(unit: Unit, loan_id: int, *, lock: bool = True) -> Loan:
    """A plan by its number; raises NotFound. With `lock`, a plan of RED has its member locked before it."""
    row = unit.get(Loan, loan_id)
    if row is None:
        raise NotFound
    if not lock:
        return row
    if row.kind == "red":
        member(unit, row.customer_id, lock=True)
    locked = unit.get(Loan, loan_id, with_for_update=True, populate_existing=True)
    assert locked is not None, "plans are never deleted"
    return locked


def owned(unit: Unit, *, customer_id: int, plan: str) -> Loan:
    """A customer's plan by its address; raises NotFound, also for somebody else's."""
    mine = (Loan.public_id == plan, Loan.customer_id == customer_id)
    row = unit.exec(select(Loan).where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    return row


def held(unit: Unit, *, customer_id: int, plan: str, lock: bool) -> Held:
    """What a customer repays together: `red`, or one other plan by its address; raises NotFound."""
    if plan == RED:
        return of_subject(unit, customer_id=customer_id, subject=RED, lock=lock)
    row = owned(unit, customer_id=customer_id, plan=plan)
    if row.kind == RED:
        raise NotFound
    return of_subject(unit, customer_id=customer_id, subject=subject_of(row), lock=lock)


def of_subject(unit: Unit, *, customer_id: int, subject: str, lock: bool) -> Held:
    """The same by the subject of a bill: active plans with their payments and bills; raises NotFound."""
    if subject == RED:
        its_member = member(unit, customer_id, lock=lock)
        if its_member is None:
            raise NotFound
        which = (Loan.customer_id == customer_id, Loan.kind == RED, Loan.state == "active")
    else:
        its_member, which = None, (Loan.id == int(subject.partition(":")[2]), Loan.customer_id == customer_id)
    found = select(Loan).where(*which).order_by(col(Loan.id))
    loans = list(unit.exec(found.with_for_update() if lock else found, execution_options=_fresh(lock)))
    found_bills = bills(unit, customer_id, subject, lock=lock)
    return Held(customer_id, subject, its_member, loans, rows_of(unit, loans, fresh=lock), found_bills)


def _fresh(lock: bool) -> dict[str, bool]:
    return {"populate_existing": lock}


def rows_of(unit: Unit, loans: Iterable[Loan], *, fresh: bool = False) -> dict[int, list[LoanPayment]]:
    """Payments by plan, in their order."""
    ids = [loan.id for loan in loans]
    found: dict[int, list[LoanPayment]] = {}
    if ids:
        rows = select(LoanPayment).where(col(LoanPayment.loan_id).in_(ids)).order_by(col(LoanPayment.number))
        for row in unit.exec(rows, execution_options=_fresh(fresh)):
            found.setdefault(row.loan_id, []).append(row)
    return found


def days_before(day: date, days: int) -> date:
    """The day so many days before another."""
    return day - timedelta(days=days)


def bills(unit: Unit, customer_id: int, subject: str, *, lock: bool) -> list[DueBill]:
    """A subject's bills, oldest first."""
    mine = (DueBill.customer_id == customer_id, DueBill.subject == subject)
    found = select(DueBill).where(*mine).order_by(col(DueBill.id))
    rows = unit.exec(found.with_for_update() if lock else found, execution_options=_fresh(lock))
    return sorted(rows, key=lambda bill: bill.due_on)


def is_overdue(unit: Unit, customer_id: int) -> bool:
    """Whether a day has passed on which the customer owed something that is not paid, or a fine is not paid."""
    fined = (DueBill.customer_id == customer_id, DueBill.fine_tiyn > DueBill.paid_fine_tiyn)
    if unit.exec(select(DueBill.id).where(*fined).limit(1)).first() is not None:
        return True
    return bool(_late_rows(unit, customer_id, unit.clock.today()))


def _late_rows(unit: Unit, customer_id: int, today: date) -> Sequence[int | None]:
    owing = LoanPayment.principal_tiyn - LoanPayment.paid_tiyn - LoanPayment.cancelled_tiyn  # type: ignore[operator]
    interest = LoanPayment.interest_tiyn - LoanPayment.paid_interest_tiyn  # type: ignore[operator]
    of_mine = select(LoanPayment.id).join(Loan, col(Loan.id) == LoanPayment.loan_id)
    mine = (Loan.customer_id == customer_id, Loan.state == "active", LoanPayment.due_on < today)
    return unit.exec(of_mine.where(*mine, owing + interest > 0).limit(1)).all()


def debt(unit: Unit, customer_id: int) -> Money:
    """Principal that is owed, or will be once the goods are there, on instalments and credits."""
    open_ = col(Loan.state).in_(("signing", "reserved", "active"))
    mine = (Loan.customer_id == customer_id, Loan.kind != RED, open_)
    owed = func.sum(Loan.amount_tiyn - Loan.repaid_tiyn - Loan.returned_tiyn)
    return Money(int(unit.exec(select(func.coalesce(owed, 0)).where(*mine)).one()))
