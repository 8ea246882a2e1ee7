"""Lists of the shop: pages of 24 cards, by the key of the last one and never by a number of pages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kaspi_web.domain.catalogue import finding, products, seeking, terms
from kaspi_web.domain.catalogue.asking import Asked, ListUnreadable, Narrowed, narrowed
from kaspi_web.domain.catalogue.facets import Count, Facets, facets
from kaspi_web.domain.catalogue.finding import Place, Shelf
from kaspi_web.domain.catalogue.seeking import Sought
from kaspi_web.domain.catalogue.terms import Wish
from kaspi_web.domain.catalogue.views import Card, money_of
from kaspi_web.kernel.database import Prepared, Unit

__all__ = ["Asked", "Count", "Facets", "Page", "facets", "page"]

PAGE = 24
_CURSOR = re.compile("([0-2]):([0-9]{1,16}):([0-9]{1,16})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """Cards in their order; `next` is what to ask `after` for further ones, None at the end."""

    cards: tuple[Card, ...]
    next: str | None
    instead: str = ""
    """The text that was looked for, when the one that was typed had a slip of the pen."""


def page(unit: Unit, asked: Asked, after: str = "") -> Page:
    """The cards that come next, 24 at the most; what nobody has stands last, and of a seller is left out.

    Raises NotFound for a category or merchant that is not there, and Invalid for what cannot be read.
    """
    within = narrowed(unit, asked)
    found = _page(unit, within, asked, seeking.typed(asked.text), after)
    slip = None if found.cards else seeking.meant(unit, asked.text)
    return _page(unit, within, asked, slip, after) if slip else found


def _page(unit: Unit, within: Narrowed, asked: Asked, text: Sought, after: str) -> Page:
    shelves = _shelves(within, text.wishes, asked.sort)
    number, last = _cursor(after, shelves)
    found: list[tuple[int, Place]] = []
    while number < len(shelves) and len(found) <= PAGE:
        shelf = shelves[number]
        places = finding.some(unit, shelf, sort=_sort(asked, shelf), after=last, most=PAGE + 1 - len(found))
        found += [(number, place) for place in places]
        number, last = number + 1, None
    shown = found[:PAGE]
    cards = _cards(unit, [place.product_id for _, place in shown], within.merchant_id)
    return Page(cards, _written(*shown[-1]) if len(found) > PAGE else None, text.instead)


def _shelves(asked: Narrowed, words: tuple[Wish, ...], sort: str) -> list[Shelf]:
    """One after the other: those with the words in their names, the others, and what nobody has."""
    whole = terms.question(asked, words)
    there = [Shelf(asked, whole, is_out=False)]
    if words and sort == "popular":
        names = tuple(map(terms.named, words))
        there = [
            Shelf(asked, terms.question(asked, names), is_out=False),
            Shelf(asked, terms.question(asked, words, unlike=names), is_out=False),
        ]
    return there if asked.has_prices or asked.merchant_id else [*there, Shelf(asked, whole, is_out=True)]


def _sort(asked: Asked, shelf: Shelf) -> str:
    # What nobody sells has no price.
    return "popular" if shelf.is_out and asked.sort in ("cheap", "dear") else asked.sort


def _cursor(after: str, shelves: Sequence[Shelf]) -> tuple[int, Place | None]:
    if not after:
        return 0, None
    found = _CURSOR.fullmatch(after)
    if not found or int(found[1]) >= len(shelves):
        raise ListUnreadable("after")
    return int(found[1]), Place(int(found[2]), int(found[3]))


def _written(number: int, place: Place) -> str:
    return f"{number}:{place.key}:{place.product_id}"


_CARDS = (
    "SELECT id, slug, name_kk, name_ru, name_en, brand, price_tiyn, old_price_tiyn, sellers, rating_hundredths, reviews"
    " FROM product WHERE id {these}"
)
_THESE = Prepared(
    _CARDS.format(these="IN (SELECT value FROM json_each(?))"), _CARDS.format(these="= ANY(CAST(%s AS bigint[]))")
)


_ASKS = "SELECT product_id, price_tiyn, old_price_tiyn FROM offer WHERE product_id {these} AND merchant_id = {seller}"
_OWN = Prepared(
    _ASKS.format(these="IN (SELECT value FROM json_each(?))", seller="?"),
    _ASKS.format(these="= ANY(CAST(%s AS bigint[]))", seller="%s"),
)


def _cards(unit: Unit, ids: list[int], merchant_id: int) -> tuple[Card, ...]:
    if not ids:
        return ()
    pictures = products.first_pictures(unit, product_ids=ids)
    these = json.dumps(ids) if unit.on_sqlite else ids
    rows = {row[0]: row for row in unit.run(_THESE, these)}
    cards = tuple(_card(rows[id], pictures.get(id, "")) for id in ids)
    if not merchant_id:
        return cards
    own = {id: (price, old) for id, price, old in unit.run(_OWN, these, merchant_id)}
    return tuple(_of_seller(card, *own[card.id]) for card in cards)


def _of_seller(card: Card, price: int, old: int | None) -> Card:
    """The card as the seller's own list shows it: with what this one asks, whatever others do."""
    return replace(card, price=money_of(price), old_price=money_of(old), sellers=1)


def _card(row: Sequence, picture: str) -> Card:
    return Card(
        id=row[0],
        slug=row[1],
        names={"kk": row[2], "ru": row[3], "en": row[4]},
        brand=row[5],
        picture=picture,
        price=money_of(row[6]),
        old_price=money_of(row[7]),
        sellers=row[8],
        rating_hundredths=row[9],
        reviews=row[10],
    )
