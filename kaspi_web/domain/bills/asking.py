"""The work of asking billers: which payments are due, leased to one worker at a time.

A biller is asked always with the same txn_id. Asking runs on real time: no jump of the bank's clock asks sooner or
gives up earlier.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select, update

from kaspi_web.domain.bills.billers import biller
from kaspi_web.domain.bills.models import Biller, BillPayment
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.money import Money

JOB = "job:bills"
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a worker needs to ask the biller for one payment; `account` is told to nobody else when it is secret."""

    id: int
    txn_id: int
    address: str
    dialect: str
    account: str
    is_secret: bool
    extra: dict[str, str]
    amount: Money
    started_at: datetime


def claim(unit: Unit, *, most: int = 10, address: str | None = None) -> list[Asking]:
    """Take payments whose biller, or the one at `address`, is to be asked now; each is leased for a minute."""
    now = real_now()
    free = select(BillPayment).where(*_free(now))
    if address is not None:
        free = free.where(col(BillPayment.biller).in_(select(Biller.slug).where(Biller.address == address)))
    free = free.order_by(col(BillPayment.due_at)).limit(most)
    rows = unit.exec(free.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.leased_until, row.tries = now + LEASE, row.tries + 1
    return [_asking(unit, row) for row in rows]


def _free(now: datetime) -> tuple[bool, ...]:
    return BillPayment.state == "on_way", BillPayment.due_at <= now, BillPayment.leased_until <= now


def addresses_due(unit: Unit) -> list[str]:
    """Where billers are to be asked now, the one that waits longest first."""
    free = select(Biller.address).join(BillPayment).where(*_free(real_now())).group_by(Biller.address)
    return list(unit.exec(free.order_by(func.min(BillPayment.due_at))).all())


def hand_back(unit: Unit, *, payment_ids: list[int]) -> None:
    """End the leases of a worker that stops before it had its answers: the next one may ask at once."""
    mine = (col(BillPayment.id).in_(payment_ids), col(BillPayment.state) == "on_way")
    unit.exec(update(BillPayment).where(*mine).values(leased_until=real_now()))


def end_leases(unit: Unit) -> int:
    """End every lease: for a server that works alone, when it starts, since whoever had one is dead."""
    now = real_now()
    leased = (col(BillPayment.state) == "on_way", col(BillPayment.leased_until) > now)
    return unit.exec(update(BillPayment).where(*leased).values(leased_until=now)).rowcount


def _asking(unit: Unit, row: BillPayment) -> Asking:
    assert row.id is not None
    of, is_secret = biller(unit, slug=row.biller), bool(row.account_sealed)
    account = unit.keys.unseal(row.account_sealed) if is_secret else row.account
    amount = Money(row.amount_tiyn)
    extra = json.loads(row.extra)
    return Asking(row.id, row.txn_id, of.address, of.dialect, account, is_secret, extra, amount, row.started_at)


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The payments whose billers are to be asked until then, in real time, oldest first."""
    waiting = select(BillPayment.id, BillPayment.due_at).where(BillPayment.state == "on_way")
    waiting = waiting.where(BillPayment.due_at <= until).order_by(col(BillPayment.due_at), col(BillPayment.id))
    return [Due(f"bill_payment:{number}", at) for number, at in unit.exec(waiting.limit(MOST)).all()]
