"""The steps of a registration and of a new password, each bound to the browser's cookie.

A step cannot be skipped: each looks at what the row says was done. Nothing here tells whether a number
already has a wallet before the code has proved that the asker holds the phone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.models import Customer
from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.identity import requests
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.onboarding.models import PhoneProof
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sms import codes
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.domain.transfers.due import end_waiting
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, Refused

LIFETIME = timedelta(minutes=30)
CONSENT_VERSION = "2026-11"


class OutOfOrder(Refused):
    """A step was skipped, or the proof has ended: start again."""

    code = "out_of_order"


class AlreadyDone(OutOfOrder):
    """The last step was taken already, as when a form is sent twice: what is left is to sign in."""

    code = "already_done"


class AlreadyCustomer(Refused):
    """The number, now proved, has a wallet already."""

    code = "already_customer"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far this browser is."""

    phone: str
    language: str
    resend_at: datetime
    verified: bool
    person: Person | None
    has_wallet: bool


def begin(unit: Unit, *, cookie: str, purpose: str, phone: str, language: str) -> Progress:
    """Start a proof and send its code; the number typed again before another may be sent goes on with the last one.

    Raises Busy or TooManyCodes (see sms.codes.send).
    """
    asked = _asked(unit, cookie, purpose, phone)
    row = _open(unit, cookie, purpose)
    if row is None or row.phone != phone or row.verified_at:
        row = _started(unit, cookie, purpose, phone, language)
    sent = codes.pending(unit, phone=phone, purpose=purpose, subject=phone) if asked else None
    if sent is None or real_now() >= sent.resend_at:
        return _sent(unit, row)
    row.resend_at = sent.resend_at
    return _progress(unit, row)


def _asked(unit: Unit, cookie: str, purpose: str, phone: str) -> bool:
    # Only the browser that asked for a code goes on with it, even if it typed another number in between.
    mine = (PhoneProof.cookie_digest == sessions.digest_of(cookie), PhoneProof.purpose == purpose)
    return unit.exec(select(PhoneProof.id).where(*mine, PhoneProof.phone == phone).limit(1)).first() is not None


def _sent(unit: Unit, row: PhoneProof) -> Progress:
    phone, purpose = row.phone, row.purpose
    known = customers.card_by_phone(unit, phone=phone) is not None
    sent = codes.send(
        unit,
        phone=phone,
        purpose=purpose,
        subject=phone,
        language=row.language,
        template=f"code_{purpose}",
        deliver=purpose == "register" or known,
    )
    row.resend_at = sent.resend_at
    return _progress(unit, row)


def _started(unit: Unit, cookie: str, purpose: str, phone: str, language: str) -> PhoneProof:
    now = real_now()
    row = PhoneProof(
        cookie_digest=sessions.digest_of(cookie),
        purpose=purpose,
        phone=phone,
        language=language,
        started_at=now,
        expires_at=now + LIFETIME,
        resend_at=now,
    )
    unit.add(row)
    return row


def resend(unit: Unit, *, cookie: str, purpose: str) -> Progress:
    """Send another code for the proof under way; raises OutOfOrder, Busy or TooManyCodes."""
    row = _required(unit, cookie, purpose)
    return _progress(unit, row) if row.verified_at else _sent(unit, row)


def confirm(unit: Unit, *, cookie: str, purpose: str, typed: str) -> DomainError | None:
    """Check the code; answers the refusal so that a wrong try stays counted; raises OutOfOrder or Busy."""
    row = _required(unit, cookie, purpose)
    if row.verified_at:
        return None
    refusal = codes.try_code(unit, phone=row.phone, purpose=purpose, subject=row.phone, typed=typed)
    if refusal is None:
        row.verified_at = real_now()
    return refusal


def describe(unit: Unit, *, cookie: str, person: Person) -> None:
    """Note who the person is; raises OutOfOrder before the number is proved."""
    row = _verified(unit, cookie, "register")
    row.given_name, row.family_name, row.patronymic = person.given_name, person.family_name, person.patronymic
    row.born_on = person.born_on


