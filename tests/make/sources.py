"""Cards of ours with money on them, and tokens of other banks' cards; charges as the processor answers them."""

from __future__ import annotations

import itertools

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.processing import Charged
from tests.make.ledger import fresh_key, sql

_numbers = itertools.count(1)


def own_card(bank: Bank, customer_id: int, *, money: Money = ZERO) -> cards.CardView:
    """A card of ours, with `money` on it."""
    made = bank.db.write_now(cards.open_own, customer_id=customer_id)
    if money:
        bank.db.write_now(_give, made.id, money)
    return made


def _give(unit: Unit, card_id: int, money: Money) -> None:
    move = Move(ledger.account(unit, "terminal_network", "kaspi"), ledger.account(unit, "card", str(card_id)), money)
    ledger.post(unit, kind="topup", key=fresh_key(), moves=[move])


def bank_card(bank: Bank, customer_id: int, *, last4: str = "1234") -> cards.CardView:
    """A linked card of another bank."""
    return bank.db.write_now(_link, customer_id, last4)


def _link(unit: Unit, customer_id: int, last4: str) -> cards.CardView:
    number = next(_numbers)
    given = {"kind": "bank", "token": f"tok-test-{number}", "brand": "visa", "last4": last4}
    row = cards.added(unit, customer_id=customer_id, public_id=f"testcard{number:018d}", **given)
    return cards.view_of(unit, row)


def processor_says(bank: Bank, subject_like: str, state: str, reason: str = "") -> None:
    """The processor answers the charge whose subject begins so."""
    (found,) = sql(bank, "SELECT id FROM card_charge WHERE subject LIKE :subject", subject=f"{subject_like}%")
    bank.db.write_now(sagas.charge_answered, charge_id=found[0], answer=Charged(state, reason))


def give_bonus(bank: Bank, customer_id: int, money: Money) -> None:
    """Bonuses, out of nothing but the bank's expense."""
    bank.db.write_now(_give_bonus, customer_id, money)


def _give_bonus(unit: Unit, customer_id: int, money: Money) -> None:
    move = Move(ledger.account(unit, "bonus_expense"), ledger.account(unit, "bonus", str(customer_id)), money)
    ledger.post(unit, kind="bonus_given", key=fresh_key(), moves=[move])
