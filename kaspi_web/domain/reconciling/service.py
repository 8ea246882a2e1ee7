"""A biller's registry of an accounting day against our payments of that day.

Our book is read first, then the registry is fetched: what has changed with us since is left for the next run. What the
registry proves about a payment that still waits is written down as the biller's word; everything else on which the
books do not agree is a difference. Nothing is ever debited or refunded a second time.

Comparing only reads; every payment that is to be written has a unit of its own, which compares once more under lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import col, select

from kaspi_web.domain.bills import differences, outcomes
from kaspi_web.domain.bills.funding import locked
from kaspi_web.domain.bills.models import Biller, BillPayment, Difference
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import ZERO, Money

DONE, REFUSED, PENDING = "done", "refused", "pending"


class DayNotOver(Refused):
    """More may still be paid on this day; its registry is whole once it is over."""

    code = "day_not_over"


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the biller's registry: `state` is done, pending or refused, `cancelled` what it gave back."""

    txn_id: str
    account: str
    sum: Money
    state: str
    biller_txn: str = ""
    cancelled: Money = ZERO


@dataclass(frozen=True, slots=True)
class Seen:
    """How one of our payments stood before the registry was fetched."""

    state: str
    refunded_tiyn: int = 0


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


def ours(unit: Unit, *, biller: str, day: date) -> dict[str, Seen]:
    """Our payments to the biller on an accounting day by their numbers, as they stand now."""
    asked = select(BillPayment.txn_id, BillPayment.state, BillPayment.refunded_tiyn)
    rows = unit.exec(asked.where(BillPayment.biller == biller, *_on(day)).order_by(col(BillPayment.id)))
    return {str(number): Seen(state, refunded) for number, state, refunded in rows}


def _on(day: date) -> tuple[bool, bool]:
    start = datetime.combine(day, time(), ALMATY)
    return BillPayment.started_at >= start, BillPayment.started_at < start + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the books say about one number: the word that settles it, and the kinds of what is different.

    `is_whole` is False when something else may be different too, which cannot be told now.
    """

    settle: str = ""
    kinds: tuple[str, ...] = ()
    is_whole: bool = True


def to_write(
    unit: Unit, *, biller: str, txn_ids: Sequence[str], seen: Mapping[str, Seen], told: Mapping[str, Sequence[Told]]
) -> list[str]:
    """Those of the numbers about which something is to be settled, noted or resolved."""
    ids = [int(number) for number in txn_ids if _is_ours(number)]
    mine = select(BillPayment).where(BillPayment.biller == biller, col(BillPayment.txn_id).in_(ids))
    rows = {str(row.txn_id): row for row in unit.exec(mine)}
    noted = select(Difference.txn_id).where(Difference.biller == biller, col(Difference.resolved_at).is_(None))
    is_open = set(unit.exec(noted.where(col(Difference.txn_id).in_(txn_ids))))
    found = {number: _verdict(unit, rows.get(number), seen.get(number), told.get(number, ())) for number in txn_ids}
    return [number for number, each in found.items() if each.settle or each.kinds or number in is_open]


def write(unit: Unit, *, biller: str, day: date, txn_id: str, seen: Seen | None, told: Sequence[Told]) -> list[Found]:
    """Compare one payment under lock and write down what follows."""
    row = None
    if _is_ours(txn_id):
        row = locked(unit, BillPayment.biller == biller, BillPayment.txn_id == int(txn_id))
    verdict = _verdict(unit, row, seen, told)
    found = []
    if verdict.settle:
        assert row is not None, "only ours are settled"
        _settle(unit, row, verdict.settle, told)
        found = [Found(txn_id, settled=verdict.settle)]
    noted = [(kind, _note(unit, biller, day, txn_id, row, kind, told)) for kind in verdict.kinds]
    if verdict.is_whole:
        differences.agreed(unit, biller=biller, txn_id=txn_id, but=verdict.kinds)
    listed = [(kind, how) for kind, how in noted if how != "resolved"]
    return found + [Found(txn_id, difference=kind, is_new=how == "new") for kind, how in listed]


def _is_ours(number: str) -> bool:
    """Whether the bank could have given this number: zeros in front are another number."""
    return len(number) <= 18 and str(int(number)) == number


def _verdict(unit: Unit, row: BillPayment | None, seen: Seen | None, told: Sequence[Told]) -> _Verdict:
    if len(told) > 1:
        return _Verdict(kinds=("twice",), is_whole=False)
    if row is None:
        return _Verdict(kinds=("not_here",) if told and told[0].state != REFUSED else ())
    # A number that was not seen is of another day, and is compared as it is.
    is_same = seen is None or seen == Seen(row.state, row.refunded_tiyn)
    return _both(unit, row, told[0], is_same) if told else _only_ours(row, is_same)


def _both(unit: Unit, row: BillPayment, told: Told, is_same: bool) -> _Verdict:
    other = [
        *(["other_sum"] if told.sum.tiyn != row.amount_tiyn else []),
        *(["other_account"] if told.account != _account(unit, row) else []),
    ]
    settle = told.state if row.state in _WAITS and told.state in (DONE, REFUSED) and not other else ""
    if is_same:
        state = _STATES.get((row.state, told.state))
        other += [state] if state else []
        other += ["other_refund"] if told.cancelled.tiyn != row.refunded_tiyn else []
    return _Verdict(settle, tuple(other), is_whole=is_same)


_WAITS = ("on_way", "registry")
_STATES = {
    ("refused", DONE): "late_success",
    ("done", REFUSED): "late_refusal",
    ("done", PENDING): "not_finished",
    ("refused", PENDING): "not_finished",
    ("registry", PENDING): "not_finished",
}


def _only_ours(row: BillPayment, is_same: bool) -> _Verdict:
    """The biller's book of a day that is over has no such payment: it was never taken."""
    if not is_same:
        return _Verdict(is_whole=False)
    if row.state == "registry":
        return _Verdict(REFUSED)
    # One that is still asked about may yet arrive there; one that was refused is where it should be: nowhere.
    return _Verdict(kinds=("not_at_biller",) if row.state == DONE else ())


def _account(unit: Unit, row: BillPayment) -> str:
    return unit.keys.unseal(row.account_sealed) if row.account_sealed else row.account


def _settle(unit: Unit, row: BillPayment, word: str, told: Sequence[Told]) -> None:
    assert row.id is not None
    if word == DONE:
        outcomes.accepted(unit, payment_id=row.id, biller_txn=told[0].biller_txn)
    else:
        outcomes.refused(unit, payment_id=row.id, word="registry")


def _note(
    unit: Unit, biller: str, day: date, number: str, row: BillPayment | None, kind: str, told: Sequence[Told]
) -> str:
    states = {each.state for each in told}
    state = states.pop() if len(states) == 1 else "mixed" if states else ""
    theirs = sum((each.cancelled if kind == "other_refund" else each.sum for each in told), start=ZERO)
    this = {"their_state": state, "theirs": theirs if told else None}
    if row is None:
        return differences.add(unit, biller=biller, day=day, txn_id=number, kind=kind, **this)
    given_back = Money(row.refunded_tiyn) if kind == "other_refund" else None
    return differences.note(unit, row, kind, ours=given_back, **this)
