"""What a checkout is about: the lines that were taken from the basket, and the orders that were agreed on last.

It is kept as text, so that what is bought is exactly what was shown, whatever the catalogue says by then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kaspi_web.domain.baskets.views import Wanted
from kaspi_web.domain.catalogue.stock import Pieces
from kaspi_web.kernel.money import ZERO, Money

PICKUP, LOCAL, TODOOR = "DELIVERY_PICKUP", "DELIVERY_LOCAL", "DELIVERY_REGIONAL_TODOOR"


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of one offer as they were agreed on."""

    offer_id: int
    product_id: int
    sku: str
    names: Mapping[str, str]
    quantity: int
    price_tiyn: int
    commission_basis_points: int

    @property
    def total(self) -> Money:
        """What the line costs."""
        return Money(self.price_tiyn * self.quantity)


@dataclass(frozen=True, slots=True)
class Agreed:
    """One seller's order as it was agreed on."""

    merchant_id: int
    merchant: str
    """The slug."""
    name: str
    mode: str
    point_id: int
    city: str
    address: str
    delivery_tiyn: int
    bonus_basis_points: int
    """The rate that was promised."""
    lines: tuple[Line, ...]

    @property
    def delivery(self) -> Money:
        """What bringing it costs."""
        return Money(self.delivery_tiyn)

    @property
    def amount(self) -> Money:
        """What the order costs, delivery included."""
        return sum((line.total for line in self.lines), self.delivery)

    @property
    def pieces(self) -> list[Pieces]:
        """What is taken from the stock."""
        return [Pieces(line.offer_id, self.point_id, line.quantity) for line in self.lines]

    @property
    def weights(self) -> list[int]:
        """What each line costs, the delivery last if it costs anything."""
        return [line.total.tiyn for line in self.lines] + ([self.delivery_tiyn] if self.delivery_tiyn else [])


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lines wanted with the prices that were shown, and the orders, once they are agreed on."""

    lines: tuple[Wanted, ...]
    orders: tuple[Agreed, ...] = field(default=())

    @property
    def total(self) -> Money:
        """What all orders cost."""
        return sum((order.amount for order in self.orders), ZERO)

    @property
    def pieces(self) -> list[Pieces]:
        """What is taken from the stock for all orders."""
        return [each for order in self.orders for each in order.pieces]

    @property
    def sellers(self) -> str:
        """The sellers' names, for a text."""
        return ", ".join(order.name for order in self.orders)


def written(chosen: Chosen) -> str:
    """The text that is kept; the same choice makes the same text."""
    lines = [[each.offer_id, each.quantity, each.seen_price.tiyn] for each in chosen.lines]
    orders = [_fields(order) | {"lines": [_fields(line) for line in order.lines]} for order in chosen.orders]
    return json.dumps({"lines": lines, "orders": orders}, ensure_ascii=False)


def _fields(of: Agreed | Line) -> dict[str, Any]:
    # dataclasses.asdict copies everything, which is a good part of what a checkout costs.
    return {name: getattr(of, name) for name in of.__slots__}


def read(text: str) -> Chosen:
    """What a kept text says."""
    kept = json.loads(text)
    return Chosen(wanted(kept["lines"]), tuple(_agreed(order) for order in kept["orders"]))


def wanted(lines: Iterable[Any]) -> tuple[Wanted, ...]:
    """Lines from triples of offer, quantity and price."""
    return tuple(Wanted(offer, many, Money(price)) for offer, many, price in lines)


def _agreed(kept: dict[str, Any]) -> Agreed:
    given: dict[str, Any] = kept | {"lines": tuple(Line(**line) for line in kept["lines"])}
    return Agreed(**given)
