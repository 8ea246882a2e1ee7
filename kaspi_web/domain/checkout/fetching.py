"""How the goods of an order come to the buyer: from which point, at what cost, and by which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kaspi_web.domain.baskets.views import GroupView
from kaspi_web.domain.catalogue.stock import shortage
from kaspi_web.domain.catalogue.views import PointView
from kaspi_web.domain.checkout.chosen import LOCAL, PICKUP, TODOOR, Agreed, Line
from kaspi_web.kernel.errors import Invalid, Refused
from kaspi_web.kernel.money import ZERO, Money

CITIES = ("almaty", "astana", "karaganda")
MODES = (PICKUP, LOCAL, TODOOR)
READY_IN = {PICKUP: timedelta(0), LOCAL: timedelta(days=1), TODOOR: timedelta(days=4)}
"""From the day of the order to the day that is promised."""
WAITS_FOR = timedelta(days=7)
"""From the promised day to the last on which the order may be handed over."""
MOST_LETTERS = 200


class FetchingNeeded(Invalid):
    """It was not said whether the goods of `name` are fetched or brought."""

    code, field = "fetching_needed", "fetching"


class PointHasNot(Invalid):
    """The point does not have everything that is ordered from `name`."""

    code, field = "point_has_not", "point"


class GoodsApart(Refused):
    """No point of `name` has everything: the lines have to be ordered one by one."""

    code = "goods_apart"


class CityUnknown(Invalid):
    """Goods are not brought there."""

    code, field = "city_unknown", "city"


class AddressNeeded(Invalid):
    """Goods are to be brought, and nobody has said where to, or at too great a length."""

    code, field = "address_needed", "address"


@dataclass(frozen=True, slots=True)
class Fetch:
    """How a buyer wants one seller's goods: PICKUP from a point, or brought, where the bank finds mode and point."""

    mode: str
    point_id: int | None = None


@dataclass(frozen=True, slots=True)
class Pickup:
    """A point that has everything, and the day from which it may be fetched."""

    point: PointView
    planned_on: date


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bringing everything to a city: DELIVERY_LOCAL by the seller, or DELIVERY_REGIONAL_TODOOR by the bank."""

    city: str
    mode: str
    cost: Money
    planned_on: date


@dataclass(frozen=True, slots=True)
class Choices:
    """The ways in which a buyer may have one seller's goods; none when a line cannot be had."""

    group: GroupView
    pickups: tuple[Pickup, ...]
    deliveries: tuple[Delivery, ...]


def choices(group: GroupView, *, today: date) -> Choices:
    """Every way to have the goods of one seller."""
    pickups = tuple(Pickup(point, planned_on(PICKUP, today=today)) for point in group.points)
    deliveries = tuple(_delivery(group, city, today) for city in CITIES) if group.points else ()
    return Choices(group, pickups, deliveries)


def _delivery(group: GroupView, city: str, today: date) -> Delivery:
    mode, _ = _brought(group, city)
    return Delivery(city, mode, group.delivery, planned_on(mode, today=today))


def _brought(group: GroupView, city: str) -> tuple[str, PointView]:
    """The mode and the point: one in the buyer's city, where there is one."""
    near = next((point for point in group.points if point.city == city), None)
    return (LOCAL, near) if near else (TODOOR, group.points[0])


def planned_on(mode: str, *, today: date) -> date:
    """The day that is promised for an order of today."""
    return today + READY_IN[mode]


def due_on(mode: str, *, today: date) -> date:
    """The last day on which an order of today may be handed over."""
    return planned_on(mode, today=today) + WAITS_FOR


def check_place(fetching: Mapping[str, Fetch], *, city: str, address: str) -> None:
    """Refuse goods that are to be brought nowhere; raises CityUnknown or AddressNeeded."""
    if not any(each.mode in (LOCAL, TODOOR) for each in fetching.values()):
        return
    if city not in CITIES:
        raise CityUnknown
    if not 1 <= len(address) <= MOST_LETTERS:
        raise AddressNeeded


def agreed(group: GroupView, fetch: Fetch | None, *, city: str, address: str, basis_points: int) -> Agreed:
    """One seller's order as it is wanted; `basis_points` are the rate of its bonus.

    Raises OutOfStock, GoodsApart, FetchingNeeded or PointHasNot.
    """
    seller = group.merchant
    for line in group.lines:
        if line.free < line.quantity:
            raise shortage(line.free, line.names)
    if not group.points:
        raise GoodsApart(name=seller.name)
    if fetch is None or fetch.mode not in MODES:
        raise FetchingNeeded(name=seller.name)
    mode, point = _where(group, fetch, city)
    return Agreed(
        merchant_id=seller.id,
        merchant=seller.slug,
        name=seller.name,
        mode=mode,
        point_id=point.id,
        city=point.city if mode == PICKUP else city,
        address="" if mode == PICKUP else address,
        delivery_tiyn=(ZERO if mode == PICKUP else group.delivery).tiyn,
        bonus_basis_points=basis_points,
        lines=_lines(group),
    )


def _where(group: GroupView, fetch: Fetch, city: str) -> tuple[str, PointView]:
    if fetch.mode != PICKUP:
        return _brought(group, city)
    point = next((point for point in group.points if point.id == fetch.point_id), None)
    if point is None:
        raise PointHasNot(name=group.merchant.name)
    return PICKUP, point


def _lines(group: GroupView) -> tuple[Line, ...]:
    return tuple(
        Line(
            offer_id=line.offer_id,
            product_id=line.product_id,
            sku=line.sku,
            names=dict(line.names),
            quantity=line.quantity,
            price_tiyn=line.price.tiyn,
            commission_basis_points=line.commission_basis_points,
        )
        for line in group.lines
    )
