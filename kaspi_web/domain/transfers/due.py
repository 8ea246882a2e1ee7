"""What comes by itself: the end of undoing, wallets that open, waiting that ends, requests that nobody answered."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select, update

from kaspi_web.domain.transfers import delivering, returns
from kaspi_web.domain.transfers.models import ReturnRequest, Transfer
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due


def due_now(unit: Unit, *, most: int = 50) -> list[str]:
    """The subjects of what is to be settled now: `transfer:5`, `return_request:3`."""
    held = due(unit, until=real_now(), waits_until=unit.clock.now())
    return [each.subject for each in held[:most]]


def settle(unit: Unit, *, subject: str) -> None:
    """Do what is due for one subject; what was settled meanwhile stays as it is."""
    word, _, number = subject.partition(":")
    if word == "return_request":
        returns.expire(unit, request_id=int(number))
        return
    _lock_phone_of(unit, int(number))
    row = delivering.by_id(unit, int(number))
    if row is None:
        return
    if row.state == "held" and row.undo_until is not None and row.undo_until <= real_now():
        delivering.deliver(unit, row)
    elif row.state == "waiting" and row.waits_until is not None and row.waits_until <= unit.clock.now():
        delivering.wait_is_over(unit, row)


def _lock_phone_of(unit: Unit, number: int) -> None:
    # The phone before the row, as a registration does, so that the two cannot lock each other out.
    waits = select(Transfer.phone).where(Transfer.id == number, Transfer.state == "waiting")
    phone = unit.exec(waits).one_or_none()
    if phone is not None:
        delivering.lock_phone(unit, phone)


def end_waiting(unit: Unit, *, phone: str) -> int:
    """A wallet was opened for this phone: what waited for it is due now; answers how many there were.

    The worker delivers each in a unit of its own: none of them can keep the wallet from being opened.
    """
    delivering.lock_phone(unit, phone)
    waiting = (col(Transfer.phone) == phone, col(Transfer.state) == "waiting")
    ended = unit.exec(update(Transfer).where(*waiting).values(waits_until=unit.clock.now())).rowcount
    if ended:
        unit.tell(delivering.JOB)
    return ended


def due(unit: Unit, *, until: datetime, waits_until: datetime | None = None) -> list[Due]:
    """What is due until then, oldest first: undoing ends in real time, waiting and requests by the bank's clock.

    `waits_until` is the moment of the bank's clock, if it is another.
    """
    by_bank = waits_until or until
    held = select(Transfer.id, Transfer.undo_until).where(Transfer.state == "held", col(Transfer.undo_until) <= until)
    waiting = select(Transfer.id, Transfer.waits_until).where(
        Transfer.state == "waiting", col(Transfer.waits_until) <= by_bank
    )
    asked = select(ReturnRequest.id, ReturnRequest.expires_at).where(
        ReturnRequest.state == "asked", ReturnRequest.expires_at <= by_bank
    )
    found = [
        *(Due(f"transfer:{n}", at) for n, at in unit.exec(held.order_by(col(Transfer.undo_until)).limit(MOST)) if at),
        *(
            Due(f"transfer:{n}", at)
            for n, at in unit.exec(waiting.order_by(col(Transfer.waits_until)).limit(MOST))
            if at
        ),
        *(
            Due(f"return_request:{n}", at)
            for n, at in unit.exec(asked.order_by(col(ReturnRequest.expires_at)).limit(MOST))
        ),
    ]
    return sorted(found, key=lambda each: each.due_at)[:MOST]
