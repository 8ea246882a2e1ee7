"""A little shop of random products, written in bulk, and what lists of it must say by the plainest reckoning."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from kaspi_web.domain.catalogue import indexing
from kaspi_web.domain.catalogue.listing import Asked, Page, facets, page
from kaspi_web.domain.catalogue.models import Offer, Product, ProductFact
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from tests.make import goods
from tests.make.ledger import sql

BRANDS = ("Alma", "Bulak", "Samal")
COLOURS, SIZES = ("red", "blue", "green"), ("s", "m", "l")
WORDS = ("Смартфон", "Чехол", "Тоңазытқыш", "Phone")


@dataclass
class Town:
    """The tree, sellers and products of a little shop; products as the rows that were written."""

    leaves: list[dict[str, Any]]
    sellers: dict[str, int]
    values: dict[str, int]
    traits: dict[str, int]
    products: list[dict[str, Any]] = field(default_factory=list)


def town(bank: Bank, count: int, seed: int = 1) -> Town:
    """A section with two groups of two categories, two attributes, two sellers, and so many products."""
    section = goods.category(bank, depth=1, slug="section")
    colour, size = (goods.attribute(bank, section, code, of) for code, of in (("colour", COLOURS), ("size", SIZES)))
    leaves = []
    for group in ("left", "right"):
        above = goods.category(bank, depth=2, parent_id=section, slug=group)
        for name in ("one", "two"):
            leaf = goods.category(bank, parent_id=above, slug=f"{group}-{name}")
            leaves.append({"section_id": section, "group_id": above, "category_id": leaf})
    sellers = {name: goods.merchant(bank, slug=name) for name in ("east", "west")}
    values = {row.code: row.id for row in sql(bank, "SELECT code, id FROM attribute_value")}
    made = Town(leaves, sellers, values, {"colour": colour, "size": size})
    add(bank, made, count, seed)
    return made


def add(bank: Bank, made: Town, count: int, seed: int = 2) -> list[dict[str, Any]]:
    """So many further products of random kinds; sold and rated alike often enough for their ids to decide."""
    rolled = random.Random(seed)
    first = max((row["id"] for row in made.products), default=0) + 1
    fresh = [_product(rolled, made, first + number) for number in range(count)]
    bank.db.write_now(_write, made, fresh)
    made.products += fresh
    return fresh


def _product(rolled: random.Random, made: Town, number: int) -> dict[str, Any]:
    word, brand = rolled.choice(WORDS), rolled.choice(BRANDS)
    asks = _asks(rolled, made)
    price = min((price for price in asks.values() if price is not None), default=None)
    return {
        "id": number,
        "slug": f"p-{number}",
        **rolled.choice(made.leaves),
        **dict.fromkeys(("name_kk", "name_ru", "name_en"), f"{word} {brand} A{number % 7}"),
        **{
            "brand": brand,
            "price_tiyn": price,
            "sellers": sum(price is not None for price in asks.values()),
            "sold": rolled.choice((0, 1, 5, 250)),
        },
        **{"reviews": rolled.choice((0, 3)), "rating_hundredths": rolled.choice((300, 450)), "changed_at": real_now()},
        **{"colour": rolled.choice(COLOURS), "size": rolled.choice((*SIZES, None))},
        "asks": asks,
    }


def _asks(rolled: random.Random, made: Town) -> dict[str, int | None]:
    """What each seller of a product asks; None while sold out there."""

    def price() -> int | None:
        return rolled.choice((None, *(rolled.randint(1, 40) * 5_000_00 for _ in range(6))))

    sellers = rolled.choice((["east"], ["west"], ["west", "east"]))
    return {seller: price() for seller in sellers}


def _write(unit: Unit, made: Town, rows: list[dict[str, Any]]) -> None:
    _put(unit, Product, rows)
    facts = [
        {"product_id": row["id"], "attribute_id": trait, "value_id": made.values[row[code]]}
        for row in rows
        for code, trait in made.traits.items()
        if row[code]
    ]
    _put(unit, ProductFact, facts)
    offers = [
        {"product_id": row["id"], "merchant_id": made.sellers[seller], "sku": str(row["id"])}
        | {"price_tiyn": price or 1, "is_there": price is not None, "active": True, "changed_at": row["changed_at"]}
        for row in rows
        for seller, price in row["asks"].items()
    ]
    _put(unit, Offer, offers)
    indexing.index(unit, [row["id"] for row in rows])


def _put(unit: Unit, table: Any, rows: list[dict[str, Any]]) -> None:
    known = set(table.__table__.columns.keys())
    usual = {"text_kk": "", "text_ru": "", "text_en": "", "is_live": True} if table is Product else {}
    unit.execute(sa.insert(table), [{name: row[name] for name in row if name in known} | usual for row in rows])


# --- what lists must say


def fits(made: Town, row: dict[str, Any], asked: Asked) -> bool:
    """Whether a product is in a list; `text` is a word of a name."""
    price = price_in(row, asked)
    has_range = asked.price_from is not None or asked.price_to is not None
    return (
        (not asked.category or asked.category in _path(row, made))
        and (not asked.brands or row["brand"] in asked.brands)
        and all(row[code] in wanted for code, wanted in asked.facets.items())
        and (not asked.merchant or price is not None)
        and (not asked.text or asked.text in row["name_ru"].split())
        and (not has_range or (price is not None and _low(asked) <= price <= _high(asked)))
    )


def price_in(row: dict[str, Any], asked: Asked) -> int | None:
    """What a product costs in a list: the lowest price, and in the list of a seller that seller's own."""
    return row["asks"].get(asked.merchant) if asked.merchant else row["price_tiyn"]


