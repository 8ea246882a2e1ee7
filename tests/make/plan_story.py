"""A story in which every entry of plans is written, with every account it can be between."""

from __future__ import annotations

from datetime import timedelta

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.make import plans as make

_ME = "+77010000191"


def tell(bank: Bank) -> None:
    """RED and a credit that are late, fined, repaid; then all goods of the credit come back."""
    me = make.member(bank, phone=_ME, money=Money.tenge(60_000))
    credit = make.lent(bank, me, Money.tenge(40_000), "credit", 6)
    make.lent(bank, me, Money.tenge(9_000))
    bank.clock.jump(timedelta(days=70))
    make.work(bank)
    make.pay(bank, me, "red", Money.tenge(10_000))
    make.pay(bank, me, make.address(bank, credit), Money.tenge(9_000), way="due")
    make.give_back(bank, credit, Money.tenge(40_000))
