"""A plan of each kind through random repayments, returns and jumps of the clock, beside a simple model of the money."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from kaspi_web.domain.loans.plans import OnePlan
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make import plans as make
from tests.make.ledger import account, assert_clean, balance

K = Money.tenge
STEPS = 25
WEALTH = K(1_000_000)


class Model:
    """What everybody should have: the customer's wallet, the seller's account, the principal that is owed."""

    def __init__(self, lent: Money) -> None:
        self.purse, self.seller, self.owed, self.goods = WEALTH, lent, lent, lent
        self.interest = self.fines = ZERO
        """Paid, and kept by the bank."""


@pytest.mark.parametrize("kind", ["red", "instalment", "credit"])
@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_everybody_has_what_they_should(bank: Bank, kind: str, seed: int) -> None:
    chance = random.Random(f"{kind}{seed}")
    amount = Money(chance.randrange(30_000_00, 50_000_00))
    me = make.member(bank, money=WEALTH)
    loan = make.lent(bank, me, amount, kind, 6 if kind == "credit" else 3)
    plan = "red" if kind == "red" else make.address(bank, loan)
    model = Model(amount)
    for _ in range(STEPS):
        deed = chance.choice((_pass_days, _pay, _pay, _pay_due, _give_back))
        deed(bank, me, loan, plan, model, chance)
        _agree(bank, me, loan, model, kind)
    _end(bank, me, loan, plan, model)
    assert_clean(bank)


def _pass_days(bank: Bank, me: int, loan: int, plan: str, model: Model, chance: random.Random) -> None:
    bank.clock.jump(timedelta(days=chance.choice((1, 2, 5, 13, 40))))
    if chance.random() < 0.7:
        make.work(bank)


def _owed(bank: Bank, me: int, loan: int, plan: str):
    return make.club(bank, me).owed if plan == "red" else make.seen(bank, me, loan).owed


def _pay(bank: Bank, me: int, loan: int, plan: str, model: Model, chance: random.Random) -> None:
    owed = _owed(bank, me, loan, plan)
    if owed.whole:
        amount = chance.choice((owed.whole, Money(1), Money(chance.randint(1, owed.whole.tiyn))))
        _paid(model, make.pay(bank, me, plan, amount, way="whole" if amount == owed.whole else "early"))


def _pay_due(bank: Bank, me: int, loan: int, plan: str, model: Model, chance: random.Random) -> None:
    owed = _owed(bank, me, loan, plan)
    if owed.payable:
        _paid(model, make.pay(bank, me, plan, owed.payable, way="due"))


def _paid(model: Model, paid) -> None:
    assert paid.amount == paid.principal + paid.interest + paid.fine
    model.purse -= paid.amount
    model.owed -= paid.principal
    model.interest += paid.interest
    model.fines += paid.fine


def _give_back(bank: Bank, me: int, loan: int, plan: str, model: Model, chance: random.Random) -> None:
    if not model.goods or chance.random() < 0.5:
        return
    amount = chance.choice((model.goods, Money(chance.randint(1, model.goods.tiyn))))
    made = make.give_back(bank, loan, amount)
    assert made.off_plan == min(amount, model.owed)
    assert made.overpaid == amount - made.off_plan
    model.goods -= amount
    model.seller -= amount
    model.owed -= made.off_plan
    model.purse += made.overpaid
    if not model.goods:
        model.purse += model.interest
        model.interest = ZERO


def _agree(bank: Bank, me: int, loan: int, model: Model, kind: str) -> None:
    seen = make.seen(bank, me, loan)
    assert bank.db.read_now(wallet.balances, customer_id=me).wallet == model.purse
    assert balance(bank, account(bank, "merchant", make.SELLER)) == model.seller
    assert balance(bank, account(bank, "loan", str(loan))) == model.owed == seen.plan.left
    unpaid_interest = balance(bank, account(bank, "loan_interest", str(loan)))
    assert balance(bank, account(bank, "interest_income")) == model.interest + unpaid_interest
    owner = f"red:{me}" if kind == "red" else f"loan:{loan}"
    assert balance(bank, account(bank, "fine_income")) == model.fines + balance(bank, account(bank, "loan_fine", owner))
    _schedule_holds(seen, kind)
    if kind == "red":
        assert make.club(bank, me).member.used == model.owed


def _schedule_holds(seen: OnePlan, kind: str) -> None:
    assert sum((row.principal for row in seen.rows), ZERO) + seen.early + seen.returned == seen.plan.amount
    assert all(row.principal >= ZERO and row.interest >= ZERO and row.left >= ZERO for row in seen.rows)
    if kind != "credit":
        assert sum((row.left for row in seen.rows), ZERO) == seen.plan.left
        assert all(row.interest == ZERO for row in seen.rows)


def _end(bank: Bank, me: int, loan: int, plan: str, model: Model) -> None:
    """Everything is paid in the end, and the plan is closed."""
    bank.clock.jump(timedelta(days=300))
    make.work(bank)
    owed = _owed(bank, me, loan, plan)
    if owed.whole:
        _paid(model, make.pay(bank, me, plan, owed.whole, way="whole"))
    assert model.owed == ZERO
    assert make.seen(bank, me, loan).plan.state == "closed"
    assert _owed(bank, me, loan, plan).whole == ZERO
