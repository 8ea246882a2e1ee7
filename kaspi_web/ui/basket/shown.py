"""What the basket's page holds: lines by seller, ready in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.baskets.views import BasketView, GroupView, LineView
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.money import ZERO, Money


@dataclass
class Line:
    """Pieces of one offer."""

    offer: int
    slug: str
    name: str
    picture: str
    quantity: int
    price: str
    """Of one piece, where there are several."""
    total: str
    was: str = ""
    """What the line cost before, where the price is another."""
    problem: str = ""
    """What stands in the way, in words."""
    can_more: bool = True
    is_apart: bool = False
    """Whether it can be ordered only by itself, because the seller's goods lie at several places."""


@dataclass
class Group:
    """What one seller has of it."""

    slug: str
    name: str
    delivery: str
    problem: str = ""
    can_be_ordered: bool = False
    """By itself, while something of another seller stands in the way of all."""
    lines: list[Line] = field(default_factory=list)


@dataclass
class Basket:
    """The whole basket; `count` is empty when there is nothing in it."""

    count: str = ""
    total: str = ""
    can_be_ordered: bool = False
    groups: list[Group] = field(default_factory=list)


def basket(view: BasketView, w: Words) -> Basket:
    """A basket in a language."""
    return Basket(
        count=w.count("checkout.pieces", view.count) if view.count else "",
        total=money(view.total, w.locale),
        can_be_ordered=view.can_be_ordered,
        groups=[group(each, w, alone=not view.can_be_ordered) for each in view.groups],
    )


def group(view: GroupView, w: Words, *, alone: bool) -> Group:
    """One seller's lines in a language; `alone` tells that the basket cannot be ordered as a whole."""
    return Group(
        slug=view.merchant.slug,
        name=view.merchant.name,
        delivery=_delivery(view, w),
        problem=w("checkout.apart") if view.is_apart else "",
        can_be_ordered=alone and bool(view.points),
        lines=[line(each, w, is_apart=view.is_apart) for each in view.lines],
    )


def _delivery(view: GroupView, w: Words) -> str:
    if view.delivery == ZERO:
        return w("checkout.delivery_free")
    left = money(view.free_from - view.goods, w.locale)
    return w("checkout.delivery_from", costs=money(view.delivery, w.locale), left=left)


def line(view: LineView, w: Words, *, is_apart: bool) -> Line:
    """A line in a language; `is_apart` tells that it is to be ordered by itself."""
    return Line(
        offer=view.offer_id,
        slug=view.slug,
        name=view.names[w.locale],
        picture=view.picture,
        quantity=view.quantity,
        price=w("checkout.each", price=money(view.price, w.locale)) if view.quantity > 1 else "",
        total=money(view.total, w.locale),
        was=_before(view, w) if view.price != view.seen_price else "",
        problem=_problem(view, w),
        can_more=view.quantity < view.free,
        is_apart=is_apart,
    )


def _before(view: LineView, w: Words) -> str:
    return money(Money(view.seen_price.tiyn * view.quantity), w.locale)


def _problem(view: LineView, w: Words) -> str:
    if view.problem == "short":
        return w.count("checkout.left", view.free)
    return w("checkout.gone") if view.problem == "gone" else ""
