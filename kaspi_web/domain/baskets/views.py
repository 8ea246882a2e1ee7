"""Lines by their sellers, with what each can be had for now and where: of a basket, and of a checkout made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from kaspi_web.domain.baskets.goods import Goods, goods
from kaspi_web.domain.catalogue.views import PointView
from kaspi_web.domain.merchants.queries import MerchantView
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


class Wanted(NamedTuple):
    """Pieces of an offer that a customer wants, and the price that was seen last."""

    offer_id: int
    quantity: int
    seen_price: Money


@dataclass(frozen=True, slots=True)
class LineView:
    """A line; `free` is the most that one point has, and `problem` is price_changed, short, gone or nothing."""

    offer_id: int
    product_id: int
    slug: str
    names: Mapping[str, str]
    picture: str
    sku: str
    quantity: int
    price: Money
    seen_price: Money
    free: int
    problem: str
    commission_basis_points: int

    @property
    def total(self) -> Money:
        """What the line costs now."""
        return Money(self.price.tiyn * self.quantity)


@dataclass(frozen=True, slots=True)
class GroupView:
    """What one seller would send or hand out; it leaves from one of `points`, each of which has every line.

    `free` of a point is how many pieces of the scarcest line it has. `is_apart` tells that every line can be had, but
    at no point all of them.
    """

    merchant: MerchantView
    lines: tuple[LineView, ...]
    points: tuple[PointView, ...]
    goods: Money
    delivery: Money
    """What bringing it to the customer would cost."""
    free_from: Money
    """The sum of goods from which that costs nothing."""

    @property
    def is_apart(self) -> bool:
        """Whether the lines have to be ordered one by one."""
        return not self.points and not any(line.problem in ("short", "gone") for line in self.lines)


@dataclass(frozen=True, slots=True)
class BasketView:
    """A customer's basket; `total` is the goods without delivery."""

    groups: tuple[GroupView, ...]
    total: Money
    count: int
    """Pieces."""

    @property
    def can_be_ordered(self) -> bool:
        """Whether nothing stands in the way; a price that changed does not."""
        lines = [line for group in self.groups for line in group.lines]
        return bool(lines) and all(group.points for group in self.groups)


def grouped(unit: Unit, wanted: Iterable[Wanted], *, customer_id: int) -> tuple[GroupView, ...]:
    """The lines by seller, sellers in the order of their first line."""
    lines = list(wanted)
    found = goods(unit, offer_ids={each.offer_id for each in lines}, customer_id=customer_id)
    by_seller: dict[int, list[tuple[Wanted, Goods]]] = {}
    for each in lines:
        this = found[each.offer_id]
        by_seller.setdefault(this.merchant.id, []).append((each, this))
    return tuple(_group(of) for of in by_seller.values())


def _group(of: list[tuple[Wanted, Goods]]) -> GroupView:
    merchant = of[0][1].merchant
    lines = tuple(_line(wanted, this) for wanted, this in of)
    total = sum((line.total for line in lines), ZERO)
    return GroupView(
        merchant, lines, _points(of), total, merchant.delivery_of(total), free_from=merchant.free_delivery_from
    )


def _line(wanted: Wanted, this: Goods) -> LineView:
    free = max((point.free for point in this.points), default=0) if this.is_sold else 0
    return LineView(
        this.offer_id,
        this.product_id,
        this.slug,
        this.names,
        this.picture,
        this.sku,
        wanted.quantity,
        this.price,
        wanted.seen_price,
        free,
        _problem(wanted, this.price, free),
        this.commission_basis_points,
    )


def _problem(wanted: Wanted, price: Money, free: int) -> str:
    if not free:
        return "gone"
    if free < wanted.quantity:
        return "short"
    return "price_changed" if price != wanted.seen_price else ""


def _points(of: list[tuple[Wanted, Goods]]) -> tuple[PointView, ...]:
    """The points that have every line in full."""
    common: dict[int, PointView] | None = None
    for wanted, this in of:
        enough = {point.id: point for point in this.points if this.is_sold and point.free >= wanted.quantity}
        if common is None:
            common = enough
        else:
            both = common.keys() & enough.keys()
            common = {
                number: replace(point, free=min(point.free, enough[number].free))
                for number, point in common.items()
                if number in both
            }
    return tuple((common or {}).values())
