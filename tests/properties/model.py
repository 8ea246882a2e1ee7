"""A second opinion: what everybody's money should be, counted with nothing but what was done and what was answered.

It knows the rules as the papers have them, and none of the bank's tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kaspi_web.kernel.money import ZERO, Money

CODE_ABOVE = Money.tenge(5_000)
CASH = (Money.tenge(100), Money.tenge(500_000))
BILL = (Money.tenge(10), Money.tenge(1_000_000))
LATE_BY = timedelta(seconds=120)


@dataclass(slots=True)
class TopUp:
    """Cash that a network told of; late cash is `due` by the bank's clock, somewhere between two moments."""

    txn_id: str
    phone: str
    amount: Money
    late: bool
    due: tuple[datetime, datetime] | None
    credited: bool
    number: int = 0
    came_on: date = date.min


@dataclass(slots=True)
class Intent:
    """A bill about to be paid: what was proposed and confirmed, and the payment that it became."""

    id: str
    key: str
    phone: str
    biller: str
    account: str
    expires_at: datetime
    answered: bool = False
    proposed: Money | None = None
    confirmed: Money | None = None
    payment_id: int | None = None
    codes: dict[int, str] = field(default_factory=dict)
    """The code that was sent last for a sum."""

    def may_pay(self, amount: Money) -> bool:
        """Whether the content is in order: answered, in range, as proposed, and confirmed where that is needed."""
        agreed = self.proposed is None or self.proposed == amount
        confirmed = amount <= CODE_ABOVE or self.confirmed == amount
        return self.answered and BILL[0] <= amount <= BILL[1] and agreed and confirmed


@dataclass(slots=True)
class Payment:
    """A bill payment; its `state` is taken over from the bank where the biller's own book says the same."""

    id: int
    txn_id: int
    customer_id: int
    biller: str
    account: str
    amount: Money
    started_on: date
    gives_up_at: datetime
    state: str = "on_way"
    finished_on: date = date.max

    @property
    def bonus(self) -> Money:
        """One percent, rounded down to a whole tiyn."""
        return Money(self.amount.tiyn // 100)


def total(sums: Iterable[Money]) -> Money:
    """All of them together."""
    return sum(sums, ZERO)


@dataclass(slots=True)
class Model:
    """Everything that was done so far."""

    customers: dict[str, int] = field(default_factory=dict)
    topups: dict[str, TopUp] = field(default_factory=dict)
    intents: list[Intent] = field(default_factory=list)
    payments: dict[int, Payment] = field(default_factory=dict)
    settled: dict[str, Money] = field(default_factory=dict)
    settled_on: dict[str, date] = field(default_factory=dict)

    def wallet(self, phone: str) -> Money:
        """Cash that has arrived, less every payment that was not refused."""
        came = total(each.amount for each in self.topups.values() if each.phone == phone and each.credited)
        return came - total(each.amount for each in self._of(phone) if each.state != "refused")

    def bonus(self, phone: str) -> Money:
        """What the payments that billers took have earned."""
        return total(each.bonus for each in self._of(phone) if each.state == "done")

    def _of(self, phone: str) -> list[Payment]:
        return [each for each in self.payments.values() if each.customer_id == self.customers[phone]]

    def held(self) -> Money:
        """Money of payments that have had no last word."""
        return total(each.amount for each in self.payments.values() if each.state in ("on_way", "registry"))

    def on_way(self) -> Money:
        """Cash that is still to arrive."""
        return total(each.amount for each in self.topups.values() if not each.credited)

    def counterparties(self) -> list[str]:
        """Everybody who may be settled with."""
        billers = {f"biller_payable:{each.biller}" for each in self.payments.values() if each.state == "done"}
        return [*sorted(billers), *(["terminal_network:kaspi"] if self.topups else [])]

    def booked(self, name: str, until: date = date.max) -> Money:
        """What was collected for a biller, or taken by the network, up to the end of a day and not settled yet."""
        kind, _, owner = name.partition(":")
        if kind == "terminal_network":
            booked = total(each.amount for each in self.topups.values() if each.came_on <= until)
        else:
            took = [each for each in self.payments.values() if (each.biller, each.state) == (owner, "done")]
            booked = total(each.amount for each in took if each.finished_on <= until)
        return booked - self.settled.get(name, ZERO)
