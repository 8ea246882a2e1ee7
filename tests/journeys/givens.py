"""What a story begins with, made through the bank's own services: a wallet, a sign-in, cash that was paid in.

Stories about registering, signing in and terminals do it on the screen; the others begin here.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path

from kaspi_web.demo_data import NETWORK
from kaspi_web.domain.customers.models import Customer
from kaspi_web.domain.customers.passwords import hashed
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.terminals import topups
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from kaspi_web.settings import Settings
from kaspi_web.simulators.phone import PhoneStore

PASSWORD = "тау бұлақ қайың көктем"


def wallet_of(folder: Path, phone: str, *, tenge: int = 0, language: str = "en") -> str:
    """Open a wallet with that much in it; answers the cookie of a browser that is signed in."""
    with closing(Bank.open(Settings(data_dir=folder, demo=True))) as bank:
        return bank.db.write_now(_opened, phone=f"+7{phone}", tenge=tenge, language=language, password_hash=_hash())


def phone_of(folder: Path, phone: str) -> str:
    """The cookie of a browser that was the first to ask for a code for this number."""
    cookie = sessions.new_cookie()
    assert PhoneStore(folder / "phone.db").bind(f"+7{phone}", sessions.digest_of(cookie))
    return cookie


@cache
def _hash() -> str:
    return hashed(PASSWORD)


def _opened(unit: Unit, *, phone: str, tenge: int, language: str, password_hash: str) -> str:
    now = real_now()
    customer = Customer(
        phone=phone,
        given_name="Айгүл",
        family_name="Нұрланова",
        patronymic="",
        born_on=date(1990, 3, 27),
        language=language,
        password_hash=password_hash,
        consent_version="2026-11",
        consented_at=now,
        created_at=now,
    )
    unit.add(customer)
    unit.flush()
    assert customer.id is not None
    for kind in ("wallet", "bonus"):
        ledger.account(unit, kind, str(customer.id))
    if tenge:
        topups.pay(
            unit,
            network=NETWORK,
            txn_id=str(10**17 + secrets.randbelow(9 * 10**17)),
            txn_date=now,
            account=phone,
            amount=Money.tenge(tenge),
            terminal="almaty-01",
        )
    return sessions.start(unit, customer_id=customer.id, replacing="", device="journey")
