"""Differences: where the bank's books and a biller's do not agree. They are noted once and settled by people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from kaspi_web.domain.bills.models import BillPayment, Difference
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.money import Money


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A difference of one payment on one accounting day; a side that knows no such payment has no sum."""

    biller: str
    day: date
    txn_id: str
    kind: str
    our_state: str
    ours: Money | None
    their_state: str
    theirs: Money | None
    found_at: datetime


def accounting_day(started_at: datetime) -> date:
    """The day that a payment belongs to in both books, in Kazakhstan's zone."""
    return started_at.astimezone(ALMATY).date()


def note(unit: Unit, row: BillPayment, kind: str, *, their_state: str, theirs: Money | None = None) -> bool:
    """Note a difference about one of our payments; answers whether it is new."""
    return add(
        unit,
        biller=row.biller,
        day=accounting_day(row.started_at),
        txn_id=str(row.txn_id),
        kind=kind,
        our_state=row.state,
        ours=Money(row.amount_tiyn),
        their_state=their_state,
        theirs=theirs,
    )


def add(
    unit: Unit,
    *,
    biller: str,
    day: date,
    txn_id: str,
    kind: str,
    our_state: str = "",
    ours: Money | None = None,
    their_state: str = "",
    theirs: Money | None = None,
) -> bool:
    """Note a difference once; answers whether it is new."""
    lock_name(unit, f"difference:{biller}:{txn_id}")
    this = (Difference.biller == biller, Difference.txn_id == txn_id, Difference.kind == kind)
    if unit.exec(select(Difference.id).where(*this)).first() is not None:
        return False
    unit.add(
        Difference(
            biller=biller,
            day=day,
            txn_id=txn_id,
            kind=kind,
            our_state=our_state,
            our_tiyn=ours.tiyn if ours is not None else None,
            their_state=their_state,
            their_tiyn=theirs.tiyn if theirs is not None else None,
            found_at=unit.clock.now(),
        )
    )
    unit.flush()
    return True


def differences(unit: Unit, *, day: date | None = None) -> list[DifferenceView]:
    """Every difference, or those of an accounting day, in the order they were found."""
    rows = select(Difference).order_by(col(Difference.id))
    return [_view(row) for row in unit.exec(rows.where(Difference.day == day) if day else rows)]


def _view(row: Difference) -> DifferenceView:
    ours = Money(row.our_tiyn) if row.our_tiyn is not None else None
    theirs = Money(row.their_tiyn) if row.their_tiyn is not None else None
    return DifferenceView(
        row.biller, row.day, row.txn_id, row.kind, row.our_state, ours, row.their_state, theirs, row.found_at
    )
