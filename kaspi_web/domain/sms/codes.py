"""Codes by SMS: sending, checking, and the limits that make guessing hopeless.

Sends and wrong tries are counted over an hour of real time, across all codes sent meanwhile: asking for
another code renews nothing, and neither does another browser or another sum. Guests, who may type anybody's
number, and the phone's signed-in owner are counted apart: neither uses up what the other may do.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select, update

from kaspi_web.domain.sms.models import SmsCode
from kaspi_web.domain.sms.outbox import CODE_LIFETIME, text_to
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import digits as random_digits
from kaspi_web.kernel.codes import six_digits
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, DomainError, Invalid, Refused

LIFETIME = CODE_LIFETIME
WINDOW = timedelta(hours=1)
GUESTS = ("register", "reset")
"""Purposes that anybody may ask a code for, with anybody's number; every other is its signed-in owner's."""
MAX_WRONG_FOR_OPERATION = 5
MAX_WRONG_BY_GUESTS = 10
MAX_SENDS_TO_GUESTS = 5
MAX_SENDS_FOR_OPERATION = 3
MAX_SENDS_TO_OWNER = 30
RESEND_WAITS_S = (30, 60, 120, 120)


class WrongCode(Invalid):
    """The code is another one; `tries_left` says how often it may still be tried."""

    code, field = "code_wrong", "code"


class CodeExpired(Refused):
    """No code of this operation is still valid: a new one has to be asked for."""

    code = "code_expired"


class TooManyCodes(Busy):
    """Too many codes were sent to this phone, or for this operation, within an hour."""

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
    content: str = "",
    deliver: bool = True,
    digits: int = 6,
    **words: Any,
) -> Sent:
    """Send a new code; earlier ones of the operation stay good until their own end.

    With `deliver` off everything happens but the SMS: the answer must not tell whether a number is known.

    Raises TooManyCodes above five an hour to guests for the phone, or three for one operation and thirty an
    hour to its signed-in owner; Busy while the wait after the last one runs or the tries are used up.
    """
    lock_name(unit, f"sms_code:{phone}")
    now = real_now()
    _check_tries(unit, phone, purpose, subject, now)
    _check_sends(unit, phone, purpose, subject, now)
    same = _sent_for(unit, _this(phone, purpose, subject, content), now)
    if same and now < same[-1] + _wait_after(len(same)):
        raise Busy(until=same[-1] + _wait_after(len(same)))
    code = six_digits() if digits == 6 else random_digits(digits)
    unit.add(
        SmsCode(
            phone=phone,
            purpose=purpose,
            subject=subject,
            content=content,
            code_digest=_digest(unit, purpose, subject, content, code),
            sent_at=now,
            expires_at=now + LIFETIME,
        )
    )
    if deliver:
        text_to(unit, phone=phone, language=language, template=template, code=code, **words)
    return Sent(now + LIFETIME, now + _wait_after(len(same) + 1))


def pending(unit: Unit, *, phone: str, purpose: str, subject: str, content: str = "") -> Sent | None:
    """The code that can still be typed for this, if one was sent: there is no need of another.

    None when there is none, or when no try is left to type it.
    """
    now, this = real_now(), _this(phone, purpose, subject, content)
    alive = select(SmsCode.expires_at).where(*this, *_alive(now)).order_by(col(SmsCode.sent_at).desc())
    expires_at = unit.exec(alive.limit(1)).first()
    if expires_at is None:
        return None
    try:
        _check_tries(unit, phone, purpose, subject, now)
    except Busy:
        return None
    same = _sent_for(unit, this, now)
    return Sent(expires_at, same[-1] + _wait_after(len(same)))


def _this(phone: str, purpose: str, subject: str, content: str) -> tuple[ColumnElement[bool], ...]:
    of = (col(SmsCode.phone) == phone, col(SmsCode.purpose) == purpose, col(SmsCode.subject) == subject)
    return (*of, col(SmsCode.content) == content)


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(SmsCode.used_at).is_(None), col(SmsCode.expires_at) > now)


def _of_class(phone: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    by_guests = col(SmsCode.purpose).in_(GUESTS)
    return (col(SmsCode.phone) == phone, by_guests if purpose in GUESTS else ~by_guests)


def _check_sends(unit: Unit, phone: str, purpose: str, subject: str, now: datetime) -> None:
    sends = unit.exec(
        select(SmsCode.purpose, SmsCode.subject, SmsCode.sent_at)
        .where(*_of_class(phone, purpose), SmsCode.sent_at > now - WINDOW)
        .order_by(col(SmsCode.sent_at))
    ).all()
    most = MAX_SENDS_TO_GUESTS if purpose in GUESTS else MAX_SENDS_TO_OWNER
    if len(sends) >= most:
        raise TooManyCodes(until=sends[-most][2] + WINDOW)
    same = [sent_at for p, s, sent_at in sends if (p, s) == (purpose, subject)]
    if purpose not in GUESTS and len(same) >= MAX_SENDS_FOR_OPERATION:
        raise TooManyCodes(until=same[-MAX_SENDS_FOR_OPERATION] + WINDOW)


def _wait_after(sends: int) -> timedelta:
    return timedelta(seconds=RESEND_WAITS_S[min(sends, len(RESEND_WAITS_S)) - 1])


def _sent_for(unit: Unit, this: tuple[ColumnElement[bool], ...], now: datetime) -> list[datetime]:
    found = select(SmsCode.sent_at).where(*this, SmsCode.sent_at > now - WINDOW).order_by(col(SmsCode.sent_at))
    return list(unit.exec(found))


def _digest(unit: Unit, purpose: str, subject: str, content: str, code: str) -> str:
    return unit.keys.digest("sms_code", f"{purpose}:{subject}:{content}:{code}")


def _check_tries(unit: Unit, phone: str, purpose: str, subject: str, now: datetime) -> int:
    """Tries left for the operation; raises Busy when they, or the guests' for the phone, are used up."""
    rows = unit.exec(
        select(SmsCode.purpose, SmsCode.subject, SmsCode.wrong_tries, SmsCode.sent_at)
        .where(*_of_class(phone, purpose), SmsCode.sent_at > now - WINDOW, SmsCode.wrong_tries > 0)
        .order_by(col(SmsCode.sent_at))
    ).all()
    same = [(tries, sent_at) for p, s, tries, sent_at in rows if (p, s) == (purpose, subject)]
    operation = sum(tries for tries, _ in same)
    if operation >= MAX_WRONG_FOR_OPERATION:
        raise Busy(until=same[0][1] + WINDOW)
    if purpose in GUESTS and sum(row[2] for row in rows) >= MAX_WRONG_BY_GUESTS:
        raise Busy(until=rows[0][3] + WINDOW)
    return MAX_WRONG_FOR_OPERATION - operation


