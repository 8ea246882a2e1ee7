"""Repayments that were made of RED or of one plan, newest first, with their receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from kaspi_web.domain.loans import book
from kaspi_web.domain.loans.book import RED
from kaspi_web.domain.loans.models import Repayment
from kaspi_web.domain.loans.repaying import RepaymentView, view_of
from kaspi_web.domain.wallet.models import Operation
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

MOST = 12


@dataclass(frozen=True, slots=True)
class Repaid:
    """A repayment; `way` is due, early, whole or automatic."""

    receipt: str
    way: str
    amount: Money
    paid_at: datetime


def repaid(unit: Unit, *, customer_id: int, plan: str, most: int = MOST) -> list[Repaid]:
    """The newest of `red` or of a plan by its address; raises NotFound, also for somebody else's."""
    subject = RED if plan == RED else book.subject_of(book.owned(unit, customer_id=customer_id, plan=plan))
    mine = (Repayment.customer_id == customer_id, Repayment.subject == subject)
    rows = unit.exec(select(Repayment).where(*mine).order_by(col(Repayment.id).desc()).limit(most)).all()
    receipts = _receipts(unit, customer_id, [f"repayment:{row.id}" for row in rows])
    return [
        Repaid(receipts.get(f"repayment:{row.id}", ""), row.way, Money(row.amount_tiyn), row.paid_at) for row in rows
    ]


def _receipts(unit: Unit, customer_id: int, subjects: list[str]) -> dict[str, str]:
    mine = (Operation.customer_id == customer_id, col(Operation.subject).in_(subjects))
    found = select(Operation.subject, Operation.receipt).where(*mine)
    return dict(unit.exec(found).all()) if subjects else {}


def repayment(unit: Unit, *, customer_id: int, repayment_id: int) -> RepaymentView:
    """One of the customer's repayments; raises NotFound, also for somebody else's."""
    row = unit.get(Repayment, repayment_id)
    if row is None or row.customer_id != customer_id:
        raise NotFound
    return view_of(unit, row)
