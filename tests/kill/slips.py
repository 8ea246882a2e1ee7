"""Customers with wallets and browsers, and what they mean to pay: intents that a biller has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from kaspi_web.domain.bills.models import PaymentIntent
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from kaspi_web.simulators.biller.accounts import Habit
from kaspi_web.simulators.biller.services import shipped
from tests.billers import BILLERS
from tests.make.customers import customer

MONEY = Money.tenge(10_000_000)
_PAYERS = {
    code: [number for number, account in shipped()[code].accounts.items() if account.habit is Habit.PLAIN]
    for code in BILLERS
}


@dataclass(frozen=True, slots=True)
class Slip:
    """One payment that a customer means to make; `intent_id` is its address."""

    intent_id: str
    customer_id: int
    biller: str
    account: str
    amount: Money
    taps: int = 1
    """How often an impatient customer presses Pay."""

    @property
    def path(self) -> str:
        """The page of this payment."""
        return f"/en/payments/i/{self.intent_id}"


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer with a wallet, and the cookie of a browser that is signed in to it."""

    id: int
    cookie: str


def shoppers(bank: Bank, count: int) -> list[Shopper]:
    """Customers with money and a browser each."""
    made = [customer(bank, money=MONEY, phone=f"+7701000{number:04d}") for number in range(count)]
    return [Shopper(each, bank.db.write_now(_sign_in, customer_id=each)) for each in made]


def _sign_in(unit: Unit, *, customer_id: int) -> str:
    return f"sid={sessions.start(unit, customer_id=customer_id, replacing='', device='kill')}"


def slips(bank: Bank, shopper: Shopper, count: int, dice: Random, *, amount: Money | None = None) -> list[Slip]:
    """Payments that this customer means to make, to any account of any biller."""
    made = [_slip(shopper, dice, amount) for _ in range(count)]
    bank.db.write_now(_insert, made)
    return made


def _slip(shopper: Shopper, dice: Random, amount: Money | None) -> Slip:
    biller = dice.choice(sorted(_PAYERS))
    account, taps = dice.choice(_PAYERS[biller]), dice.choice((1, 1, 1, 2))
    return Slip(public_id(), shopper.id, biller, account, amount or Money(dice.randint(1_000, 200_000)), taps)


def _insert(unit: Unit, made: list[Slip]) -> None:
    # Straight into the table: a customer may have no more than thirty of them issued in ten minutes.
    now = real_now()
    usual = {"issued_at": now, "answered_at": now, "expires_at": now + timedelta(days=1)}
    unit.add_all(
        PaymentIntent(
            id=each.intent_id,
            key=public_id(),
            customer_id=each.customer_id,
            biller=each.biller,
            account=each.account,
            **usual,
        )
        for each in made
    )
