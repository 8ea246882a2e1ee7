"""What a list is asked for, as addresses carry it, and what of it can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlmodel import col, select

from kaspi_web.domain.catalogue.models import Attribute, AttributeValue, Category
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, NotFound
from kaspi_web.kernel.money import MAX_TIYN, Money

SORTS = ("popular", "cheap", "dear", "rated", "new")
MAX_TEXT = 100
_MOST_CHOSEN = 40
"""Brands and values that may be chosen at a time, each."""
_LONGEST_CODE = 60
_SLUG = re.compile("[a-z0-9_-]{1,60}")


class ListUnreadable(Invalid):
    """The address asks for a list in words that no page of ours writes; `field` says which part."""

    code = "list_unreadable"

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class PriceRangeEmpty(Invalid):
    """The lowest price asked for is above the highest."""

    code, field = "price_range_empty", "price_from"


@dataclass(frozen=True, slots=True)
class Asked:
    """A list: all of the shop, of a category at any level, of a merchant, or what a text finds; then narrowed.

    `facets` are the codes of chosen values by the code of their attribute; chosen values of one attribute, and brands,
    stand beside one another, and everything else narrows.
    """

    category: str = ""
    text: str = ""
    locale: str = "ru"
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    brands: tuple[str, ...] = ()
    price_from: Money | None = None
    price_to: Money | None = None
    sort: str = "popular"
    merchant: str = ""


LEVELS = ("shop", "section", "group", "category")
"""The levels of the tree by depth; 0 is all of the shop."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value that products of the list may have of an attribute."""

    id: int
    code: str
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class Trait:
    """An attribute that lists of the category are narrowed by."""

    id: int
    code: str
    names: dict[str, str]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What was asked, looked up: ids instead of words from an address."""

    depth: int
    category_id: int
    merchant_id: int
    brands: tuple[str, ...]
    chosen: Mapping[int, tuple[int, ...]]
    """Ids of values by the id of their attribute."""
    price_from: int
    price_to: int

    @property
    def level(self) -> str:
        """Of which level the category is."""
        return LEVELS[self.depth]

    @property
    def has_prices(self) -> bool:
        """Whether the price is narrowed, so that what nobody sells cannot be shown."""
        return self.prices != (0, MAX_TIYN)

    @property
    def prices(self) -> tuple[int, int]:
        """The lowest and the highest price, in tiyn."""
        return self.price_from, self.price_to

    @property
    def at_any_price(self) -> Narrowed:
        """The same without a price range."""
        return replace(self, price_from=0, price_to=MAX_TIYN)

    def below(self, category_id: int) -> Narrowed:
        """The same in a category one level below."""
        return replace(self, depth=self.depth + 1, category_id=category_id)


def narrowed(unit: Unit, asked: Asked) -> Narrowed:
    """What was asked, checked and looked up.

    Raises NotFound for a category or merchant that is not there, ListUnreadable and PriceRangeEmpty.
    """
    _check(asked)
    depth, category_id = _category(unit, asked.category)
    merchant = merchants.by_slug(unit, slug=_slug(asked.merchant)) if asked.merchant else None
    return Narrowed(
        depth=depth,
        category_id=category_id,
        merchant_id=merchant.id if merchant else 0,
        brands=tuple(dict.fromkeys(asked.brands)),
        chosen=_chosen(unit, category_id, asked.facets) if asked.facets else {},
        price_from=asked.price_from.tiyn if asked.price_from else 0,
        price_to=asked.price_to.tiyn if asked.price_to is not None else MAX_TIYN,
    )


def _check(asked: Asked) -> None:
    if asked.sort not in SORTS:
        raise ListUnreadable("sort")
    if len(asked.text) > MAX_TEXT:
        raise ListUnreadable("text")
    if len(asked.brands) > _MOST_CHOSEN or not all(map(_is_brand, asked.brands)):
        raise ListUnreadable("brands")
    codes = [code for name, values in asked.facets.items() for code in (name, *values)]
    if len(codes) > _MOST_CHOSEN or any(len(code) > _LONGEST_CODE for code in codes):
        raise ListUnreadable("facets")
    _check_prices(asked.price_from, asked.price_to)


def _is_brand(word: str) -> bool:
    # Half a letter, or a NUL, is nothing that a database can be asked about.
    return 0 < len(word) <= _LONGEST_CODE and word.isprintable()


def _slug(word: str) -> str:
    """A word of an address; raises NotFound for what cannot be one."""
    if not _SLUG.fullmatch(word):
        raise NotFound
    return word


def _check_prices(lowest: Money | None, highest: Money | None) -> None:
    given = [each.tiyn for each in (lowest, highest) if each is not None]
    if any(not 0 <= tiyn <= MAX_TIYN for tiyn in given):
        raise ListUnreadable("price_from")
    if given != sorted(given):
        raise PriceRangeEmpty


def _category(unit: Unit, slug: str) -> tuple[int, int]:
    if not slug:
        return 0, 0
    row = unit.exec(select(Category.depth, Category.id).where(Category.slug == _slug(slug))).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1] or 0


def _chosen(unit: Unit, category_id: int, facets: Mapping[str, tuple[str, ...]]) -> dict[int, tuple[int, ...]]:
    known = {trait.code: trait for trait in traits(unit, category_id)}
    found: dict[int, tuple[int, ...]] = {}
    for code, values in facets.items():
        trait = known.get(code)
        ids = [each.id for each in trait.values if each.code in values] if trait else []
        if trait is None or len(ids) != len(set(values)):
            raise ListUnreadable("facets")
        if ids:
            found[trait.id] = tuple(ids)
    return found


def traits(unit: Unit, category_id: int) -> list[Trait]:
    """What lists of a category are narrowed by: its attributes, then those of the levels above.

    Of two with one code, as a colour of phones and one of everything, the one that is nearer counts.
    """
    if not category_id:
        return []
    above = select(Category.parent_id).where(Category.id == category_id)
    top = select(Category.parent_id).where(col(Category.id) == above.scalar_subquery())
    ids = (category_id, above.scalar_subquery(), top.scalar_subquery())
    asked = (
        select(Attribute, AttributeValue)
        .join(AttributeValue, col(AttributeValue.attribute_id) == Attribute.id)
        .join(Category, col(Category.id) == Attribute.category_id)
        .where(col(Attribute.category_id).in_(ids), col(Attribute.is_facet))
        .order_by(
            *(col(Category.depth).desc(), col(Attribute.position), col(Attribute.id)),
            *(col(AttributeValue.position), col(AttributeValue.id)),
        )
    )
    found: dict[str, tuple[Attribute, list[Value]]] = {}
    for attribute, value in unit.exec(asked):
        nearest, values = found.setdefault(attribute.code, (attribute, []))
        if nearest.id == attribute.id:
            values.append(Value(value.id or 0, value.code, _names(value)))
    return [Trait(row.id or 0, code, _names(row), tuple(values)) for code, (row, values) in found.items()]


def _names(row: Attribute | AttributeValue) -> dict[str, str]:
    return {"kk": row.name_kk, "ru": row.name_ru, "en": row.name_en}
