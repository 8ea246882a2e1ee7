"""The outbox: messages are written with the deed and sent after its commit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlmodel import col, or_, select, update

from kaspi_web.domain.sms.models import SmsMessage
from kaspi_web.kernel.clock import ALMATY, real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.keys import Keys

JOB = "job:sms"
CODE_LIFETIME = timedelta(minutes=5)
"""How long a code is good, and a message with one worth sending."""
MORNING, NIGHT = 9, 21
"""Hours in Almaty between which nobody minds being told of what can wait."""
SEND_WITHIN_S = 20
"""The most that sending one message may take: less than the lease, so that nobody else sends it meanwhile."""
_LEASE = timedelta(seconds=30)
_WAITS = (1, 5, 30, 120, 600)
_WAITING = (col(SmsMessage.sent_at).is_(None), col(SmsMessage.expired_at).is_(None))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent now, still sealed: one that cannot be opened holds up no other."""

    id: int
    phone: str
    language: str
    template: str
    sealed_params: str

    def open_params(self, keys: Keys) -> dict[str, Any]:
        """What fills the template; raises when it cannot be unsealed, as under another key."""
        return json.loads(keys.unseal(self.sealed_params))


def text_to(unit: Unit, *, phone: str, language: str, template: str, wakes: bool = True, **params: Any) -> None:
    """Write a message to `phone`; `params` fill the template and must be JSON (sums as tiyn named `*_tiyn`).

    One with a `code` among them is wiped after five minutes, sent or not. One that `wakes` nobody waits at night for
    the morning, by the bank's clock.
    """
    now = real_now()
    sealed = unit.keys.seal(json.dumps(params, ensure_ascii=False))
    unit.insert(
        SmsMessage,
        phone=phone,
        language=language,
        template=template,
        sealed_params=sealed,
        created_at=now,
        due_at=now if wakes else now + _until_morning(unit.clock.now()),
        expires_at=now + CODE_LIFETIME if "code" in params else None,
    )
    unit.tell(JOB)


def _until_morning(now: datetime) -> timedelta:
    here = now.astimezone(ALMATY)
    if MORNING <= here.hour < NIGHT:
        return timedelta()
    opens = datetime.combine(here.date(), time(MORNING), ALMATY)
    return opens + timedelta(days=here.hour >= NIGHT) - here


def has_due(unit: Unit) -> bool:
    """Whether a message is to be sent, or wiped, now."""
    now = real_now()
    due = select(SmsMessage.id).where(*_WAITING, or_(SmsMessage.due_at <= now, col(SmsMessage.expires_at) <= now))
    return unit.exec(due.limit(1)).first() is not None


def claim(unit: Unit, *, most: int = 20) -> list[Outgoing]:
    """Take due messages for sending; nobody else gets them until the lease of 30 s is over.

    The lease is for one sending: who sends one after another takes one at a time. What has expired is wiped.
    """
    blank_expired(unit)
    now = real_now()
    due = select(SmsMessage).where(*_WAITING, SmsMessage.due_at <= now)
    rows = unit.exec(due.order_by(col(SmsMessage.id)).limit(most).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.tries += 1
        wait = _WAITS[min(row.tries, len(_WAITS)) - 1]
        row.due_at = now + max(_LEASE, timedelta(seconds=wait))
    return [Outgoing(row.id or 0, row.phone, row.language, row.template, row.sealed_params) for row in rows]


def end_leases(unit: Unit) -> int:
    """Make every waiting message due: for a server that works alone, when it starts, since whoever sent is dead."""
    now = real_now()
    return unit.exec(update(SmsMessage).where(*_WAITING, col(SmsMessage.due_at) > now).values(due_at=now)).rowcount


def blank_expired(unit: Unit) -> int:
    """Wipe the messages whose codes ended before they could be sent; answers how many there were."""
    now = real_now()
    over = update(SmsMessage).where(*_WAITING, col(SmsMessage.expires_at) <= now)
    return unit.exec(over.values(expired_at=now, sealed_params="")).rowcount


def mark_sent(unit: Unit, *, message_id: int) -> None:
    """Note that a message left, and forget what was in it."""
    unit.exec(update(SmsMessage).where(col(SmsMessage.id) == message_id).values(sent_at=real_now(), sealed_params=""))


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The messages that are to be sent until then, in real time, oldest first."""
    waiting = select(SmsMessage.id, SmsMessage.due_at).where(*_WAITING, SmsMessage.due_at <= until)
    rows = unit.exec(waiting.order_by(col(SmsMessage.due_at), col(SmsMessage.id)).limit(MOST)).all()
    return [Due(f"sms_message:{number}", at) for number, at in rows]
