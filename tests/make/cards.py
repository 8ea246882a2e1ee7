"""Cards, charges and payouts of tests, made by the street's own verbs."""

from __future__ import annotations

import itertools
from typing import Any

from kaspi_web.domain.cards import charges, linking, payouts, refunds
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardView
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import check_digit
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.processing import Charged, PaidOut
from tests.make.ledger import fresh_key, sql

TOKEN = "tok_a"
OTHER_TOKEN = "tok_b"
_numbers = itertools.count(1)


def subject(street: str = "test") -> str:
    """A deed that nobody else asks for."""
    return f"{street}:{next(_numbers)}"


def with_check(digits: str) -> str:
    """These fifteen digits as a card's number."""
    return digits + check_digit(digits)


def own_card(bank: Bank, owner: int, *, money: Money = ZERO) -> CardView:
    """A card of this bank with `money` on it."""
    made = bank.db.write_now(cards.open_own, customer_id=owner)
    if money:
        bank.db.write_now(_bring, made.id, money)
    return shown(bank, owner, made.public_id)


def _bring(unit: Unit, card_id: int, money: Money) -> None:
    move = Move(ledger.account(unit, "terminal_network", "kaspi"), cards.account_id(unit, card_id=card_id), money)
    ledger.post(unit, kind="topup", key=fresh_key(), moves=[move])


def linked(bank: Bank, owner: int, **overrides: Any) -> CardView:
    """Another bank's card, linked through a try of its own."""
    card = {"token": TOKEN, "brand": "visa", "last4": "4242"} | overrides
    link_id = bank.db.write_now(linking.begin, customer_id=owner)
    bank.db.write_now(linking.challenged, customer_id=owner, link_id=link_id, **card)
    return bank.db.write_now(linking.proved, customer_id=owner, link_id=link_id)


def shown(bank: Bank, owner: int, public_id: str) -> CardView:
    """The card as its owner sees it."""
    return bank.db.read_now(cards.card, customer_id=owner, public_id=public_id)


def all_shown(bank: Bank, owner: int) -> list[CardView]:
    """The owner's list."""
    return bank.db.read_now(cards.cards, customer_id=owner)


def begun(bank: Bank, owner: int, card: CardView, amount: Money, **overrides: Any) -> int:
    """A charge that nobody has asked the processor for yet."""
    given = {"subject": subject()} | overrides
    return bank.db.write_now(charges.begin, customer_id=owner, card_id=card.id, amount=amount, **given)


def answered(bank: Bank, charge_id: int, state: str, reason: str = "") -> charges.ChargeView:
    """The processor's answer, written down."""
    return bank.db.write_now(charges.noted, charge_id=charge_id, answer=Charged(state, reason))


def captured(bank: Bank, owner: int, card: CardView, amount: Money) -> int:
    """A charge that has come to its good end."""
    charge_id = begun(bank, owner, card, amount)
    answered(bank, charge_id, "authorised")
    bank.db.write_now(charges.capture, charge_id=charge_id)
    answered(bank, charge_id, "captured")
    return charge_id


def charge(bank: Bank, charge_id: int) -> charges.ChargeView:
    """How the charge stands."""
    return bank.db.read_now(charges.charge, charge_id=charge_id)


def asked(bank: Bank) -> list[tuple[int, str]]:
    """Which charges a worker would ask for now, and what."""
    return [(job.id, job.deed) for job in bank.db.write_now(charges.claim)]


def payout(bank: Bank, owner: int, amount: Money, **overrides: Any) -> int:
    """A payout that nobody has asked the processor for yet."""
    given = {"token": OTHER_TOKEN, "last4": "4444", "subject": subject()} | overrides
    return bank.db.write_now(payouts.begin, customer_id=owner, amount=amount, **given)


def refund(bank: Bank, charge_id: int, amount: Money, **overrides: Any) -> int:
    """A refund that nobody has asked the processor for yet."""
    given = {"key": fresh_key(), "subject": subject()} | overrides
    return bank.db.write_now(charges.refund, charge_id=charge_id, amount=amount, **given)


def refund_answered(bank: Bank, refund_id: int, state: str) -> refunds.RefundView:
    """The processor's word on a refund, written down."""
    return bank.db.write_now(refunds.noted, refund_id=refund_id, answer=PaidOut(state))


def asked_for(bank: Bank) -> dict[str, Any]:
    """Everything that was asked of the processor: equal before and after means that nothing more was."""
    statements = {
        "charges": "SELECT id, state, wanted, refunded_tiyn FROM card_charge ORDER BY id",
        "refunds": "SELECT id, state, amount_tiyn FROM card_refund ORDER BY id",
        "payouts": "SELECT id, state, amount_tiyn FROM card_payout ORDER BY id",
        "cards": "SELECT id, frozen_at, unlinked_at FROM card ORDER BY id",
    }
    return {name: [tuple(row) for row in sql(bank, statement)] for name, statement in statements.items()}
