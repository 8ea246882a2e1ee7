"""Starting, finding and ending sign-ins. Real time: no jump of the bank's clock ends a session."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, select, update

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sessions.models import SignIn
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds a cookie: the customer and the sign-in."""

    customer_id: int
    sign_in_id: int


def digest_of(cookie: str) -> str:
    """What is stored of a cookie: its SHA-256 (the cookie has 256 random bits, so no key is needed)."""
    return hashlib.sha256(cookie.encode()).hexdigest()


def new_cookie() -> str:
    """256 random bits for a browser to hold."""
    return secrets.token_urlsafe(32)


def sign_in(
    unit: Unit, *, known: customers.Credentials, phone: str, address: str, replacing: str, device: str = ""
) -> str:
    """Sign in whose password was found to fit `known`, unless it was replaced since; answers the new cookie.

    Raises SignInRefused when `known` is no longer what the number is signed in with.
    """
    if known.customer_id is None or not customers.still_has(unit, known=known):
        raise customers.SignInRefused
    customers.forget_tries(unit, phone=phone, address=address)
    return start(unit, customer_id=known.customer_id, replacing=replacing, device=device)


def start(unit: Unit, *, customer_id: int, replacing: str, device: str = "") -> str:
    """Sign a customer in and answer the new cookie; whatever `replacing` was good for ends here."""
    end(unit, cookie=replacing)
    cookie, now = new_cookie(), real_now()
    unit.add(
        SignIn(
            cookie_digest=digest_of(cookie),
            customer_id=customer_id,
            device=device[:80],
            started_at=now,
            seen_at=now,
            expires_at=now + ABSOLUTE,
        )
    )
    return cookie


def visitor(unit: Unit, *, cookie: str) -> Visitor | None:
    """Who holds this cookie now, or None when nobody does, it ended, or it was idle for too long."""
    now = real_now()
    found = unit.exec(select(SignIn).where(SignIn.cookie_digest == digest_of(cookie))).one_or_none()
    if found is None or found.ended_at or now >= found.expires_at or now >= found.seen_at + IDLE:
        return None
    assert found.id is not None
    return Visitor(found.customer_id, found.id)


def touch(unit: Unit, *, sign_in_id: int) -> None:
    """Note that the browser is still in use, which puts off the idle end; what has ended stays ended."""
    now = real_now()
    alive = (col(SignIn.ended_at).is_(None), col(SignIn.seen_at) > now - IDLE)
    unit.exec(update(SignIn).where(col(SignIn.id) == sign_in_id, *alive).values(seen_at=now))


def end(unit: Unit, *, cookie: str) -> None:
    """Sign this browser out."""
    _end_where(unit, SignIn.cookie_digest == digest_of(cookie))


def end_all(unit: Unit, *, customer_id: int) -> None:
    """Sign every browser of a customer out, as after a new password."""
    _end_where(unit, SignIn.customer_id == customer_id)


def _end_where(unit: Unit, which: ColumnElement[bool] | bool) -> None:
    for row in unit.exec(select(SignIn).where(which, col(SignIn.ended_at).is_(None))).all():
        row.ended_at = real_now()
        unit.tell(f"sign_in:{row.id}")
