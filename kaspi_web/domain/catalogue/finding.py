"""The statements that lists are made of: how many products there are, up to a bound, and some of them in an order.

A category in an order has an index. Whatever else is asked for is found by the full-text index: all at once and then
sorted when it is rare, and step by step of the order when it is not, so that neither grows with the catalogue.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from kaspi_web.domain.catalogue import terms, tiers
from kaspi_web.domain.catalogue.asking import Narrowed
from kaspi_web.domain.catalogue.terms import Question
from kaspi_web.kernel.database import Unit, prepared

MANY = 1_000
"""So many are gathered and sorted."""

ORDERS = {
    "popular": ("popularity", "DESC"),
    "cheap": ("price_tiyn", "ASC"),
    "dear": ("price_tiyn", "DESC"),
    "rated": ("rating", "DESC"),
    "new": ("product_id", "DESC"),
}
"""The column and the direction of each sort; products that stand alike in it follow one another by their ids.

The price in the list of a seller is that seller's own.
"""


class Place(NamedTuple):
    """Where a product stands in an order."""

    key: int
    product_id: int


class Row(NamedTuple):
    """What facets count of a product."""

    section_id: int
    group_id: int
    category_id: int
    brand: str
    value_ids: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Products of a place in the tree, within prices, that fulfil a question; `is_out` None means sold or not.

    Of a seller there are only products that the seller has, whatever `is_out` says.
    """

    asked: Narrowed
    question: Question
    is_out: bool | None = None


class _Part(NamedTuple):
    """A piece of a statement and what stands for its marks."""

    text: str
    values: tuple[Any, ...] = ()


def count(unit: Unit, shelf: Shelf, *, most: int) -> int:
    """How many products there are, sold or not; `most` stands for that many or more."""
    if shelf.asked.merchant_id:
        return _count(unit, _gathered(unit, shelf, _whole(shelf)), most)
    if not shelf.asked.has_prices:
        return _number(unit, _whole(shelf), most)
    sure = terms.any_of(tiers.within_prices(*shelf.asked.prices)) or terms.NOTHING
    if _number(unit, _whole(replace(shelf, asked=shelf.asked.at_any_price)).also(sure), most) >= most:
        return most
    return _count(unit, _gathered(unit, shelf, _whole(shelf)) if shelf.question else _listed(shelf), most)


def some(unit: Unit, shelf: Shelf, *, sort: str, after: Place | None, most: int) -> list[Place]:
    """The products that come next in an order of `ORDERS`."""
    column, direction = ORDERS[sort]
    question = _whole(shelf)
    if shelf.asked.merchant_id and column == "price_tiyn":
        # What the steps know is the lowest price of all sellers.
        part = _of_seller(shelf) if _is_plain(shelf) else _gathered(unit, shelf, question)
        return _sorted(unit, part, sort, after, most, _priced(shelf.asked))
    if not shelf.question and (column == "price_tiyn" or not shelf.asked.has_prices):
        return _sorted(unit, _listed(shelf), sort, after, most)
    if _number(unit, question, MANY + 1) <= MANY:
        return _sorted(unit, _gathered(unit, shelf, question), sort, after, most)
    if sort == "new":
        return _newest(unit, shelf, question, after, most)
    found: list[Place] = []
    for step in tiers.onward(column, after and after.key, falling=direction == "DESC"):
        part = question.also(terms.any_of([step]))
        found += _sorted(unit, _gathered(unit, shelf, part), sort, after, most - len(found))
        if len(found) == most:
            break
    return found


def _whole(shelf: Shelf) -> Question:
    """The question with the category, and with the prices as far as the full-text index knows them."""
    asked, question = shelf.asked, shelf.question
    if not question and asked.category_id:
        question = question.also(terms.any_of([terms.of_category(asked.category_id)]))
    if not asked.has_prices or asked.merchant_id:
        return question
    return question.also(terms.any_of(tiers.of_prices(*asked.prices)))


def _number(unit: Unit, question: Question, most: int) -> int:
    return _count(unit, _matches(unit, question) if question else _Part("SELECT 1 FROM listed"), most)


def rows(unit: Unit, shelf: Shelf, *, most: int) -> list[Row] | None:
    """All products with what facets count, in no order; None if there are more than `most`."""
    question = _whole(shelf)
    if _number(unit, question, most + 1) > most:
        return None
    part = _gathered(unit, shelf, question) if question else _listed(shelf)
    return [Row(*row[len(_COLUMNS) :]) for row in unit.run(prepared(part.text), *part.values)]


def brands(unit: Unit, product_ids: list[int]) -> list[str]:
    """The brand of each of these products."""
    these = "IN (SELECT value FROM json_each(?))" if unit.on_sqlite else "= ANY(CAST(? AS bigint[]))"
    text = f"SELECT brand FROM listed WHERE product_id {these}"  # noqa: S608
    return [row[0] for row in unit.run(prepared(text), json.dumps(product_ids) if unit.on_sqlite else product_ids)]


def _count(unit: Unit, part: _Part, most: int) -> int:
    text = f"SELECT COUNT(*) FROM ({part.text} LIMIT ?) AS counted"  # noqa: S608
    return unit.run(prepared(text), *part.values, most).fetchone()[0]


