"""A biller's registry of an accounting day against our payments of that day.

What the registry proves about a payment that still waits is written down as the biller's word; everything else on
which the books do not agree is a difference, noted once. Nothing is ever debited or refunded a second time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from kaspi_web.domain.bills import differences, outcomes
from kaspi_web.domain.bills.models import Biller, BillPayment
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import Money

DONE, REFUSED = "done", "refused"


class DayNotOver(Refused):
    """More may still be paid on this day; its registry is whole once it is over."""

    code = "day_not_over"


@dataclass(frozen=True, slots=True)
class Told:
    """One payment as the biller's registry has it: `state` is done, pending or refused."""

    txn_id: str
    account: str
    sum: Money
    state: str
    biller_txn: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What comparing one payment led to: `settled` by the registry's word, a difference of a kind, or neither."""

    txn_id: str
    settled: str = ""
    difference: str = ""
    is_new: bool = False


def counterparties(unit: Unit) -> list[tuple[str, str, str]]:
    """Every service's slug, address and dialect, whose registries are asked for."""
    rows = unit.exec(select(Biller.slug, Biller.address, Biller.dialect).order_by(col(Biller.slug)))
    return [(slug, address, dialect) for slug, address, dialect in rows]


def check_over(unit: Unit, *, day: date) -> None:
    """Raise DayNotOver for a day that is not over by the bank's clock."""
    if day >= unit.clock.today():
        raise DayNotOver


def ours(unit: Unit, *, biller: str, day: date) -> list[str]:
    """The numbers of our payments to the biller on an accounting day, in the order they were made."""
    mine = (BillPayment.biller == biller, *_on(day), BillPayment.state != "funding")
    return [str(number) for number in unit.exec(select(BillPayment.txn_id).where(*mine).order_by(col(BillPayment.id)))]


def _on(day: date) -> tuple[bool, bool]:
    start = datetime.combine(day, time(), ALMATY)
    return BillPayment.started_at >= start, BillPayment.started_at < start + timedelta(days=1)


def compare(unit: Unit, *, biller: str, day: date, txn_ids: Sequence[str], told: Sequence[Told]) -> list[Found]:
    """Compare payments by their numbers; those that only one side knows are among `txn_ids` or `told` alone."""
    known = {each.txn_id: each for each in told}
    numbers = sorted(set(txn_ids) | known.keys())
    return [_compared(unit, biller, day, number, known.get(number)) for number in numbers]


def _compared(unit: Unit, biller: str, day: date, number: str, told: Told | None) -> Found:
    row = _payment(unit, biller, number)
    if row is None:
        assert told is not None, "one side knows the number"
        return _only_theirs(unit, biller, day, told)
    if told is None:
        return _only_ours(unit, row)
    if told.sum.tiyn != row.amount_tiyn:
        return _differs(unit, row, "other_sum", told)
    if told.account != _account(unit, row):
        return _differs(unit, row, "other_account", told)
    return _both(unit, row, told)


def _payment(unit: Unit, biller: str, number: str) -> BillPayment | None:
    if len(number) > 18:
        return None
    mine = (BillPayment.biller == biller, BillPayment.txn_id == int(number))
    return unit.exec(select(BillPayment).where(*mine).with_for_update()).one_or_none()


def _account(unit: Unit, row: BillPayment) -> str:
    return unit.keys.unseal(row.account_sealed) if row.account_sealed else row.account


def _both(unit: Unit, row: BillPayment, told: Told) -> Found:
    number, waits = told.txn_id, row.state in ("on_way", "registry")
    assert row.id is not None
    if waits and told.state == DONE:
        outcomes.accepted(unit, payment_id=row.id, biller_txn=told.biller_txn)
        return Found(number, settled=DONE)
    if waits and told.state == REFUSED:
        outcomes.refused(unit, payment_id=row.id, word="registry")
        return Found(number, settled=REFUSED)
    if row.state == "refused" and told.state == DONE:
        return _differs(unit, row, "late_success", told)
    if row.state == "done" and told.state == REFUSED:
        return _differs(unit, row, "late_refusal", told)
    return Found(number)


def _only_ours(unit: Unit, row: BillPayment) -> Found:
    """The biller's book of a day that is over has no such payment: it was never taken."""
    number = str(row.txn_id)
    if row.state == "registry":
        assert row.id is not None
        outcomes.refused(unit, payment_id=row.id, word="registry")
        return Found(number, settled=REFUSED)
    if row.state == "done":
        is_new = differences.note(unit, row, "not_at_biller", their_state="")
        return Found(number, difference="not_at_biller", is_new=is_new)
    # One that is still asked about may yet arrive there; one that was refused is where it should be: nowhere.
    return Found(number)


def _only_theirs(unit: Unit, biller: str, day: date, told: Told) -> Found:
    if told.state == REFUSED:
        return Found(told.txn_id)
    is_new = differences.add(
        unit,
        biller=biller,
        day=day,
        txn_id=told.txn_id,
        kind="not_here",
        their_state=told.state,
        theirs=told.sum,
    )
    return Found(told.txn_id, difference="not_here", is_new=is_new)


def _differs(unit: Unit, row: BillPayment, kind: str, told: Told) -> Found:
    is_new = differences.note(unit, row, kind, their_state=told.state, theirs=told.sum)
    return Found(told.txn_id, difference=kind, is_new=is_new)
