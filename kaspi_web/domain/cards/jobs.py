"""What charges, refunds and payouts have in common as jobs: leased, put off with growing waits, handed back.

Real time, as for every job that asks the outside.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, or_, select, update

from kaspi_web.domain.cards.models import CardCharge, CardPayout, CardRefund
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.errors import Refused

JOB = "job:cards"
WAITS_S = (1, 2, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600)
LEASE = timedelta(seconds=60)

Job = CardCharge | CardRefund | CardPayout
_SUBJECTS = {CardCharge: "card_charge", CardRefund: "card_refund", CardPayout: "card_payout"}


class ChargeKeyReused(Refused):
    """A key or a subject was used before for another sum or card; nothing is asked, and the first one stays."""

    code = "charge_key_reused"


def waits(model: type[Job]) -> Any:
    """Which rows wait for the processor."""
    return col(CardCharge.wanted) != "" if model is CardCharge else col(model.state) == "new"


def kinds_due(unit: Unit) -> list[str]:
    """What there is to claim now: charge, refund, payout."""
    now = real_now()
    due = ((model, select(model.id).where(*_free(model, now)).limit(1)) for model in _SUBJECTS)
    return [_SUBJECTS[model].removeprefix("card_") for model, any_row in due if unit.exec(any_row).first() is not None]


def _free(model: type[Any], now: datetime) -> tuple[Any, ...]:
    captured = select(CardCharge.id).where(CardCharge.state == "captured")
    # A refund waits until its charge is captured.
    further = (col(CardRefund.charge_id).in_(captured),) if model is CardRefund else ()
    return waits(model), model.due_at <= now, model.leased_until <= now, *further


def claim(unit: Unit, model: type[Any], most: int) -> list[Any]:
    """Take rows that are due, the one that waits longest first; each is leased for a minute."""
    now = real_now()
    free = select(model).where(*_free(model, now))
    rows = unit.exec(free.order_by(col(model.due_at)).limit(most).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.leased_until, row.tries = now + LEASE, row.tries + 1
    return list(rows)


def put_off(row: Job, word: str) -> None:
    """Ask again later, with growing waits."""
    now = real_now()
    row.reason, row.leased_until = word[:24], now
    row.due_at = now + timedelta(seconds=WAITS_S[min(max(row.tries, 1), len(WAITS_S)) - 1])


def hand_back(unit: Unit, model: type[Any], ids: list[int]) -> None:
    """End the leases of a worker that stops before it had its answers: the next one may ask at once."""
    unit.exec(update(model).where(col(model.id).in_(ids), waits(model)).values(leased_until=real_now()))


def end_leases(unit: Unit) -> int:
    """End every lease: for a server that works alone, when it starts, since whoever had one is dead."""
    now = real_now()
    return sum(
        unit.exec(update(model).where(col(model.leased_until) > now).values(leased_until=now)).rowcount
        for model in (CardCharge, CardRefund, CardPayout)
    )


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """What the processor is to be asked until then, in real time, oldest first."""
    found: list[Due] = []
    for model, subject in _SUBJECTS.items():
        waiting: Any = select(model.id, model.due_at).where(waits(model), or_(model.due_at <= until))
        rows = unit.exec(waiting.order_by(model.due_at, model.id).limit(MOST)).all()
        found += [Due(f"{subject}:{number}", at) for number, at in rows]
    return sorted(found, key=lambda each: each.due_at)[:MOST]
