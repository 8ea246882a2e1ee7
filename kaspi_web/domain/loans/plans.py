"""Plans as their owner sees them: the list, one with its schedule, everything of RED, and what is due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from kaspi_web.domain.loans import book, offers, rules
from kaspi_web.domain.loans.book import RED, Held
from kaspi_web.domain.loans.models import DueBill, Loan, LoanPayment
from kaspi_web.domain.loans.owing import Owed, owed
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.schedules import Line


@dataclass(frozen=True, slots=True)
class RowView:
    """One payment of a schedule; `state` is paid, late, next, coming or cancelled.

    What was paid early of a credit or cancelled is in no sum: it made the payments smaller.
    """

    number: int
    due_on: date
    sum: Money
    principal: Money
    interest: Money
    left: Money
    """What is still to be paid of it."""
    state: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan in a list; `state` is signing, reserved, active, closed or cancelled."""

    public_id: str
    kind: str
    subject: str
    """The order that it pays: `order:7`."""
    state: str
    months: int
    amount: Money
    rate: int
    gesv: int
    left: Money
    """Principal that is owed."""
    next_on: date | None
    next_sum: Money
    is_late: bool
    made_at: datetime
    opened_on: date | None
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class OnePlan:
    """A plan with its schedule; of one that waits for its goods, the schedule as if these came today."""

    plan: PlanView
    rows: tuple[RowView, ...]
    owed: Owed | None
    """What may be paid now; None for plans of RED, which are paid together, and while nothing is lent."""
    repaid: Money
    returned: Money
    early: Money
    """Of what was repaid, principal of a credit before its time."""
    contract: str
    signed_at: datetime | None
    pays_automatically: bool


@dataclass(frozen=True, slots=True)
class NextDue:
    """What falls due next: `plan` is `red` or the address of a plan; overdue with its fine."""

    plan: str
    kind: str
    due_on: date
    sum: Money
    is_late: bool


def plans(unit: Unit, *, customer_id: int) -> list[PlanView]:
    """The customer's plans, newest first; those that lent nothing in the end are left out."""
    mine = (Loan.customer_id == customer_id, Loan.state != "cancelled")
    loans = unit.exec(select(Loan).where(*mine).order_by(col(Loan.id).desc())).all()
    rows = book.rows_of(unit, loans)
    return [_plan(loan, rows.get(loan.id or 0, []), unit.clock.today()) for loan in loans]


def plan(unit: Unit, *, customer_id: int, plan: str) -> OnePlan:
    """One of the customer's plans; raises NotFound, also for somebody else's."""
    loan, today = book.owned(unit, customer_id=customer_id, plan=plan), unit.clock.today()
    rows = book.rows_of(unit, [loan]).get(loan.id or 0, [])
    if loan.state in ("signing", "reserved"):
        views = tuple(_expected(line) for line in offers.expected(unit, loan))
    else:
        views = tuple(row_views(rows, today))
    return OnePlan(
        plan=_plan(loan, rows, today),
        rows=views,
        owed=_owed(unit, loan, today),
        repaid=Money(loan.repaid_tiyn),
        returned=Money(loan.returned_tiyn),
        early=Money(sum(row.early_tiyn for row in rows)),
        contract=loan.contract,
        signed_at=loan.signed_at,
        pays_automatically=loan.pays_automatically,
    )


def _owed(unit: Unit, loan: Loan, today: date) -> Owed | None:
    if loan.kind == RED or loan.state not in ("active", "closed"):
        return None
    return owed(book.of_subject(unit, customer_id=loan.customer_id, subject=book.subject_of(loan), lock=False), today)


def address(unit: Unit, *, loan_id: int) -> str:
    """The address of a plan, for links from its order; raises NotFound."""
    return book.loan_by_id(unit, loan_id, lock=False).public_id


def _plan(loan: Loan, rows: list[LoanPayment], today: date) -> PlanView:
    open_ = [row for row in rows if book.owed_of(row)] if loan.state == "active" else []
    return PlanView(
        public_id=loan.public_id,
        kind=loan.kind,
        subject=loan.subject,
        state=loan.state,
        months=loan.months,
        amount=Money(loan.amount_tiyn),
        rate=loan.rate_basis_points,
        gesv=loan.gesv_basis_points,
        left=Money(loan.amount_tiyn - loan.repaid_tiyn - loan.returned_tiyn),
        next_on=open_[0].due_on if open_ else None,
        next_sum=Money(book.owed_of(open_[0])) if open_ else ZERO,
        is_late=bool(open_) and open_[0].due_on < today,
        made_at=loan.made_at,
        opened_on=loan.opened_on,
        closed_on=loan.closed_on,
    )


def _expected(line: Line) -> RowView:
    payment = line.payment
    return RowView(line.number, line.due_on, payment, line.principal, line.interest, payment, "coming")


def row_views(rows: list[LoanPayment], today: date) -> list[RowView]:
    """Payments of one plan as they stand on a day."""
    found, next_seen = [], False
    for row in rows:
        state = _state(row, today, next_seen)
        next_seen = next_seen or state == "next"
        principal = Money(row.principal_tiyn - row.early_tiyn - row.cancelled_tiyn)
        interest, left = Money(row.interest_tiyn), Money(book.owed_of(row))
        found.append(RowView(row.number, row.due_on, principal + interest, principal, interest, left, state))
    return found


def _state(row: LoanPayment, today: date, next_seen: bool) -> str:
    if not book.owed_of(row):
        return "paid" if row.paid_tiyn > row.early_tiyn or row.paid_interest_tiyn else "cancelled"
    if row.due_on < today:
        return "late"
    return "coming" if next_seen else "next"


def next_due(unit: Unit, *, customer_id: int) -> NextDue | None:
    """What is overdue or falls due within a week (`home_days`), the earliest; None when there is nothing."""
    today = unit.clock.today()
    held = [
        book.of_subject(unit, customer_id=customer_id, subject=each, lock=False) for each in _open(unit, customer_id)
    ]
    if not held:
        return None
    last = today + timedelta(days=rules.number(unit, "home_days"))
    found = [due for due in (_next(each, today) for each in held) if due is not None and due.due_on <= last]
    return min(found, key=lambda each: each.due_on, default=None)


def _open(unit: Unit, customer_id: int) -> list[str]:
    """Subjects that something is owed on."""
    mine = (Loan.customer_id == customer_id, Loan.state == "active")
    subjects = {book.subject_of(loan) for loan in unit.exec(select(Loan).where(*mine))}
    fined = (DueBill.customer_id == customer_id, DueBill.fine_tiyn > DueBill.paid_fine_tiyn)
    return sorted(subjects | set(unit.exec(select(DueBill.subject).where(*fined))))


def _next(held: Held, today: date) -> NextDue | None:
    now = owed(held, today)
    address, kind = (RED, RED) if held.subject == RED else (held.loans[0].public_id, held.loans[0].kind)
    if now.now:
        late = [row.due_on for _, row in held.payments() if book.owed_of(row)] + [each.due_on for each in held.fines()]
        return NextDue(address, kind, min(late), now.now, is_late=min(late) < today)
    return NextDue(address, kind, now.next_on, now.next_sum, is_late=False) if now.next_on else None
