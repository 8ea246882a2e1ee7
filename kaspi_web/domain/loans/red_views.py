"""Everything of RED as a member sees it, and its rules as somebody who thinks of joining does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from kaspi_web.domain.loans import book, rules
from kaspi_web.domain.loans.book import RED, Held
from kaspi_web.domain.loans.models import Loan, LoanPayment, LoanTerm
from kaspi_web.domain.loans.owing import Owed, owed
from kaspi_web.domain.loans.plans import PlanView, plans
from kaspi_web.domain.loans.red import MemberView, member
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill: what it asked for, what is left of it, and its fine; `state` is paid, late, next or coming."""

    due_on: date
    sum: Money
    left: Money
    fine: Money
    fine_left: Money
    state: str


@dataclass(frozen=True, slots=True)
class RedRules:
    """The rules of RED in numbers, for the words before joining."""

    months: int
    minimum: Money
    bill_day: int
    remind_days: int
    fine_days: int
    fine: Money
    first_limit: Money
    highest_limit: Money


@dataclass(frozen=True, slots=True)
class RedView:
    """Everything of RED for a member."""

    member: MemberView
    owed: Owed
    bills: tuple[BillView, ...]
    """Bills that ask for something still, and the newest three that do not; oldest first."""
    plans: tuple[PlanView, ...]
    rules: RedRules


def red(unit: Unit, *, customer_id: int) -> RedView | None:
    """Everything of RED; None for somebody who has not joined."""
    known = member(unit, customer_id=customer_id)
    if known is None:
        return None
    held, today = book.of_subject(unit, customer_id=customer_id, subject=RED, lock=False), unit.clock.today()
    mine = [each for each in plans(unit, customer_id=customer_id) if each.kind == RED]
    return RedView(known, owed(held, today), tuple(_bills(unit, held, today)), tuple(mine), red_rules(unit))


_PAID_BILLS_SHOWN = 3


def _bills(unit: Unit, held: Held, today: date) -> list[BillView]:
    sums, lefts = _by_day(unit, held.customer_id)
    views, next_seen = [], False
    for bill in held.bills:
        fine_left = Money(bill.fine_tiyn - bill.paid_fine_tiyn)
        left = lefts.get(bill.due_on, ZERO)
        is_open = bool(left or fine_left)
        state = "paid" if not is_open else "late" if bill.due_on < today else "coming" if next_seen else "next"
        next_seen = next_seen or state == "next"
        views.append(BillView(bill.due_on, sums.get(bill.due_on, ZERO), left, Money(bill.fine_tiyn), fine_left, state))
    ended = [view for view in views if view.state == "paid" and view.sum][-_PAID_BILLS_SHOWN:]
    return [view for view in views if view.state != "paid" or view in ended]


def _by_day(unit: Unit, customer_id: int) -> tuple[dict[date, Money], dict[date, Money]]:
    """What RED's bills asked for and what is left of them, plans that are closed included."""
    joined = select(LoanPayment).join(Loan, col(Loan.id) == LoanPayment.loan_id)
    sums: dict[date, Money] = {}
    lefts: dict[date, Money] = {}
    for row in unit.exec(joined.where(Loan.customer_id == customer_id, Loan.kind == RED)):
        sums[row.due_on] = sums.get(row.due_on, ZERO) + Money(row.principal_tiyn - row.cancelled_tiyn)
        lefts[row.due_on] = lefts.get(row.due_on, ZERO) + Money(book.left_of(row))
    return sums, lefts


def red_rules(unit: Unit) -> RedRules:
    """The rules of RED in force, also for somebody who thinks of joining; raises LoanRulesMissing."""
    today = unit.clock.today()
    term = select(LoanTerm).where(LoanTerm.kind == RED, LoanTerm.valid_from <= today)
    in_force = unit.exec(term.order_by(col(LoanTerm.valid_from).desc()).limit(1)).first()
    if in_force is None:
        raise rules.LoanRulesMissing
    return RedRules(
        months=in_force.months,
        minimum=Money(in_force.minimum_tiyn),
        bill_day=rules.number(unit, "red_bill_day"),
        remind_days=rules.number(unit, "remind_days"),
        fine_days=rules.number(unit, "fine_days"),
        fine=rules.amount(unit, "fine"),
        first_limit=rules.amount(unit, "red_everyone"),
        highest_limit=rules.amount(unit, "red_trusted"),
    )
