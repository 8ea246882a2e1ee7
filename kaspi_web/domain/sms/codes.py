"""Codes by SMS: sending, checking, and the limits that make guessing hopeless.

Wrong tries are counted for the operation and for the phone, over an hour of real time, across all codes
sent meanwhile: asking for another code renews nothing, and neither does another browser.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select, update

from kaspi_web.domain.sms.models import SmsCode
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import six_digits
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, DomainError, Invalid, Refused

LIFETIME = timedelta(minutes=5)
WINDOW = timedelta(hours=1)
MAX_WRONG_FOR_OPERATION = 5
MAX_WRONG_FOR_PHONE = 10
MAX_SENDS = 5
RESEND_WAITS_S = (30, 60, 120, 120)


class WrongCode(Invalid):
    """The code is another one; `tries_left` says how often it may still be tried."""

    code, field = "code_wrong", "code"


class CodeExpired(Refused):
    """No code of this operation is still valid: a new one has to be asked for."""

    code = "code_expired"


class TooManyCodes(Busy):
    """Too many codes were sent to this phone within an hour."""

    code = "too_many_codes"


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way: when it ends and when another may be asked for."""

    expires_at: datetime
    resend_at: datetime


def send(
    unit: Unit,
    *,
    phone: str,
    purpose: str,
    subject: str,
    language: str,
    template: str,
    deliver: bool = True,
    **words: Any,
) -> Sent:
    """Send a new code; earlier ones of the operation stay good until their own end.

    With `deliver` off everything happens but the SMS: the answer must not tell whether a number is known.

    Raises TooManyCodes above five an hour for the phone, Busy while the wait after the last one runs or
    the tries are used up.
    """
    lock_name(unit, f"sms_code:{phone}")
    now = real_now()
    _check_tries(unit, phone, purpose, subject, now)
    sends = unit.exec(
        select(SmsCode.sent_at)
        .where(SmsCode.phone == phone, SmsCode.sent_at > now - WINDOW)
        .order_by(col(SmsCode.sent_at))
    ).all()
    if len(sends) >= MAX_SENDS:
        raise TooManyCodes(until=sends[0] + WINDOW)
    same = _sent_for(unit, phone, purpose, subject, now)
    if same and now < same[-1] + _wait_after(len(same)):
        raise Busy(until=same[-1] + _wait_after(len(same)))
    code = six_digits()
    unit.add(
        SmsCode(
            phone=phone,
            purpose=purpose,
            subject=subject,
            code_digest=_digest(unit, purpose, subject, code),
            sent_at=now,
            expires_at=now + LIFETIME,
        )
    )
    if deliver:
        text_to(unit, phone=phone, language=language, template=template, code=code, **words)
    return Sent(now + LIFETIME, now + _wait_after(len(same) + 1))


def _wait_after(sends: int) -> timedelta:
    return timedelta(seconds=RESEND_WAITS_S[min(sends, len(RESEND_WAITS_S)) - 1])


def _sent_for(unit: Unit, phone: str, purpose: str, subject: str, now: datetime) -> list[datetime]:
    same = (SmsCode.phone == phone, SmsCode.purpose == purpose, SmsCode.subject == subject)
    found = select(SmsCode.sent_at).where(*same, SmsCode.sent_at > now - WINDOW).order_by(col(SmsCode.sent_at))
    return list(unit.exec(found))


def _digest(unit: Unit, purpose: str, subject: str, code: str) -> str:
    return unit.keys.digest("sms_code", f"{purpose}:{subject}:{code}")


def _check_tries(unit: Unit, phone: str, purpose: str, subject: str, now: datetime) -> int:
    """Tries left for the operation; raises Busy when they or the phone's are used up."""
    rows = unit.exec(
        select(SmsCode.purpose, SmsCode.subject, SmsCode.wrong_tries, SmsCode.sent_at)
        .where(SmsCode.phone == phone, SmsCode.sent_at > now - WINDOW, SmsCode.wrong_tries > 0)
        .order_by(col(SmsCode.sent_at))
    ).all()
    operation = sum(tries for p, s, tries, _ in rows if (p, s) == (purpose, subject))
    if operation >= MAX_WRONG_FOR_OPERATION or sum(row[2] for row in rows) >= MAX_WRONG_FOR_PHONE:
        raise Busy(until=rows[0][3] + WINDOW)
    return MAX_WRONG_FOR_OPERATION - operation


def try_code(unit: Unit, *, phone: str, purpose: str, subject: str, typed: str) -> DomainError | None:
    """Whether `typed` is a valid code of this operation; a right one is used up, a wrong one is counted.

    Answers the refusal instead of raising it, because a refusal that rolled the unit back would also
    forget the wrong try. Raises Busy when the tries are used up.
    """
    lock_name(unit, f"sms_code:{phone}")
    now = real_now()
    left = _check_tries(unit, phone, purpose, subject, now)
    rows = unit.exec(
        select(SmsCode)
        .where(SmsCode.phone == phone, SmsCode.purpose == purpose, SmsCode.subject == subject)
        .where(col(SmsCode.used_at).is_(None), SmsCode.expires_at > now)
        .order_by(col(SmsCode.sent_at).desc())
    ).all()
    if not rows:
        return CodeExpired()
    digest = _digest(unit, purpose, subject, "".join(c for c in typed if c.isascii() and c.isdigit()))
    match = next((row for row in rows if hmac.compare_digest(row.code_digest, digest)), None)
    if match is None:
        rows[0].wrong_tries += 1
        return WrongCode(tries_left=left - 1) if left > 1 else Busy(until=now + WINDOW)
    used = unit.exec(
        update(SmsCode).where(col(SmsCode.id) == match.id, col(SmsCode.used_at).is_(None)).values(used_at=now)
    )
    return None if used.rowcount == 1 else CodeExpired()
