"""The RED club: joining with a consent, and the decision about the limit, a rule written down as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.customers.models import Customer
from kaspi_web.domain.identity import service as identity
from kaspi_web.domain.identity.service import IinNeeded
from kaspi_web.domain.loans import book, rules
from kaspi_web.domain.loans.models import DueBill, DueRun, Loan, LoanPayment, RedMember
from kaspi_web.domain.loans.offers import HasOverdue
from kaspi_web.domain.wallet.models import Operation
from kaspi_web.kernel.database import Unit, prepared
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import Money

CONSENT = "2026-11"
_SPENDING = ("bill", "purchase", "repayment", "refund", "order_refund")
"""The version of the text that whoever joins agrees to now."""


class ConsentChanged(Refused):
    """The text was changed since it was read: it is shown again."""

    code = "consent_changed"


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member's limit and what is left of it; `because` is the rule that gave it: everyone, regular or trusted."""

    limit: Money
    used: Money
    reserved: Money
    because: str
    pays_automatically: bool

    @property
    def free(self) -> Money:
        """What may be bought with it now."""
        return self.limit - self.used - self.reserved


@dataclass(frozen=True, slots=True)
class Decision:
    """A limit and the rule that gives it."""

    limit: Money
    because: str


def member(unit: Unit, *, customer_id: int) -> MemberView | None:
    """The customer's membership, if they have joined."""
    row = book.member(unit, customer_id, lock=False)
    return _view(row) if row else None


def _view(row: RedMember) -> MemberView:
    limit, used, reserved = Money(row.limit_tiyn), Money(row.used_tiyn), Money(row.reserved_tiyn)
    return MemberView(limit, used, reserved, row.because, row.pays_automatically)


def join(unit: Unit, *, customer_id: int, consent: str) -> MemberView:
    """Join, having agreed to the text of this version; joining twice answers the same.

    Raises ConsentChanged, IinNeeded, HasOverdue.
    """
    book.lock_borrower(unit, customer_id)
    row = book.member(unit, customer_id, lock=True)
    if row is not None:
        return _view(row)
    if consent != CONSENT:
        raise ConsentChanged
    if identity.of(unit, customer_id=customer_id) is None:
        raise IinNeeded
    if book.is_overdue(unit, customer_id):
        raise HasOverdue
    decision = decide(unit, customer_id=customer_id)
    row = RedMember(
        customer_id=customer_id,
        limit_tiyn=decision.limit.tiyn,
        consent=consent,
        because=decision.because,
        joined_at=unit.clock.now(),
    )
    unit.add(row)
    unit.flush()
    unit.tell(f"customer:{customer_id}")
    return _view(row)


_RAISE = prepared("UPDATE red_member SET limit_tiyn = ?, because = ? WHERE customer_id = ? AND limit_tiyn < ?")


def reconsider(unit: Unit, *, customer_id: int) -> MemberView | None:
    """Decide anew about a member: the limit may be raised and is never lowered; with something overdue it stays."""
    if book.member(unit, customer_id, lock=True) is None:
        return None
    if not book.is_overdue(unit, customer_id):
        decision = decide(unit, customer_id=customer_id)
        limit = decision.limit.tiyn
        if unit.run(_RAISE, limit, decision.because, customer_id, limit).rowcount:
            unit.tell(f"customer:{customer_id}")
    row = unit.get(RedMember, customer_id, populate_existing=True)
    assert row is not None, "a member stays one"
    return _view(row)


def decide(unit: Unit, *, customer_id: int) -> Decision:
    """The limit by the rules in force; an IIN that is known and nothing overdue are asked before."""
    everyone = Decision(rules.amount(unit, "red_everyone"), "everyone")
    if _was_ever_late(unit, customer_id):
        return everyone
    days, paid = _days_here(unit, customer_id), _paid_lately(unit, customer_id)
    bills = _bills_paid(unit, customer_id)
    if bills >= rules.number(unit, "red_trusted_bills") or (
        days >= rules.number(unit, "red_trusted_days") and paid >= rules.amount(unit, "red_trusted_paid")
    ):
        return max(everyone, Decision(rules.amount(unit, "red_trusted"), "trusted"), key=_limit)
    if days >= rules.number(unit, "red_regular_days") and paid >= rules.amount(unit, "red_regular_paid"):
        return max(everyone, Decision(rules.amount(unit, "red_regular"), "regular"), key=_limit)
    return everyone


def _limit(decision: Decision) -> Money:
    return decision.limit


def _was_ever_late(unit: Unit, customer_id: int) -> bool:
    late = (DueBill.customer_id == customer_id, col(DueBill.late_on).is_not(None))
    return unit.exec(select(DueBill.id).where(*late).limit(1)).first() is not None


def _days_here(unit: Unit, customer_id: int) -> int:
    since = unit.exec(select(Customer.created_at).where(Customer.id == customer_id)).one()
    return (unit.clock.now() - since).days


def _paid_lately(unit: Unit, customer_id: int) -> Money:
    """What payments, purchases and repayments took from the wallet, less what of it came back.

    Money sent to people or to oneself does not count.
    """
    begin = unit.clock.now() - timedelta(days=rules.number(unit, "scored_days"))
    counts = (
        Operation.customer_id == customer_id,
        Operation.state == "done",
        col(Operation.occurred_at) >= begin,
        col(Operation.kind).in_(_SPENDING),
    )
    spent = -int(unit.exec(select(func.coalesce(func.sum(Operation.wallet_tiyn), 0)).where(*counts)).one())
    return Money(max(0, spent))


def _bills_paid(unit: Unit, customer_id: int) -> int:
    """Bills of RED that something was paid of and that came to their end without being late."""
    ended = (DueBill.customer_id == customer_id, DueBill.subject == book.RED, col(DueBill.late_on).is_(None))
    of_it = (Loan.customer_id == customer_id, Loan.kind == "red", LoanPayment.due_on == DueBill.due_on)
    something = select(LoanPayment.id).join(Loan, col(Loan.id) == LoanPayment.loan_id)
    runs = select(func.count()).select_from(DueBill).join(DueRun, col(DueRun.bill_id) == DueBill.id)
    runs = runs.where(*ended, DueRun.step == "late")
    return unit.exec(runs.where(something.where(*of_it, LoanPayment.paid_tiyn > 0).exists())).one()
