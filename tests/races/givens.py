"""What is there before a race: many intents of one customer, money in accounts, open holds."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from kaspi_web.domain.bills.models import PaymentIntent
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.make.bills import ACCOUNT, BILLER
from tests.make.ledger import sql


def keys_of(bank: Bank, owner: int, count: int) -> list[str]:
    """The keys of so many answered intents, put straight into the table: issuing stops at thirty in ten minutes."""
    return bank.db.write_now(_intents, owner, count)


def proposals_of(
    bank: Bank, owner: int, count: int, amount: Money, *, spend: Money | None = None, card_id: int | None = None
) -> list[str]:
    """The keys of so many intents that were proposed with the same sum, bonuses and card."""
    keys = keys_of(bank, owner, count)
    content = {"amount": amount.tiyn, "spend": spend.tiyn if spend else 0, "card": card_id}
    sql(
        bank,
        "UPDATE payment_intent SET amount_tiyn = :amount, spend_bonus_tiyn = :spend, card_id = :card, proposal = 1,"
        " source = :source WHERE payment_id IS NULL",
        **content,
        source="card" if card_id else "bonus" if spend == amount else "wallet",
    )
    return keys


def _intents(unit: Unit, owner: int, count: int) -> list[str]:
    now = real_now()
    for_all = {"customer_id": owner, "biller": BILLER, "account": ACCOUNT, "answered_at": now}
    # Long enough for a race on a slow machine; that an intent ends is told elsewhere.
    times = {"issued_at": now, "expires_at": now + timedelta(hours=1)}
    rows = [PaymentIntent(id=public_id(), key=public_id(), **for_all, **times) for _ in range(count)]
    unit.add_all(rows)
    return [row.key for row in rows]


def held(bank: Bank) -> Money:
    """What all open holds add up to."""
    return bank.db.read_now(_held)


def _held(unit: Unit) -> Money:
    open_ = text("SELECT COALESCE(SUM(amount_tiyn - captured_tiyn - released_tiyn), 0) FROM hold")
    return Money(int(unit.sql(open_).scalar_one()))
