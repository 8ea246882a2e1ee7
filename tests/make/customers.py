"""Customers who have a wallet already, put straight into the tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from kaspi_web.domain.customers.models import Customer
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from tests.make.ledger import give

PHONE = "+77010000101"
OTHER_PHONE = "+77010000102"


def customer(bank: Bank, *, money: Money = ZERO, **overrides: Any) -> int:
    """A customer with wallet and bonus account; `money` is posted to the wallet; answers the id."""
    customer_id = bank.db.write_now(_insert, **overrides)
    if money:
        give(bank, customer_id, money)
    return customer_id


def _insert(unit: Unit, **overrides: Any) -> int:
    usual = {
        "phone": PHONE,
        "given_name": "Айгүл",
        "family_name": "Нұрланова",
        "born_on": date(1990, 5, 1),
        "language": "kk",
        "password_hash": "x",
        "consent_version": "1",
        "consented_at": real_now(),
        "created_at": real_now(),
    }
    row = Customer(**(usual | overrides))
    unit.add(row)
    unit.flush()
    assert row.id is not None
    for kind in ("wallet", "bonus"):
        ledger.account(unit, kind, str(row.id))
    return row.id