def _path(row: dict[str, Any], made: Town) -> set[str]:
    at = [(leaf["group_id"], leaf["category_id"]) for leaf in made.leaves].index((row["group_id"], row["category_id"]))
    return {"section", ("left", "right")[at // 2], f"{('left', 'right')[at // 2]}-{('one', 'two')[at % 2]}"}


def _low(asked: Asked) -> int:
    return asked.price_from.tiyn if asked.price_from else 0


def _high(asked: Asked) -> int:
    return asked.price_to.tiyn if asked.price_to is not None else 10**15


def in_order(made: Town, asked: Asked) -> list[int]:
    """The ids of a list as they must stand."""
    rows = [row for row in made.products if fits(made, row, asked)]
    return [row["id"] for row in sorted(rows, key=lambda row: _key(row, asked))]


def _key(row: dict[str, Any], asked: Asked) -> tuple[int, ...]:
    price, sort, sold = price_in(row, asked), asked.sort, (-indexing.popularity(row["sold"]), -row["id"])
    if sort == "popular" or (price is None and sort in ("cheap", "dear")):
        return (price is None, *sold)
    if sort == "cheap":
        return 0, price, row["id"]
    if sort == "dear":
        return 0, -price, -row["id"]
    if sort == "rated":
        return price is None, -indexing.rating(row["rating_hundredths"], row["reviews"]), -row["id"]
    return price is None, -row["id"]


def all_pages(bank: Bank, asked: Asked) -> list[int]:
    """The ids of a list, page after page."""
    found, after = [], ""
    while True:
        shown: Page = bank.db.read_now(page, asked, after)
        found += [card.id for card in shown.cards]
        if shown.next is None:
            return found
        assert len(shown.cards) == 24
        after = shown.next


def counted(bank: Bank, asked: Asked) -> dict[str, Any]:
    """The numbers that facets tell, by what they are told of."""
    told = bank.db.read_now(facets, asked)
    return {
        "total": told.total.number,
        "categories": {each.code: each.count.number for each in told.categories},
        "brands": {each.code: each.count.number for each in told.brands if each.count.number},
        "values": {
            each.code: each.count.number for facet in told.attributes for each in facet.choices if each.count.number
        },
        "prices": (told.cheapest, told.dearest),
    }


def must_count(made: Town, asked: Asked) -> dict[str, Any]:
    """The same by looking at every product for every choice."""

    def number(of: Asked) -> int:
        return sum(fits(made, row, of) for row in made.products)

    below = {"": ["section"], "section": ["left", "right"]}.get(asked.category, [])
    below = [f"{asked.category}-one", f"{asked.category}-two"] if asked.category in ("left", "right") else below
    values = {} if not asked.category else {"colour": COLOURS, "size": SIZES}
    prices = [
        price_in(row, asked) for row in made.products if fits(made, row, replace(asked, price_from=None, price_to=None))
    ]
    there = sorted(price for price in prices if price is not None)
    some = {
        "total": number(asked),
        "categories": {slug: number(replace(asked, category=slug)) for slug in below},
        "brands": {brand: number(replace(asked, brands=(brand,))) for brand in BRANDS},
        "values": {
            value: number(replace(asked, facets={**asked.facets, code: (value,)}))
            for code, of in values.items()
            for value in of
        },
    }
    counts = {
        name: {key: value for key, value in numbers.items() if value} if isinstance(numbers, dict) else numbers
        for name, numbers in some.items()
    }
    from kaspi_web.kernel.money import Money

    return counts | {"prices": (Money(there[0]), Money(there[-1])) if there else (None, None)}
