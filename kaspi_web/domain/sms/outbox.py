"""The outbox: messages are written with the deed and sent after its commit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select, update

from kaspi_web.domain.sms.models import PhoneInbox, SmsMessage
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit

JOB = "job:sms"
_LEASE = timedelta(seconds=30)
_WAITS = (1, 5, 30, 120, 600)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent now."""

    id: int
    phone: str
    language: str
    template: str
    params: dict[str, Any]


def text_to(unit: Unit, *, phone: str, language: str, template: str, **params: Any) -> None:
    """Write a message to `phone`; `params` fill the template and must be JSON (sums as tiyn named `*_tiyn`)."""
    now = real_now()
    sealed = unit.keys.seal(json.dumps(params, ensure_ascii=False))
    unit.add(
        SmsMessage(phone=phone, language=language, template=template, sealed_params=sealed, created_at=now, due_at=now)
    )
    unit.tell(JOB)


def claim(unit: Unit, *, most: int = 20) -> list[Outgoing]:
    """Take due messages for sending; nobody else gets them until the lease of 30 s is over."""
    now = real_now()
    due = select(SmsMessage).where(col(SmsMessage.sent_at).is_(None), SmsMessage.due_at <= now)
    rows = unit.exec(due.order_by(col(SmsMessage.id)).limit(most).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.tries += 1
        wait = _WAITS[min(row.tries, len(_WAITS)) - 1]
        row.due_at = now + max(_LEASE, timedelta(seconds=wait))
    return [_outgoing(unit, row) for row in rows]


def _outgoing(unit: Unit, row: SmsMessage) -> Outgoing:
    assert row.id is not None
    return Outgoing(row.id, row.phone, row.language, row.template, json.loads(unit.keys.unseal(row.sealed_params)))


def mark_sent(unit: Unit, *, message_id: int) -> None:
    """Note that a message left, and forget what was in it."""
    unit.exec(update(SmsMessage).where(col(SmsMessage.id) == message_id).values(sent_at=real_now(), sealed_params=""))


def next_due(unit: Unit) -> datetime | None:
    """When the next message is to be sent."""
    return unit.exec(
        select(SmsMessage.due_at).where(col(SmsMessage.sent_at).is_(None)).order_by(col(SmsMessage.due_at)).limit(1)
    ).first()


def receive(unit: Unit, *, message_id: int, phone: str, text: str) -> None:
    """Put a message on the simulated phone; the same message twice is received once."""
    if unit.exec(select(PhoneInbox.id).where(PhoneInbox.message_id == message_id)).first() is None:
        unit.add(PhoneInbox(message_id=message_id, phone=phone, text=text, received_at=real_now()))
        unit.tell(f"phone:{phone}")
        unit.tell("phones")


@dataclass(frozen=True, slots=True)
class Received:
    """A message as the simulated phone shows it."""

    id: int
    phone: str
    text: str
    received_at: datetime


def inbox(unit: Unit, *, phone: str | None = None, most: int = 20) -> list[Received]:
    """The last messages of one simulated phone, or of all, newest first."""
    rows = select(PhoneInbox).order_by(col(PhoneInbox.id).desc()).limit(most)
    if phone is not None:
        rows = rows.where(PhoneInbox.phone == phone)
    return [Received(row.id or 0, row.phone, row.text, row.received_at) for row in unit.exec(rows)]