def wrong_in_all(unit: Unit, *, phone: str, purpose: str, subject: str) -> int:
    """How often a wrong code was typed for the operation since ever, whatever codes were sent meanwhile."""
    of = (col(SmsCode.phone) == phone, col(SmsCode.purpose) == purpose, col(SmsCode.subject) == subject)
    return int(unit.exec(select(func.coalesce(func.sum(SmsCode.wrong_tries), 0)).where(*of)).one())


def try_code(
    unit: Unit, *, phone: str, purpose: str, subject: str, typed: str, content: str = ""
) -> DomainError | None:
    """Whether `typed` is a valid code of this operation; a right one is used up, a wrong one is counted.

    Answers the refusal instead of raising it, because a refusal that rolled the unit back would also
    forget the wrong try. Raises Busy when the tries are used up.
    """
    lock_name(unit, f"sms_code:{phone}")
    now = real_now()
    left = _check_tries(unit, phone, purpose, subject, now)
    rows = unit.exec(
        select(SmsCode)
        .where(*_this(phone, purpose, subject, content), *_alive(now))
        .order_by(col(SmsCode.sent_at).desc())
    ).all()
    if not rows:
        return CodeExpired()
    digest = _digest(unit, purpose, subject, content, "".join(c for c in typed if c.isascii() and c.isdigit()))
    match = next((row for row in rows if hmac.compare_digest(row.code_digest, digest)), None)
    if match is None:
        rows[0].wrong_tries += 1
        return WrongCode(tries_left=left - 1) if left > 1 else Busy(until=now + WINDOW)
    used = unit.exec(
        update(SmsCode).where(col(SmsCode.id) == match.id, col(SmsCode.used_at).is_(None)).values(used_at=now)
    )
    return None if used.rowcount == 1 else CodeExpired()
