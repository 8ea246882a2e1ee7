"""A second set of books, kept by hand: every sum moves from one account to another, so it can only be misplaced.

It knows the rules as the papers have them, and none of the bank's tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from kaspi_web.kernel.money import ZERO, Money

Account = tuple[str, str]
"""A kind of account and its owner, as the chart of docs/ledger.md has them."""

HOLDS, LATE_CASH, EXPENSE, SETTLED = ("holds", ""), ("topups_on_way", ""), ("bonus_expense", ""), ("settlement", "")
PROCESSOR, PAYOUTS, NETWORK = ("card_processor", ""), ("card_payouts", ""), ("terminal_network", "kaspi")
COUNTERPARTIES = ("biller_payable", "terminal_network", "card_processor", "card_payouts")


def wallet(customer_id: int) -> Account:
    """Somebody's wallet."""
    return "wallet", str(customer_id)


def bonus(customer_id: int) -> Account:
    """Somebody's bonuses."""
    return "bonus", str(customer_id)


def payable(biller: str) -> Account:
    """What a biller is owed."""
    return "biller_payable", biller


@dataclass(slots=True)
class Books:
    """Balances as credits; `today` is the bank's business day."""

    today: Callable[[], date]
    money: dict[Account, Money] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    booked: list[tuple[date, Account, Money]] = field(default_factory=list)
    settled_on: dict[Account, date] = field(default_factory=dict)

    def move(self, debit: Account, credit: Account, amount: Money) -> None:
        """Book a sum from one account to another."""
        assert amount >= ZERO
        for account, change in ((debit, -amount), (credit, amount)):
            self.money[account] += change
            if account[0] in COUNTERPARTIES:
                self.booked.append((self.today(), account, change))

    def of_kind(self, kind: str) -> Money:
        """What all accounts of a kind have together."""
        return sum((money for account, money in self.money.items() if account[0] == kind), ZERO)

    def kept(self) -> dict[Account, Money]:
        """The accounts that customers see."""
        return {each: money for each, money in self.money.items() if each[0] in ("wallet", "bonus", "card")}

    def open(self, *accounts: Account) -> None:
        """Accounts that are there with nothing in them."""
        for each in accounts:
            self.money[each] += ZERO

    def to_settle(self, day: date) -> dict[Account, Money]:
        """What is still to be settled of everything up to the end of a day: above zero is owed by the bank."""
        sums: dict[Account, Money] = defaultdict(lambda: ZERO)
        for on, account, change in self.booked:
            if on <= day:
                sums[account] += change
        return {each: left for each, left in sums.items() if left and self.settled_on.get(each, date.min) < day}

    def settle(self, day: date) -> dict[str, Money]:
        """Settle a day; answers the sums by name, without their sign."""
        found = self.to_settle(day)
        for account, left in found.items():
            debit, credit = (account, SETTLED) if left > ZERO else (SETTLED, account)
            self.money[debit] -= max(left, -left)
            self.money[credit] += max(left, -left)
            # A settlement counts for every day, whenever it was booked.
            self.booked.append((date.min, account, -left))
            self.settled_on[account] = day
        return {":".join(account): max(left, -left) for account, left in found.items()}
