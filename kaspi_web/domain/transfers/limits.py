"""How much one customer may transfer at once and in a business day: dated data, by the kind of transfer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, or_
from sqlmodel import col, select

from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.transfers.models import Transfer, TransferLimit
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Invalid, Refused
from kaspi_web.kernel.money import ZERO, Money

_COUNT = ("funding", "held", "sending", "waiting", "done")
"""States that use the day's limit; what was undone, refused or returned gives it back."""
_ALWAYS = ("phone", "card")
"""Kinds that nothing is sent in without a limit: a bank that has loaded none sends nothing."""


class LimitsMissing(Refused):
    """The bank has no limit in force for this kind of transfer, so nothing of it is sent."""

    code = "limits_missing"


class OverOperationLimit(Invalid):
    """More than one transfer may be; `maximum` says how much that is."""

    code, field = "over_operation_limit", "amount"


class OverDayLimit(Invalid):
    """More than is left of the day's limit; `left` says how much that is."""

    code, field = "over_day_limit", "amount"


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a kind today, and what is left of the day's."""

    per_operation: Money
    per_day: Money
    left: Money


def kinds_of(kind: str, *, token: str, from_another_bank: bool) -> tuple[str, ...]:
    """The kinds whose limits a transfer uses: its own, and `card` too where another bank's card is paid or pays."""
    return tuple(dict.fromkeys((kind, "card"))) if token or from_another_bank else (kind,)


def limits(unit: Unit, *, customer_id: int, kind: str) -> Limits | None:
    """A customer's limits for this kind by the bank's business day; None where no limit is in force."""
    in_force = select(TransferLimit).where(TransferLimit.kind == kind, TransferLimit.valid_from <= unit.clock.today())
    row = unit.exec(in_force.order_by(col(TransferLimit.valid_from).desc()).limit(1)).first()
    if row is None:
        return None
    left = Money(max(row.per_day_tiyn - _used(unit, customer_id, kind).tiyn, 0))
    return Limits(Money(row.per_operation_tiyn), Money(row.per_day_tiyn), left)


def _used(unit: Unit, customer_id: int, kind: str) -> Money:
    begin = datetime.combine(unit.clock.today(), time.min, ALMATY)
    of_kind = col(Transfer.kind) == kind
    if kind == "card":
        banks = select(Card.id).where(Card.customer_id == customer_id, Card.kind == "bank")
        of_kind = or_(of_kind, col(Transfer.token) != "", col(Transfer.card_id).in_(banks))
    mine = (Transfer.customer_id == customer_id, of_kind, col(Transfer.state).in_(_COUNT))
    today = (col(Transfer.started_at) >= begin, col(Transfer.started_at) < begin + timedelta(days=1))
    total = unit.exec(select(func.coalesce(func.sum(Transfer.amount_tiyn), 0)).where(*mine, *today)).one()
    return Money(int(total)) if total else ZERO


def check(unit: Unit, *, customer_id: int, kinds: tuple[str, ...], amount: Money, lock: bool = False) -> None:
    """Raises LimitsMissing, OverOperationLimit or OverDayLimit.

    With `lock`, nobody else uses this customer's limits until the unit's end.
    """
    if lock:
        lock_name(unit, f"transfer_limit:{customer_id}")
    for kind in kinds:
        _check(unit, customer_id, kind, amount)


def _check(unit: Unit, customer_id: int, kind: str, amount: Money) -> None:
    in_force = limits(unit, customer_id=customer_id, kind=kind)
    if in_force is None:
        if kind in _ALWAYS:
            raise LimitsMissing
        return
    if amount > in_force.per_operation:
        raise OverOperationLimit(maximum=in_force.per_operation)
    if amount > in_force.left:
        raise OverDayLimit(left=in_force.left)
