"""What a customer may have: a quote with its schedule, and what is left to spend each month beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from kaspi_web.domain.identity import service as identity
from kaspi_web.domain.identity.service import IinNeeded
from kaspi_web.domain.loans import book, rules
from kaspi_web.domain.loans.models import Loan
from kaspi_web.domain.loans.terms import (
    GesvAboveCap,
    TermNeedsMore,
    TermNotOffered,
    TermView,
    check_cap,
    gesv_of,
    lines_of,
    term_for,
    terms,
)
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.schedules import Line

__all__ = ["GesvAboveCap", "IinNeeded", "TermNeedsMore", "TermNotOffered", "TermView", "lines_of", "quote", "terms"]


class NotRedMember(Refused):
    """The customer has not joined RED."""

    code = "not_red_member"


class RedLimitShort(Refused):
    """Less is free of the limit of RED than the purchase needs; `have` says how much."""

    code = "red_limit_short"


class HasOverdue(Refused):
    """Something is overdue: first it is paid, then more may be lent."""

    code = "has_overdue"


class DebtTooHigh(Refused):
    """The customer would owe more than the bank lends to one person; `left` says how much may still be lent."""

    code = "debt_too_high"


@dataclass(frozen=True, slots=True)
class Month:
    """What falls due in a calendar month: of other plans, and of this one."""

    first_day: date
    others: Money
    this: Money


@dataclass(frozen=True, slots=True)
class Burden:
    """What is left to spend: the wallet now, and what the coming months take."""

    wallet: Money
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase on a plan costs; of several orders, each of which is a plan, everything together."""

    kind: str
    months: int
    payment: Money
    total: Money
    overpay: Money
    rate: int
    gesv: int
    lines: tuple[Line, ...]
    burden: Burden


def quote(unit: Unit, *, customer_id: int, kind: str, months: int, amounts: Sequence[Money]) -> Quote:
    """The plan for orders of these sums, as if all were handed over today.

    Raises TermNotOffered, TermNeedsMore, GesvAboveCap, HasOverdue, NotRedMember, RedLimitShort, IinNeeded or
    DebtTooHigh.
    """
    assert amounts, "something is bought"
    whole, today = sum(amounts, ZERO), unit.clock.today()
    check_borrower(unit, customer_id=customer_id, kind=kind, amount=whole)
    plans = [contract(unit, kind=kind, months=months, amount=amount) for amount in amounts]
    lines = _together([each.lines for each in plans])
    total = sum((line.payment for line in lines), ZERO)
    return Quote(
        kind=kind,
        months=months,
        payment=lines[0].payment,
        total=total,
        overpay=total - whole,
        rate=plans[0].rate,
        gesv=gesv_of(whole, today, lines),
        lines=tuple(lines),
        burden=_burden(unit, customer_id, lines),
    )


@dataclass(frozen=True, slots=True)
class Contract:
    """One plan, as if it were opened today."""

    rate: int
    gesv: int
    lines: list[Line]


def contract(unit: Unit, *, kind: str, months: int, amount: Money) -> Contract:
    """The plan for one order; raises TermNotOffered, TermNeedsMore or GesvAboveCap."""
    term = term_for(unit, kind=kind, months=months, amount=amount)
    today, bill_day = unit.clock.today(), rules.number(unit, "red_bill_day")
    lines = lines_of(kind, amount, months, term.rate_basis_points, today, bill_day)
    effective = gesv_of(amount, today, lines)
    check_cap(unit, effective)
    return Contract(term.rate_basis_points, effective, lines)


def check_borrower(unit: Unit, *, customer_id: int, kind: str, amount: Money) -> None:
    """Raises HasOverdue, NotRedMember, RedLimitShort, IinNeeded or DebtTooHigh."""
    if kind == "red":
        member = book.member(unit, customer_id, lock=False)
        if member is None:
            raise NotRedMember
        free = Money(member.limit_tiyn - member.used_tiyn - member.reserved_tiyn)
        if amount > free:
            raise RedLimitShort(have=free)
    else:
        if identity.of(unit, customer_id=customer_id) is None:
            raise IinNeeded
        left = rules.amount(unit, "debt_most") - book.debt(unit, customer_id)
        if amount > left:
            raise DebtTooHigh(left=max(left, ZERO))
    check_nothing_late(unit, customer_id)


def check_nothing_late(unit: Unit, customer_id: int) -> None:
    """Raises HasOverdue."""
    if book.is_overdue(unit, customer_id):
        raise HasOverdue


def _together(plans: list[list[Line]]) -> list[Line]:
    """Schedules of the same days as one."""
    return [
        Line(
            each[0].number,
            each[0].due_on,
            sum((line.principal for line in each), ZERO),
            sum((line.interest for line in each), ZERO),
            sum((line.left for line in each), ZERO),
        )
        for each in zip(*plans, strict=True)
    ]


def _burden(unit: Unit, customer_id: int, lines: list[Line]) -> Burden:
    this, today = Counter[date](), unit.clock.today()
    for line in lines:
        this[line.due_on.replace(day=1)] += line.payment.tiyn
    others = _others(unit, customer_id, today)
    months = sorted(first for first in {*this, *others} if first <= max(this))
    now = wallet.balances(unit, customer_id=customer_id).wallet
    return Burden(now, tuple(Month(first, Money(others[first]), Money(this[first])) for first in months))


def _others(unit: Unit, customer_id: int, today: date) -> Counter[date]:
    """What the customer's plans take by month.

    What is overdue counts to this month, and plans that wait for their goods count as if these came today.
    """
    open_ = (Loan.customer_id == customer_id, col(Loan.state).in_(("signing", "reserved", "active")))
    loans = unit.exec(select(Loan).where(*open_)).all()
    rows, found = book.rows_of(unit, loans), Counter[date]()
    for row in (row for each in rows.values() for row in each):
        found[max(row.due_on, today).replace(day=1)] += book.owed_of(row)
    for loan in loans:
        if loan.state != "active":
            for line in expected(unit, loan):
                found[line.due_on.replace(day=1)] += line.payment.tiyn
    return +found


def expected(unit: Unit, loan: Loan) -> list[Line]:
    """The schedule of a plan that waits for its goods, as if these came today."""
    return as_of(unit, loan, Money(loan.amount_tiyn), unit.clock.today())


def as_of(unit: Unit, loan: Loan, amount: Money, day: date) -> list[Line]:
    """The schedule by the plan's terms for a sum whose goods come on a day."""
    bill_day = rules.number(unit, "red_bill_day")
    return lines_of(loan.kind, amount, loan.months, loan.rate_basis_points, day, bill_day)
