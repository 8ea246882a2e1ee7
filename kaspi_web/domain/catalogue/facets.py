"""What a list can be narrowed by, with how many products each choice would leave.

Choices of one kind stand beside one another, so each kind is counted as if nothing of it were chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlmodel import col, select

from kaspi_web.domain.catalogue import counting, finding, seeking, terms
from kaspi_web.domain.catalogue.asking import Asked, Narrowed, Trait, narrowed, traits
from kaspi_web.domain.catalogue.finding import Shelf
from kaspi_web.domain.catalogue.models import Category
from kaspi_web.domain.catalogue.terms import Wish
from kaspi_web.domain.catalogue.views import in_languages
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

EXACT = 1_000
_BRANDS = 16
"""Brands that are offered, those with most products first."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are: exactly, or with `more` at least so many."""

    number: int
    more: bool = False

    @classmethod
    def of(cls, number: int) -> Count:
        """The number, as far as it is counted."""
        return cls(min(number, EXACT), number > EXACT)


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow a list: a category, a brand or a value by its code."""

    code: str
    names: Mapping[str, str]
    count: Count
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """An attribute with the values that are there."""

    code: str
    names: Mapping[str, str]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many a list holds, and the choices that narrow it; prices are those without a price range."""

    total: Count
    categories: tuple[Choice, ...]
    brands: tuple[Choice, ...]
    attributes: tuple[Facet, ...]
    cheapest: Money | None
    dearest: Money | None
    place: Mapping[str, str] = field(default_factory=dict)
    """The names of the category, if the goods of a seller are narrowed to one."""


def facets(unit: Unit, asked: Asked) -> Facets:
    """The choices of a list; raises what `listing.page` raises."""
    within = narrowed(unit, asked)
    found = _facets(unit, within, seeking.typed(asked.text).wishes)
    slip = None if found.total.number else seeking.meant(unit, asked.text)
    return _facets(unit, within, slip.wishes) if slip else found


def _facets(unit: Unit, within: Narrowed, words: tuple[Wish, ...]) -> Facets:
    offered, below = traits(unit, within.category_id), _below(unit, within)
    counted = counting.counted(unit, within, words, offered, [row.id or 0 for row in below], most=EXACT + 1)
    cheapest, dearest = _ends(unit, within, words)
    return Facets(
        total=Count.of(counted.total),
        categories=tuple(
            Choice(row.slug, in_languages(row, "name"), Count.of(counted.categories[row.id or 0]), False)
            for row in below
            if counted.categories[row.id or 0]
        ),
        brands=_brands(counted.brands, within.brands),
        attributes=tuple(facet for trait in offered if (facet := _facet(trait, within, counted.values)).choices),
        cheapest=cheapest,
        dearest=dearest,
        place=_place(unit, within) if within.merchant_id and within.category_id else {},
    )


def _place(unit: Unit, asked: Narrowed) -> Mapping[str, str]:
    return in_languages(unit.exec(select(Category).where(Category.id == asked.category_id)).one(), "name")


def _below(unit: Unit, asked: Narrowed) -> list[Category]:
    """The categories that the list can be narrowed to."""
    parent = asked.category_id or None
    return list(
        unit.exec(
            select(Category).where(Category.parent_id == parent).order_by(col(Category.position), col(Category.id))
        )
    )


def _brands(counts: Mapping[str, int], chosen: Iterable[str]) -> tuple[Choice, ...]:
    shown = sorted((brand for brand in counts if brand), key=lambda brand: (-counts[brand], brand))[:_BRANDS]
    shown += [brand for brand in chosen if brand not in shown]
    return tuple(
        Choice(brand, dict.fromkeys(("kk", "ru", "en"), brand), Count.of(counts[brand]), brand in chosen)
        for brand in shown
        if counts[brand] or brand in chosen
    )


def _facet(trait: Trait, asked: Narrowed, counts: Mapping[int, int]) -> Facet:
    chosen = asked.chosen.get(trait.id, ())
    choices = (
        Choice(value.code, value.names, Count.of(counts[value.id]), value.id in chosen) for value in trait.values
    )
    return Facet(trait.code, trait.names, tuple(each for each in choices if each.count.number or each.is_chosen))


def _ends(unit: Unit, asked: Narrowed, words: tuple[Wish, ...]) -> tuple[Money | None, Money | None]:
    """The lowest and the highest price, whatever prices were asked for."""
    shelf = Shelf(asked.at_any_price, terms.question(asked, words), is_out=False)
    ends = [finding.some(unit, shelf, sort=sort, after=None, most=1) for sort in ("cheap", "dear")]
    return tuple(Money(end[0].key) if end else None for end in ends)  # type: ignore[return-value]
