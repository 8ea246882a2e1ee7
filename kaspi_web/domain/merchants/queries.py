"""Sellers and their places, as the rest of the house sees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from kaspi_web.domain.merchants.models import Merchant, PickupPoint
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money


@dataclass(frozen=True, slots=True)
class MerchantView:
    """A seller and the terms of delivery; `free_delivery_from` is the sum of their goods that makes it free."""

    id: int
    slug: str
    name: str
    bin: str
    rating_hundredths: int
    reviews: int
    delivery: Money
    free_delivery_from: Money
    active: bool

    def delivery_of(self, goods: Money) -> Money:
        """What delivery of goods of this sum costs."""
        return Money(0) if goods >= self.free_delivery_from else self.delivery


@dataclass(frozen=True, slots=True)
class Place:
    """A pickup point of a merchant; addresses by language."""

    id: int
    merchant_id: int
    code: str
    city: str
    addresses: Mapping[str, str]
    hours: str
    active: bool


def merchant(unit: Unit, *, merchant_id: int) -> MerchantView:
    """One seller; raises NotFound."""
    row = unit.get(Merchant, merchant_id)
    if row is None:
        raise NotFound
    return view_of(row)


def by_slug(unit: Unit, *, slug: str) -> MerchantView:
    """The seller of this word in addresses; raises NotFound, also for one who sells no more."""
    found = unit.exec(select(Merchant).where(Merchant.slug == slug, col(Merchant.active))).one_or_none()
    if found is None:
        raise NotFound
    return view_of(found)


def merchants(unit: Unit, *, ids: Collection[int]) -> dict[int, MerchantView]:
    """Several sellers by id."""
    rows = unit.exec(select(Merchant).where(col(Merchant.id).in_(ids))) if ids else ()
    return {row.id: view_of(row) for row in rows if row.id is not None}


def all_merchants(unit: Unit) -> list[MerchantView]:
    """Everybody who sells, by name."""
    return [view_of(row) for row in unit.exec(select(Merchant).where(col(Merchant.active)).order_by(Merchant.name))]


def place(unit: Unit, *, point_id: int) -> Place:
    """One pickup point; raises NotFound."""
    row = unit.get(PickupPoint, point_id)
    if row is None:
        raise NotFound
    return _place(row)


def places(unit: Unit, *, merchant_id: int) -> list[Place]:
    """The points of a merchant, in the order of their codes."""
    mine = select(PickupPoint).where(PickupPoint.merchant_id == merchant_id, col(PickupPoint.active))
    return [_place(row) for row in unit.exec(mine.order_by(col(PickupPoint.id)))]


def view_of(row: Merchant) -> MerchantView:
    """A merchant's row as others see it."""
    assert row.id is not None
    return MerchantView(
        id=row.id,
        slug=row.slug,
        name=row.name,
        bin=row.bin,
        rating_hundredths=row.rating_hundredths,
        reviews=row.reviews,
        delivery=Money(row.delivery_tiyn),
        free_delivery_from=Money(row.free_delivery_from_tiyn),
        active=row.active,
    )


def _place(row: PickupPoint) -> Place:
    assert row.id is not None
    addresses = {"kk": row.address_kk, "ru": row.address_ru, "en": row.address_en}
    return Place(row.id, row.merchant_id, row.code, row.city, addresses, row.hours, row.active)
