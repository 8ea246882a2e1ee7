"""Plans as the papers have them, in whole tiyn: schedules, repayments in order, returns from the last one back."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date

RED_DAY, FINE = 20, 200_000
MINIMUM = {("red", 3): 3_000, ("instalment", 3): 10_000, ("instalment", 6): 15_000, ("instalment", 12): 25_000}
"""Tenge, by kind and months."""


@dataclass(slots=True)
class Payment:
    """One payment of a plan without interest."""

    due_on: date
    principal: int
    paid: int = 0
    cancelled: int = 0

    @property
    def left(self) -> int:
        return self.principal - self.paid - self.cancelled


@dataclass(slots=True)
class Plan:
    """What pays for one order; of a credit the payments are the bank's own, and interest is believed within bounds."""

    loan_id: int
    address: str
    owner: int
    kind: str
    months: int
    amount: int
    state: str = "reserved"
    payments: list[Payment] = field(default_factory=list)
    repaid: int = 0
    returned: int = 0
    overpaid: int = 0
    interest: int = 0
    """Posted."""
    interest_paid: int = 0
    is_annulled: bool = False
    automatic: bool = False

    @property
    def subject(self) -> str:
        return "red" if self.kind == "red" else f"loan:{self.loan_id}"

    @property
    def left(self) -> int:
        """Principal that is owed."""
        return self.amount - self.repaid - self.returned

    def opens(self, today: date) -> None:
        """The goods are handed over: the schedule begins."""
        self.state = "active"
        if self.kind == "credit":
            return
        usual = -(-self.amount // (self.months * 100)) * 100
        left = self.amount
        for number in range(1, self.months + 1):
            part = left if number == self.months else min(usual, left)
            self.payments.append(Payment(_day(today, number, self.kind), part))
            left -= part
        assert sum(each.principal for each in self.payments) == self.amount, "nothing is overpaid"
        if self.amount >= MINIMUM.get((self.kind, self.months), 0) * 100:
            assert all(each.principal > 0 for each in self.payments), "every payment is above zero"

    def takes_off(self, amount: int) -> tuple[int, int]:
        """Goods came back: what the plan shrinks by, and what goes to the wallet."""
        off = min(self.left, amount)
        self.returned += off
        self.overpaid += amount - off
        rest = off
        for each in reversed(self.payments):
            part = min(rest, each.left)
            each.cancelled += part
            rest -= part
        return off, amount - off


def _day(today: date, months: int, kind: str) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, RED_DAY if kind == "red" else min(today.day, last))


@dataclass(slots=True)
class Owner:
    """What somebody repays together: everything of RED, or one other plan."""

    customer_id: int
    subject: str
    plans: list[Plan]
    fines: dict[date, int]
    """What is not paid of them, by the bill's day."""

    def _ordered(self) -> list[tuple[Plan, Payment]]:
        found = [(plan, each) for plan in self.plans for each in plan.payments]
        return sorted(found, key=lambda each: (each[1].due_on, each[0].loan_id))

    @property
    def whole(self) -> int:
        """Everything, without interest."""
        return sum(each.left for _, each in self._ordered()) + sum(self.fines.values())

    def due(self, today: date) -> int:
        """What should have been paid by a day."""
        return sum(each.left for _, each in self._ordered() if each.due_on <= today) + sum(self.fines.values())

    def payable(self, today: date) -> int:
        """The same with the next bill."""
        ahead = [each for _, each in self._ordered() if each.due_on > today and each.left]
        following = sum(each.left for each in ahead if each.due_on == ahead[0].due_on)
        return self.due(today) + following

    def pays(self, today: date, amount: int) -> tuple[dict[int, int], int]:
        """Spread a repayment; answers principal by plan, and what went to fines."""
        principal: dict[int, int] = {}
        for plan, each in self._ordered():
            if each.due_on <= today:
                amount -= _pay(plan, each, amount, principal)
        fined = amount
        for day in sorted(self.fines):
            part = min(amount, self.fines[day])
            self.fines[day] -= part
            amount -= part
        fined -= amount
        for plan, each in self._ordered():
            amount -= _pay(plan, each, amount, principal)
        assert not amount, "no more is paid than is owed"
        return principal, fined


def _pay(plan: Plan, each: Payment, amount: int, principal: dict[int, int]) -> int:
    part = min(amount, each.left)
    each.paid += part
    plan.repaid += part
    if part:
        principal[plan.loan_id] = principal.get(plan.loan_id, 0) + part
    return part
