"""Browsers on their way through registration or a new password."""

from __future__ import annotations

from datetime import date

from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.kernel.bank import Bank
from tests.make.sms import PHONE, last_code

AIGUL = Person("Айгүл", "Нұрланова", "", date(1990, 5, 1))


def begun(bank: Bank, *, purpose: str = "register", phone: str = PHONE, language: str = "kk") -> str:
    """A browser that was sent a code; answers its cookie."""
    cookie = sessions.new_cookie()
    bank.db.write_now(onboarding.begin, cookie=cookie, purpose=purpose, phone=phone, language=language)
    return cookie


def verified(bank: Bank, *, purpose: str = "register", phone: str = PHONE, language: str = "kk") -> str:
    """A browser that proved to hold the phone."""
    cookie = begun(bank, purpose=purpose, phone=phone, language=language)
    refusal = bank.db.write_now(onboarding.confirm, cookie=cookie, purpose=purpose, typed=last_code(bank, phone))
    assert refusal is None
    return cookie


def described(bank: Bank, *, phone: str = PHONE, person: Person = AIGUL) -> str:
    """A browser that has only the password left to choose."""
    cookie = verified(bank, phone=phone)
    bank.db.write_now(onboarding.describe, cookie=cookie, person=person)
    return cookie


def registered(bank: Bank, *, phone: str = PHONE, person: Person = AIGUL, password_hash: str = "x") -> str:
    """A browser that is signed in after a registration; answers its cookie."""
    cookie = described(bank, phone=phone, person=person)
    return bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash=password_hash)
