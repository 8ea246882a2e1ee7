"""What the rest of the house sees of the catalogue: frozen views, never rows; names and texts by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from kaspi_web.domain.catalogue.models import Category, Product
from kaspi_web.domain.merchants.queries import MerchantView
from kaspi_web.kernel.money import Money

LOCALES = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A node of the tree; `parent` is the slug of the one above, empty for a section."""

    id: int
    slug: str
    names: Mapping[str, str]
    depth: int
    picture: str
    parent: str
    commission_basis_points: int


@dataclass(frozen=True, slots=True)
class Card:
    """A product as lists show it; without a price nobody has it now."""

    id: int
    slug: str
    names: Mapping[str, str]
    brand: str
    picture: str
    price: Money | None
    old_price: Money | None
    sellers: int
    rating_hundredths: int
    reviews: int


@dataclass(frozen=True, slots=True)
class PointView:
    """A place where an offer's goods lie; `free` pieces of them are neither sold nor set aside."""

    id: int
    code: str
    city: str
    addresses: Mapping[str, str]
    hours: str
    free: int


@dataclass(frozen=True, slots=True)
class OfferView:
    """What one merchant asks, and the points that have it."""

    id: int
    product_id: int
    merchant: MerchantView
    sku: str
    price: Money
    old_price: Money | None
    points: tuple[PointView, ...]

    @property
    def free(self) -> int:
        """Pieces at all points together."""
        return sum(point.free for point in self.points)


@dataclass(frozen=True, slots=True)
class FactView:
    """An attribute of a product and its value."""

    code: str
    names: Mapping[str, str]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProductView:
    """The card of one product: what it is, what it looks like, and who sells it, the cheapest first."""

    id: int
    slug: str
    names: Mapping[str, str]
    brand: str
    texts: Mapping[str, str]
    price: Money | None
    old_price: Money | None
    sellers: int
    rating_hundredths: int
    reviews: int
    facts: tuple[FactView, ...]
    pictures: tuple[str, ...]
    offers: tuple[OfferView, ...]
    path: tuple[CategoryView, ...]
    """Section, group, category."""
    changed_at: datetime

    @property
    def picture(self) -> str:
        """The first picture, empty if there is none."""
        return self.pictures[0] if self.pictures else ""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What one buyer says; `locale` is the language of the words."""

    id: int
    author: str
    stars: int
    words: str
    locale: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Reviews, the newest first; `next` is what to ask `before` for further ones, None at the end."""

    reviews: tuple[ReviewView, ...]
    next: int | None
    total: int
    rating_hundredths: int
    stars: Mapping[int, int]
    """How many reviews gave five, four, ... one."""


def in_languages(row: object, field: str) -> dict[str, str]:
    """The columns `field`_kk, _ru and _en of a row."""
    return {locale: getattr(row, f"{field}_{locale}") for locale in LOCALES}


def money_of(tiyn: int | None) -> Money | None:
    """A sum that may be missing."""
    return None if tiyn is None else Money(tiyn)


def card_of(row: Product, picture: str) -> Card:
    """A product's row as a card, with its first picture."""
    assert row.id is not None
    return Card(
        id=row.id,
        slug=row.slug,
        names=in_languages(row, "name"),
        brand=row.brand,
        picture=picture,
        price=money_of(row.price_tiyn),
        old_price=money_of(row.old_price_tiyn),
        sellers=row.sellers,
        rating_hundredths=row.rating_hundredths,
        reviews=row.reviews,
    )


def category_of(row: Category, parent: str) -> CategoryView:
    """A category's row with the slug of the one above."""
    assert row.id is not None
    return CategoryView(
        row.id, row.slug, in_languages(row, "name"), row.depth, row.picture, parent, row.commission_basis_points
    )
