"""Differences: where the bank's books and a biller's do not agree.

Each is noted once and open until the books agree or an operator resolves it. What an operator resolved stays so while
both sides say the same; any other opens again when it is found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
    resolved_at: datetime | None = None


def accounting_day(started_at: datetime) -> date:
    """The day that a payment belongs to in both books, in Kazakhstan's zone."""
    return started_at.astimezone(ALMATY).date()


def note(
    unit: Unit,
    row: BillPayment,
    kind: str,
    *,
    their_state: str,
    ours: Money | None = None,
    theirs: Money | None = None,
) -> str:
    """Note a difference about one of our payments; answers as `add` does."""
    return add(
        unit,
        biller=row.biller,
        day=accounting_day(row.started_at),
        txn_id=str(row.txn_id),
        kind=kind,
        our_state=row.state,
        ours=Money(row.amount_tiyn) if ours is None else ours,
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
) -> str:
    """Note a difference once; answers whether it is `new`, `known`, or `resolved` by hand and still the same."""
    _lock(unit, biller, txn_id)
    this = (Difference.biller == biller, Difference.txn_id == txn_id, Difference.kind == kind)
    said = {
        "our_state": our_state,
        "our_tiyn": ours.tiyn if ours is not None else None,
        "their_state": their_state,
        "their_tiyn": theirs.tiyn if theirs is not None else None,
    }
    row = unit.exec(select(Difference).where(*this)).first()
    if row is None:
        row = Difference(biller=biller, day=day, txn_id=txn_id, kind=kind, found_at=unit.clock.now(), **said)
        unit.add(row)
        unit.flush()
        return "new"
    return _found_again(unit, row, said)


def _found_again(unit: Unit, row: Difference, said: dict[str, Any]) -> str:
    if row.resolved_at is None:
        return "known"
    if row.by_hand and said == {name: getattr(row, name) for name in said}:
        return "resolved"
    row.sqlmodel_update(said | {"found_at": unit.clock.now(), "resolved_at": None, "by_hand": False})
    unit.flush()
    return "new"


def agreed(unit: Unit, *, biller: str, txn_id: str, but: tuple[str, ...] = ()) -> None:
    """The books agree about a payment, `but` in these kinds: the other open differences are resolved."""
    _lock(unit, biller, txn_id)
    for row in _open_of(unit, biller, txn_id):
        if row.kind not in but:
            row.resolved_at = unit.clock.now()
    unit.flush()


def resolved_by_hand(unit: Unit, *, biller: str, txn_id: str, our_state: str) -> None:
    """An operator resolved everything that is open about a payment, which is now in `our_state` with us."""
    _lock(unit, biller, txn_id)
    for row in _open_of(unit, biller, txn_id):
        row.resolved_at, row.by_hand, row.our_state = unit.clock.now(), True, our_state
    unit.flush()


def _lock(unit: Unit, biller: str, txn_id: str) -> None:
    lock_name(unit, f"difference:{biller}:{txn_id}")


def _open_of(unit: Unit, biller: str, txn_id: str) -> list[Difference]:
    this = (Difference.biller == biller, Difference.txn_id == txn_id, col(Difference.resolved_at).is_(None))
    return list(unit.exec(select(Difference).where(*this).order_by(col(Difference.id))))


def differences(
    unit: Unit, *, day: date | None = None, txn_id: str = "", resolved_too: bool = False
) -> list[DifferenceView]:
    """Every open difference, or those of an accounting day or a payment, in the order they were found."""
    rows = select(Difference).order_by(col(Difference.id))
    rows = rows if resolved_too else rows.where(col(Difference.resolved_at).is_(None))
    rows = rows.where(Difference.txn_id == txn_id) if txn_id else rows
    return [_view(row) for row in unit.exec(rows.where(Difference.day == day) if day else rows)]


def _view(row: Difference) -> DifferenceView:
    ours = Money(row.our_tiyn) if row.our_tiyn is not None else None
    theirs = Money(row.their_tiyn) if row.their_tiyn is not None else None
    return DifferenceView(
        row.biller,
        row.day,
        row.txn_id,
        row.kind,
        row.our_state,
        ours,
        row.their_state,
        theirs,
        row.found_at,
        row.resolved_at,
    )