def _matches(unit: Unit, question: Question) -> _Part:
    table = "listed_search WHERE listed_search MATCH ?"
    if not unit.on_sqlite:
        table = "listed_terms WHERE found_by @@ CAST(? AS tsquery)"
    return _Part(f"SELECT {_id(unit)} AS id FROM {table}", (question.written(unit),))  # noqa: S608


def _id(unit: Unit) -> str:
    return "rowid" if unit.on_sqlite else "product_id"


_COLUMNS = ("product_id", "popularity", "price_tiyn", "rating")
_KEYS = ", ".join(f"listed.{column}" for column in (*_COLUMNS, *Row._fields))


def _priced(asked: Narrowed) -> str:
    """The table that the price of a list is in."""
    return "offer" if asked.merchant_id else "listed"


def _keys(asked: Narrowed) -> str:
    return _KEYS.replace("listed.price_tiyn", f"{_priced(asked)}.price_tiyn")


def _rows(asked: Narrowed) -> str:
    """What a list is read from; `_conditions` join the offers of a seller to it."""
    return "listed CROSS JOIN offer" if asked.merchant_id else "listed"


def _is_plain(shelf: Shelf) -> bool:
    """Whether all that a seller has is asked for, within a category or not."""
    asked = shelf.asked
    return not (asked.brands or asked.chosen) and shelf.question == terms.question(asked)


def _of_seller(shelf: Shelf) -> _Part:
    """All that a seller has, by the index of the seller's own prices."""
    asked, rest = shelf.asked, _conditions(shelf)
    at = _Part(f" AND listed.{asked.level}_id = ?", (asked.category_id,)) if asked.depth else _Part("")
    text = f"SELECT {_keys(asked)} FROM offer CROSS JOIN listed WHERE 1 = 1{at.text}{rest.text}"  # noqa: S608
    return _Part(text, at.values + rest.values)


def _listed(shelf: Shelf) -> _Part:
    """All of a category, or of the shop, by its own indexes."""
    asked, rest = shelf.asked, _conditions(shelf)
    at = _Part(f"listed.{asked.level}_id = ?", (asked.category_id,)) if asked.depth else _Part("1 = 1")
    return _Part(f"SELECT {_KEYS} FROM listed WHERE {at.text}{rest.text}", at.values + rest.values)  # noqa: S608


def _gathered(unit: Unit, shelf: Shelf, question: Question) -> _Part:
    """What is found first and looked at then: nothing is left to a planner that knows no numbers."""
    match, rest = _matches(unit, question), _conditions(shelf)
    text = (
        f"WITH found AS MATERIALIZED ({match.text}) SELECT {_keys(shelf.asked)} FROM found"  # noqa: S608
        f" CROSS JOIN {_rows(shelf.asked)} WHERE listed.product_id = found.id{rest.text}"
    )
    return _Part(text, match.values + rest.values)


def _conditions(shelf: Shelf) -> _Part:
    asked, text, values = shelf.asked, "", ()
    is_out = False if asked.has_prices else shelf.is_out
    if asked.merchant_id:
        text = " AND offer.product_id = listed.product_id AND offer.merchant_id = ? AND offer.is_there = true"
        values = (asked.merchant_id,)
    elif is_out is not None:
        text, values = " AND listed.is_out = ?", (int(is_out),)
    if asked.has_prices:
        text, values = f"{text} AND {_priced(asked)}.price_tiyn BETWEEN ? AND ?", (*values, *asked.prices)
    return _Part(text, values)


def _newest(unit: Unit, shelf: Shelf, question: Question, after: Place | None, most: int) -> list[Place]:
    """The full-text index of SQLite goes by ids itself; PostgreSQL walks the ids and looks at each."""
    match, rest, rows = _matches(unit, question), _conditions(shelf), _rows(shelf.asked)
    if unit.on_sqlite:
        text = (
            f"SELECT {_KEYS} FROM listed_search CROSS JOIN {rows}"  # noqa: S608
            " WHERE listed_search MATCH ? AND listed.product_id = listed_search.rowid"
            f" AND listed_search.rowid < ?{rest.text}"
            " ORDER BY listed_search.rowid DESC LIMIT ?"
        )
        values = (*match.values, after.product_id if after else _LAST_ID, *rest.values, most)
        return [Place(row[0], row[0]) for row in unit.run(prepared(text), *values)]
    text = f"SELECT {_KEYS} FROM {rows} WHERE EXISTS ({match.text} AND listed_terms.product_id = listed.product_id)"  # noqa: S608
    return _sorted(unit, _Part(text + rest.text, match.values + rest.values), "new", after, most)


_LAST_ID = 2**63 - 1


def _sorted(unit: Unit, part: _Part, sort: str, after: Place | None, most: int, of: str = "listed") -> list[Place]:
    column, direction = ORDERS[sort]
    text, values = part
    if after is not None:
        text += f" AND ({of}.{column}, {of}.product_id) {'<' if direction == 'DESC' else '>'} (?, ?)"
        values += tuple(after)
    text += f" ORDER BY {of}.{column} {direction}, {of}.product_id {direction} LIMIT ?"
    key = _COLUMNS.index(column)
    return [Place(row[key], row[0]) for row in unit.run(prepared(text), *values, most)]
