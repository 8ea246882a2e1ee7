"""What lists and search know of products: written here whenever words, facts, sellers or the category of one changed.

Prices, stars, sales and whether it is shown at all follow by triggers of the database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from kaspi_web.domain.catalogue import terms, tiers, words
from kaspi_web.domain.catalogue.models import (
    AttributeValue,
    CatalogueWord,
    Category,
    Listed,
    ListedTerms,
    Offer,
    Product,
    ProductFact,
)
from kaspi_web.kernel.database import Unit

_AT_ONCE = 500
_LOCALES = ("kk", "ru", "en")
_INSERT: dict[bool, Any] = {True: sqlite.insert, False: postgresql.insert}


def index(unit: Unit, product_ids: Collection[int]) -> None:
    """Bring lists and search to what these products are now; one that is not live is in none.

    It locks the products by their ids, as `prices.refresh` does.
    """
    ids = sorted(set(product_ids))
    for start in range(0, len(ids), _AT_ONCE):
        _index(unit, ids[start : start + _AT_ONCE])


def popularity(sold: int) -> int:
    """The number sold in two leading digits, as the trigger of the database has it."""
    step = 1 if sold < 100 else 10 if sold < 1_000 else 100 if sold < 10_000 else 1_000
    return sold // step * step


def rating(hundredths: int, reviews: int) -> int:
    """Stars weighed with five reviews of three and a half, as the trigger of the database has it."""
    return (hundredths * reviews + 1750) // (reviews + 5) if reviews else 0


def _index(unit: Unit, ids: list[int]) -> None:
    rows = _products(unit, ids)
    for table in (ListedTerms, Listed):
        unit.execute(sa.delete(table).where(col(table.product_id).in_(ids)))
    live = [row for row in rows if row.is_live]
    if not live:
        return
    facts, sellers, categories = _facts(unit, ids), _sellers(unit, ids), _categories(unit, live)
    said = {row.id: _said(row, facts[row.id], categories) for row in live}
    unit.execute(sa.insert(Listed), [_listed(row, facts[row.id]) for row in live])
    unit.execute(
        sa.insert(ListedTerms),
        [
            {
                "product_id": row.id,
                "terms": " ".join(_terms(row, said[row.id], facts[row.id], sellers[row.id])),
                "steps": _steps(row),
            }
            for row in live
        ],
    )
    _learn(unit, said.values())


def _products(unit: Unit, ids: list[int]) -> list[Any]:
    columns = (
        *(col(Product.id), col(Product.section_id), col(Product.group_id), col(Product.category_id)),
        *(col(Product.name_kk), col(Product.name_ru), col(Product.name_en), col(Product.brand)),
        *(col(Product.price_tiyn), col(Product.sold), col(Product.rating_hundredths), col(Product.reviews)),
        col(Product.is_live),
    )
    asked = sa.select(*columns).where(col(Product.id).in_(ids)).order_by(col(Product.id))
    return list(unit.execute(asked.with_for_update()))


def _facts(unit: Unit, ids: list[int]) -> Mapping[int, list[Any]]:
    asked = (
        sa.select(
            *(col(ProductFact.product_id), col(ProductFact.value_id)),
            *(col(AttributeValue.name_kk), col(AttributeValue.name_ru), col(AttributeValue.name_en)),
        )
        .join(AttributeValue, col(AttributeValue.id) == ProductFact.value_id)
        .where(col(ProductFact.product_id).in_(ids))
        .order_by(col(ProductFact.product_id), col(ProductFact.value_id))
    )
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in unit.execute(asked):
        found[row.product_id].append(row)
    return found


def _sellers(unit: Unit, ids: list[int]) -> Mapping[int, list[int]]:
    asked = select(Offer.product_id, Offer.merchant_id).where(col(Offer.product_id).in_(ids), col(Offer.active))
    found: defaultdict[int, list[int]] = defaultdict(list)
    for product_id, merchant_id in unit.exec(asked.order_by(col(Offer.product_id), col(Offer.merchant_id))):
        found[product_id].append(merchant_id)
    return found


def _categories(unit: Unit, rows: Iterable[Any]) -> dict[int, str]:
    ids = {id for row in rows for id in (row.section_id, row.group_id, row.category_id)}
    found = unit.exec(select(Category).where(col(Category.id).in_(ids)))
    return {row.id or 0: _names(row) for row in found}


def _names(row: Any) -> str:
    return " ".join(getattr(row, f"name_{locale}") for locale in _LOCALES)


def _said(row: Any, facts: Iterable[Any], categories: Mapping[int, str]) -> tuple[str, list[str]]:
    """What its name says, and what else is said of it, which many products share."""
    above = (categories[id] for id in (row.section_id, row.group_id, row.category_id))
    return f"{_names(row)} {row.brand}", [*above, *map(_names, facts)]


@lru_cache(maxsize=5_000)
def _shared(text: str) -> list[str]:
    return words.stems_of(text)


def _terms(row: Any, said: tuple[str, list[str]], facts: Iterable[Any], sellers: Iterable[int]) -> list[str]:
    name, rest = words.stems_of(said[0]), (stem for text in said[1] for stem in _shared(text))
    levels = dict.fromkeys((row.section_id, row.group_id, row.category_id))
    return [
        *map(terms.of_category, levels),
        *([terms.of_brand(row.brand)] if row.brand else []),
        *(terms.of_value(fact.value_id) for fact in facts),
        *map(terms.of_merchant, sellers),
        *dict.fromkeys((*name, *rest)),
        *map(terms.in_name, name),
    ]


def _steps(row: Any) -> str:
    return tiers.of_product(
        popularity=popularity(row.sold),
        price_tiyn=row.price_tiyn,
        rating=rating(row.rating_hundredths, row.reviews),
    )


def _listed(row: Any, facts: Iterable[Any]) -> dict[str, Any]:
    return {
        "product_id": row.id,
        "section_id": row.section_id,
        "group_id": row.group_id,
        "category_id": row.category_id,
        "brand": row.brand,
        "is_out": int(row.price_tiyn is None),
        "price_tiyn": row.price_tiyn,
        "popularity": popularity(row.sold),
        "rating": rating(row.rating_hundredths, row.reviews),
        "value_ids": " ".join(str(fact.value_id) for fact in facts),
    }


def _learn(unit: Unit, said: Iterable[tuple[str, list[str]]]) -> None:
    """Note words that were not known, in one order for all, since each waits for whoever writes the same word."""
    texts = {text for name, rest in said for text in (name, *rest)}
    spoken = set(filter(words.is_speakable, {word for text in texts for word in words.tokens(text)}))
    known = set(unit.exec(select(CatalogueWord.word).where(col(CatalogueWord.word).in_(spoken))))
    fresh = [{"word": word, "sound": words.sound(word)} for word in sorted(spoken - known)]
    if fresh:
        made = _INSERT[unit.on_sqlite](CatalogueWord)
        unit.execute(made.on_conflict_do_nothing(), fresh)
