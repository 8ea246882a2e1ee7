"""Plans from the order to the hand-over: reserved, signed, made smaller, opened. What follows is in the files beside.

signing ──> reserved ──> active ──> closed
   └───────────┴──> cancelled
"""

from __future__ import annotations

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.loans import book, offers, rules
from kaspi_web.domain.loans.models import DueBill, Loan, LoanPayment, RedMember
from kaspi_web.domain.loans.returning import Returned, returned
from kaspi_web.domain.loans.terms import gesv_of
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit, prepared
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.schedules import Line

__all__ = ["CONTRACT", "Returned", "opened", "reserve", "returned", "shrink", "signed"]

CONTRACT = "2026-11"
"""The version of the contract that customers sign or agree to now."""


def reserve(
    unit: Unit, *, customer_id: int, kind: str, months: int, amount: Money, subject: str, signing: bool = False
) -> int:
    """Promise a plan for an order (`order:7`); answers the loan's id. Of RED the sum is taken from the limit at once.

    Raises what `offers.quote` raises. The customer's promises follow one another, so that two at once cannot both
    have the last of a limit.
    """
    book.lock_borrower(unit, customer_id)
    offers.check_borrower(unit, customer_id=customer_id, kind=kind, amount=amount)
    plan = offers.contract(unit, kind=kind, months=months, amount=amount)
    if kind == "red":
        _take_limit(unit, customer_id, amount)
    row = Loan(
        public_id=public_id(),
        customer_id=customer_id,
        kind=kind,
        subject=subject,
        months=months,
        amount_tiyn=amount.tiyn,
        rate_basis_points=plan.rate,
        gesv_basis_points=plan.gesv,
        state="signing" if signing else "reserved",
        contract=CONTRACT,
        made_at=unit.clock.now(),
    )
    unit.add(row)
    unit.flush()
    assert row.id is not None
    return row.id


_TAKE = prepared(
    "UPDATE red_member SET reserved_tiyn = reserved_tiyn + ?"
    " WHERE customer_id = ? AND used_tiyn + reserved_tiyn + ? <= limit_tiyn"
)
_SHIFT = prepared(
    "UPDATE red_member SET reserved_tiyn = reserved_tiyn + ?, used_tiyn = used_tiyn + ? WHERE customer_id = ?"
)


def _take_limit(unit: Unit, customer_id: int, amount: Money) -> None:
    # Lock, check and change in one.
    taken = unit.run(_TAKE, amount.tiyn, customer_id, amount.tiyn).rowcount
    row = unit.get(RedMember, customer_id, populate_existing=True)
    if row is None:
        raise offers.NotRedMember
    if not taken:
        raise offers.RedLimitShort(have=Money(row.limit_tiyn - row.used_tiyn - row.reserved_tiyn))


def signed(unit: Unit, *, loan_id: int) -> None:
    """Note that the customer signed a credit; repeated, it changes nothing. Raises NotFound when it was cancelled."""
    row = book.loan_by_id(unit, loan_id)
    if row.state == "cancelled":
        raise NotFound
    if row.state == "signing":
        row.state, row.signed_at = "reserved", unit.clock.now()


def shrink(unit: Unit, *, loan_id: int, amount: Money) -> None:
    """Take `amount` off a plan before the hand-over, because goods dropped out; with nothing left it is cancelled."""
    row = book.loan_by_id(unit, loan_id)
    assert row.state in ("signing", "reserved"), "a plan that is open shrinks by returns"
    assert 0 < amount.tiyn <= row.amount_tiyn, "no more drops out than there is"
    row.amount_tiyn -= amount.tiyn
    if row.kind == "red":
        _shift(unit, row.customer_id, reserved=-amount.tiyn, used=0)
    if not row.amount_tiyn:
        row.state = "cancelled"
    unit.flush()
    unit.tell(f"customer:{row.customer_id}")


def _shift(unit: Unit, customer_id: int, *, reserved: int, used: int) -> None:
    unit.run(_SHIFT, reserved, used, customer_id)
    unit.get(RedMember, customer_id, populate_existing=True)


def opened(unit: Unit, *, loan_id: int, to: int) -> list[Move]:
    """Open a plan at the hand-over: its schedule and bills begin; answers the postings, which the caller makes.

    `to` is the account that the money is lent to, the merchant's.
    """
    row = book.loan_by_id(unit, loan_id)
    assert row.state == "reserved", "a plan is opened once, and after it was signed"
    if row.kind == "red":
        _shift(unit, row.customer_id, reserved=-row.amount_tiyn, used=row.amount_tiyn)
    today, amount = unit.clock.today(), Money(row.amount_tiyn)
    lines = offers.expected(unit, row)
    row.state, row.opened_on, row.interest_since = "active", today, today
    row.gesv_basis_points = gesv_of(amount, today, lines)
    unit.add_all(_payment(row, line) for line in lines)
    _add_bills(unit, row, lines)
    unit.flush()
    unit.tell(f"customer:{row.customer_id}")
    return [Move(ledger.account(unit, "loan", str(row.id)), to, amount)]


def _payment(row: Loan, line: Line) -> LoanPayment:
    assert row.id is not None
    return LoanPayment(
        loan_id=row.id,
        number=line.number,
        due_on=line.due_on,
        principal_tiyn=line.principal.tiyn,
        interest_tiyn=line.interest.tiyn,
    )


def _add_bills(unit: Unit, row: Loan, lines: list[Line]) -> None:
    """A bill for each day; of RED, whose member is locked, the days of other purchases are shared."""
    days = rules.number(unit, "remind_days")
    subject = book.subject_of(row)
    there = {bill.due_on for bill in book.bills(unit, row.customer_id, subject, lock=True)}
    for line in lines:
        if line.due_on not in there:
            next_on = book.days_before(line.due_on, days)
            unit.add(DueBill(customer_id=row.customer_id, subject=subject, due_on=line.due_on, next_on=next_on))
