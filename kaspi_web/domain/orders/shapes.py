"""What is shown of purchases, orders, their lines and returns: frozen views, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kaspi_web.domain.merchants.queries import MerchantView, Place
from kaspi_web.kernel.money import Money


@dataclass(frozen=True, slots=True)
class LineView:
    """Pieces of one product, or the delivery; `left` pieces are neither cancelled nor returned."""

    number: int
    kind: str
    product: str
    """The product's slug, empty for the delivery."""
    picture: str
    sku: str
    names: Mapping[str, str]
    quantity: int
    price: Money
    bonus: Money
    money: Money
    cancelled: int
    returned: int
    left: int
    may_return: int
    """Pieces that can still be asked to be returned: none while another return of the line is open."""

    @property
    def total(self) -> Money:
        """The price of all pieces as ordered."""
        return self.bonus + self.money


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return and what became of it; `line` is the number of the line."""

    id: str
    line: int
    pieces: int
    reason: str
    words: str
    state: str
    refusal: str
    to_bonus: Money
    to_money: Money
    off_plan: Money
    taken_back: Money
    withheld: Money
    goes_to: str
    asked_at: datetime
    answered_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its lines and returns; `left` and `commission` are of what is neither cancelled nor returned."""

    id: str
    code: str
    purchase: str
    merchant: MerchantView
    point: Place
    source: str
    """wallet, bonus, card, red, instalment or credit: what the money part was paid from."""
    state: str
    status: str
    delivery_mode: str
    city: str
    address: str
    amount: Money
    bonus: Money
    money: Money
    left: Money
    commission: Money
    promised_bonus: Money
    taken_back: Money
    plan: str
    """The address of its plan, empty if there is none."""
    backing: str
    """What was set aside for it: `plan`, `money` (bonuses too), or nothing yet."""
    cancellation_reason: str
    spaces: int
    planned_on: date
    due_on: date
    made_at: datetime
    accepted_at: datetime | None
    handed_over_at: datetime | None
    cancelled_at: datetime | None
    lines: tuple[LineView, ...]
    returns: tuple[ReturnView, ...]
    may_cancel: bool
    may_refuse_parcel: bool
    return_until: Mapping[str, date]
    """The last day to ask for a return by its reason; empty unless handed over."""


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order in a list; `picture` is of its first line."""

    row: int
    """For `before` of the next page."""
    id: str
    code: str
    merchant: str
    state: str
    status: str
    amount: Money
    left: Money
    pieces: int
    names: Mapping[str, str]
    picture: str
    backing: str
    """As of an order."""
    planned_on: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """One tap and what it became."""

    id: str
    state: str
    source: str
    months: int
    amount: Money
    spent_bonus: Money
    reason: str
    made_at: datetime
    sign_until: datetime | None
    finished_at: datetime | None
    orders: tuple[OrderView, ...]
