"""Intents and bill payments."""

from __future__ import annotations

from kaspi_web.domain.bills import intents, outcomes, payments
from kaspi_web.domain.bills.intents import IntentView
from kaspi_web.domain.bills.payments import PaymentView
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.kernel.money import Money
from tests.make.ledger import sql

BILLER = "almaty-energo"
ACCOUNT = "04512287"


def issued(bank: Bank, customer_id: int, *, slug: str = BILLER, account: str = ACCOUNT) -> IntentView:
    """An intent whose biller has answered, as the bill's form has it."""
    made = bank.db.write_now(intents.issue, customer_id=customer_id, slug=slug, account=account)
    return bank.db.write_now(intents.answered, customer_id=customer_id, intent_id=made.id, debt=Debt())


def confirmed(bank: Bank, customer_id: int, amount: Money, *, slug: str = BILLER) -> IntentView:
    """An intent for which a code was typed for `amount`."""
    made = issued(bank, customer_id, slug=slug)
    sql(
        bank,
        "UPDATE payment_intent SET amount_tiyn = :sum, confirmed_tiyn = :sum, source = 'wallet' WHERE id = :id",
        sum=amount.tiyn,
        id=made.id,
    )
    return made


def pay(bank: Bank, customer_id: int, key: str, amount: Money, *, source: str = "wallet") -> PaymentView:
    """Press Pay."""
    return bank.db.write_now(payments.pay, customer_id=customer_id, key=key, amount=amount, source=source)


def paid(bank: Bank, customer_id: int, amount: Money, *, slug: str = BILLER) -> PaymentView:
    """A payment of a new intent; its biller is still to be asked."""
    return pay(bank, customer_id, confirmed(bank, customer_id, amount, slug=slug).key, amount)


def payment(bank: Bank, customer_id: int, payment_id: int) -> PaymentView:
    """The payment as it is now."""
    return bank.db.read_now(payments.payment, customer_id=customer_id, payment_id=payment_id)


def accepted(bank: Bank, payment_id: int) -> None:
    """The biller says yes."""
    bank.db.write_now(outcomes.accepted, payment_id=payment_id, biller_txn="77")


def refused(bank: Bank, payment_id: int, word: str = "5") -> None:
    """The biller says no for good."""
    bank.db.write_now(outcomes.refused, payment_id=payment_id, word=word)


def unknown(bank: Bank, payment_id: int, word: str = "timeout") -> None:
    """The biller said nothing that can be relied on."""
    bank.db.write_now(outcomes.unknown, payment_id=payment_id, word=word)
