"""A second opinion: everything that was done and what was answered, and what each deed does to everybody's money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from kaspi_web.kernel.money import ZERO, Money
from tests.properties import books
from tests.properties.books import Books

CODE_ABOVE = Money.tenge(5_000)
CASH = (Money.tenge(100), Money.tenge(500_000))
BILL = {"dastarhan-almaty": (Money.tenge(100), Money.tenge(500_000))}
USUAL_BILL = (Money.tenge(10), Money.tenge(1_000_000))
RATES = {"dastarhan-almaty": 5}
"""Percent of what is paid with money, where it is not one."""
LATE_BY = timedelta(seconds=120)
GIVE_UP = timedelta(hours=24)


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


@dataclass(slots=True, eq=False)
class Card:
    """A card of ours or another bank's."""

    id: int
    public_id: str
    phone: str
    is_own: bool
    number: str
    frozen: bool = False
    live: bool = True

    @property
    def account(self) -> books.Account:
        """Its account here, if it is one of ours."""
        return "card", str(self.id)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was agreed to be paid: where the money comes from, and how much of it are bonuses."""

    amount: Money
    source: str = "wallet"
    card: Card | None = None
    spend: Money = ZERO


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
    proposed: Proposal | None = None
    confirmed: Money | None = None
    payment_id: int | None = None
    codes: dict[int, str] = field(default_factory=dict)
    """The code that was sent last for a sum."""

    def may_pay(self, amount: Money, source: str) -> bool:
        """Whether the content is in order: answered, in range, as proposed, and confirmed where that is needed."""
        agreed = (self.proposed.amount, self.proposed.source) if self.proposed else (amount, "wallet")
        confirmed = amount <= CODE_ABOVE or self.confirmed == amount
        least, most = BILL.get(self.biller, USUAL_BILL)
        return self.answered and least <= amount <= most and agreed == (amount, source) and confirmed


@dataclass(slots=True)
class Payment:
    """A bill payment; its `state` is taken over from the bank where others' own books say the same."""

    id: int
    txn_id: int
    customer_id: int
    biller: str
    account: str
    what: Proposal
    started_on: date
    gives_up_at: datetime
    state: str = "on_way"
    refunded: Money = ZERO
    taken_back: Money = ZERO
    disputed: set[str] = field(default_factory=set)
    """Differences that were noted because its biller contradicted itself."""

    @property
    def amount(self) -> Money:
        """The whole sum."""
        return self.what.amount

    @property
    def money(self) -> Money:
        """The part that is not bonuses."""
        return self.what.amount - self.what.spend

    def earns(self, money: Money) -> Money:
        """So many percent, rounded down to a whole tiyn."""
        return Money(money.tiyn * RATES.get(self.biller, 1) // 100)


@dataclass(slots=True)
class Refund:
    """What a biller gave back; `goes_to` is wallet, card or bank_card."""

    id: int
    cancel_id: str
    payment: Payment
    amount: Money
    to_money: Money
    goes_to: str


@dataclass(slots=True)
class Transfer:
    """Money sent to somebody, or between one's own accounts; `recipient` is a phone that had a wallet then."""

    id: int
    public_id: str
    kind: str
    sender: str
    recipient: str
    phone: str
    to_card: Card | None
    token: str
    amount: Money
    card: Card | None
    known: bool
    started_on: date
    spend: Money = ZERO
    state: str = "draft"
    hurried: bool = False
    request: str = ""

    @property
    def money(self) -> Money:
        """The part that is not bonuses."""
        return self.amount - self.spend

    @property
    def means(self) -> str:
        """What it is paid with."""
        if not self.money:
            return "by bonus"
        source = "wallet" if self.card is None else "own card" if self.card.is_own else "another bank's card"
        return f"by {source} and bonus" if self.spend else f"by {source}"

    @property
    def from_another_bank(self) -> bool:
        """Whether another bank's card pays."""
        return self.card is not None and not self.card.is_own

    @property
    def limited_as(self) -> set[str]:
        """The kinds of limits that it uses: its own, and that of cards where another bank's card is paid or pays."""
        return {self.kind, "card"} if self.token or self.from_another_bank else {self.kind}

    @property
    def is_open(self) -> bool:
        """Whether it has had no last word."""
        return self.state in ("funding", "held", "sending", "waiting")


def total(sums: list[Money]) -> Money:
    """All of them together."""
    return sum(sums, ZERO)


class Model:
    """Everything that was done so far, and the books of it."""

    def __init__(self, today: Callable[[], date]) -> None:
        self.books = Books(today)
        self.customers: dict[str, int] = {}
        self.topups: dict[str, TopUp] = {}
        self.intents: list[Intent] = []
        self.payments: dict[int, Payment] = {}
        self.refunds: dict[int, Refund] = {}
        self.cards: list[Card] = []
        self.transfers: dict[int, Transfer] = {}

    def registered(self, phone: str, customer_id: int) -> None:
        """Somebody has a wallet now."""
        self.customers[phone] = customer_id
        self.books.open(books.wallet(customer_id), books.bonus(customer_id))

    def wallet_of(self, phone: str) -> books.Account:
        """The account of somebody's wallet."""
        return books.wallet(self.customers[phone])

    def wallet(self, phone: str) -> Money:
        """What somebody may spend now."""
        return self.books.money[self.wallet_of(phone)]

    def bonus(self, phone: str) -> Money:
        """The bonuses that somebody may spend now."""
        return self.books.money[books.bonus(self.customers[phone])]

    def phone_of(self, customer_id: int) -> str:
        """Whose number it is."""
        return next(phone for phone, number in self.customers.items() if number == customer_id)

    def cards_of(self, phone: str, *, own: bool) -> list[Card]:
        """Somebody's live cards."""
        return [each for each in self.cards if (each.phone, each.is_own, each.live) == (phone, own, True)]

    def can_give(self, phone: str, source: Card | None, money: Money) -> bool:
        """Whether so much can be taken; what is on another bank's card nobody here knows."""
        if source is None:
            return money <= self.wallet(phone)
        left = self.books.money[source.account] if source.is_own else money
        return source.live and not source.frozen and money <= left

    def home_of(self, phone: str, card: Card | None) -> books.Account:
        """Where money goes to that is meant for a card of ours or the wallet: the wallet once the card is gone."""
        return card.account if card is not None and card.live and card.is_own else self.wallet_of(phone)