def open_wallet(unit: Unit, *, cookie: str, password_hash: str, device: str = "", with_card: bool = False) -> str:
    """Create the customer with wallet and bonus account and sign the browser in; answers the new cookie.

    Transfers that waited for this phone are due at once, and a demo orders an identity card (`with_card`).
    Raises OutOfOrder when a step is missing and AlreadyCustomer when the number has a wallet.
    """
    row = _verified(unit, cookie, "register")
    person = _person(row)
    if person is None:
        raise OutOfOrder
    if customers.card_by_phone(unit, phone=row.phone):
        raise AlreadyCustomer
    now = real_now()
    customer = Customer(
        phone=row.phone,
        given_name=person.given_name,
        family_name=person.family_name,
        patronymic=person.patronymic,
        born_on=person.born_on,
        language=row.language,
        password_hash=password_hash,
        consent_version=CONSENT_VERSION,
        consented_at=row.started_at,
        created_at=now,
    )
    unit.add(customer)
    try:
        unit.flush()
    except IntegrityError:
        # Two browsers finished with the same number at once; the database let one through.
        raise AlreadyCustomer from None
    assert customer.id is not None
    for kind in ("wallet", "bonus"):
        ledger.account(unit, kind, str(customer.id))
    if with_card:
        requests.order_card(unit, customer_id=customer.id)
    row.finished_at = now
    text_to(unit, phone=row.phone, language=row.language, template="wallet_opened")
    end_waiting(unit, phone=row.phone)
    return sessions.start(unit, customer_id=customer.id, replacing=cookie, device=device)


def replace_password(unit: Unit, *, cookie: str, password_hash: str, device: str = "") -> str:
    """Set the new password, end every other sign-in and proof, sign this browser in; answers the new cookie."""
    row = _verified(unit, cookie, "reset")
    known = customers.card_by_phone(unit, phone=row.phone)
    if known is None:
        raise OutOfOrder
    customers.set_password(unit, customer_id=known.id, password_hash=password_hash)
    sessions.end_all(unit, customer_id=known.id)
    theirs = (col(PhoneProof.phone) == row.phone, col(PhoneProof.purpose) == "reset")
    unit.exec(update(PhoneProof).where(*theirs, col(PhoneProof.finished_at).is_(None)).values(finished_at=real_now()))
    text_to(unit, phone=row.phone, language=known.language, template="password_changed")
    return sessions.start(unit, customer_id=known.id, replacing=cookie, device=device)


def proved(unit: Unit, *, cookie: str, purpose: str) -> Progress:
    """The proof that only a password is missing to; raises OutOfOrder, or AlreadyDone when it was used."""
    return _progress(unit, _verified(unit, cookie, purpose, lock=False))


def progress(unit: Unit, *, cookie: str, purpose: str) -> Progress | None:
    """How far this browser is, or None when nothing is under way."""
    row = _open(unit, cookie, purpose, lock=False)
    return _progress(unit, row) if row else None


def _open(unit: Unit, cookie: str, purpose: str, *, lock: bool = True) -> PhoneProof | None:
    mine = (PhoneProof.cookie_digest == sessions.digest_of(cookie), PhoneProof.purpose == purpose)
    live = (col(PhoneProof.finished_at).is_(None), PhoneProof.expires_at > real_now())
    found = select(PhoneProof).where(*mine, *live).order_by(col(PhoneProof.id).desc()).limit(1)
    return unit.exec(found.with_for_update() if lock else found).first()


def _required(unit: Unit, cookie: str, purpose: str, *, lock: bool = True) -> PhoneProof:
    row = _open(unit, cookie, purpose, lock=lock)
    if row is None:
        raise AlreadyDone if _finished(unit, cookie, purpose) else OutOfOrder
    return row


def _finished(unit: Unit, cookie: str, purpose: str) -> bool:
    mine = (PhoneProof.cookie_digest == sessions.digest_of(cookie), PhoneProof.purpose == purpose)
    done = (col(PhoneProof.finished_at).is_not(None), PhoneProof.expires_at > real_now())
    return unit.exec(select(PhoneProof.id).where(*mine, *done).limit(1)).first() is not None


def _verified(unit: Unit, cookie: str, purpose: str, *, lock: bool = True) -> PhoneProof:
    row = _required(unit, cookie, purpose, lock=lock)
    if row.verified_at is None:
        raise OutOfOrder
    return row


def _person(row: PhoneProof) -> Person | None:
    return Person(row.given_name, row.family_name, row.patronymic, row.born_on) if row.born_on else None


def _progress(unit: Unit, row: PhoneProof) -> Progress:
    # Whether the number has a wallet is told only to who proved to hold the phone.
    verified = row.verified_at is not None
    has_wallet = verified and customers.card_by_phone(unit, phone=row.phone) is not None
    return Progress(row.phone, row.language, row.resend_at, verified, _person(row), has_wallet)
