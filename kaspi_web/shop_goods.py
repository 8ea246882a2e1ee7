"""The demo's shop put into the bank: the tree, sellers with their points, and any number of goods, in large bites.

What is there already stays: rows are known by their slugs, so that a second run adds what is missing and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import SQLModel, col, insert, select

from kaspi_web import shop_files, shop_made
from kaspi_web.domain.catalogue import indexing
from kaspi_web.domain.catalogue.models import (
    Attribute,
    AttributeValue,
    Category,
    Offer,
    Product,
    ProductFact,
    ProductImage,
    Review,
    Stock,
)
from kaspi_web.domain.catalogue.reviews import rating_of
from kaspi_web.domain.merchants.models import Merchant, PickupPoint
from kaspi_web.domain.merchants.service import token_digest
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.iin import check_digit
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.money import Money
from kaspi_web.shop_files import LOCALES, Feature, Names, Seller
from kaspi_web.shop_made import Made, MadeOffer

DEMO = 2_000
MOST = 200_000
_BITE = 50
_JOINED_DAYS_AGO = 900


def merchant_token(keys: Keys, slug: str) -> str:
    """What a merchant's programs show to be let in: derived from the master key and stored nowhere."""
    return keys.secret("merchant", slug)


def load(bank: Bank, count: int = DEMO, *, told: Callable[[int], None] = lambda _: None) -> int:
    """Bring the shop to `count` goods of the generator; answers how many were added, and tells of every bite."""
    bank.db.write_now(save_sellers)
    bank.db.write_now(save_tree)
    known, added = bank.db.read_now(_known), 0
    for start in range(0, count, _BITE):
        end = min(start + _BITE, count)
        goods = [shop_made.made(number) for number in range(start, end)]
        added += bank.db.write_now(_save_goods, goods=goods, known=known)
        told(end)
    return added


def load_once(bank: Bank, count: int = DEMO) -> int:
    """`load`, unless there are goods already: of whatever was deleted or edited since nothing comes back."""
    return 0 if bank.db.read_now(_has_goods) else load(bank, count)


def _has_goods(unit: Unit) -> bool:
    return unit.exec(select(Product.id).limit(1)).first() is not None


def _three(field: str, names: Names) -> dict[str, str]:
    return {f"{field}_{locale}": name for locale, name in zip(LOCALES, names, strict=True)}


def _put(unit: Unit, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        unit.execute(insert(model), rows)


def _numbered(unit: Unit, model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows and answer the keys that the database gave them, in their order."""
    if not rows:
        return []
    return list(unit.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows))


def save_sellers(unit: Unit) -> None:
    """Add missing merchants with their points."""
    there = set(unit.exec(select(Merchant.slug)))
    fresh = [(place, each) for place, each in enumerate(shop_files.read().sellers) if each.slug not in there]
    ids = _numbered(unit, Merchant, [_merchant(unit, place, each) for place, each in fresh])
    points = [_points(id, each) for id, (_, each) in zip(ids, fresh, strict=True)]
    _put(unit, PickupPoint, list(chain.from_iterable(points)))


def _merchant(unit: Unit, place: int, seller: Seller) -> dict[str, Any]:
    return {
        "slug": seller.slug,
        "name": seller.name,
        "bin": _bin(place),
        "token_digest": token_digest(unit.keys, merchant_token(unit.keys, seller.slug)),
        "rating_hundredths": seller.rating,
        "reviews": 40 + place * 37 % 900,
        "delivery_tiyn": Money.tenge(seller.delivery).tiyn,
        "free_delivery_from_tiyn": Money.tenge(seller.free_from).tiyn,
        "active": True,
        "joined_at": unit.clock.now() - timedelta(days=_JOINED_DAYS_AGO - place * 20),
    }


def _bin(place: int) -> str:
    """A business number that ends in its check digit."""
    for last in range(10_000):
        eleven = f"{15 + place % 9}{1 + place % 12:02}40{(place * 137 + last) % 100_000:05}"
        if (digit := check_digit(eleven)) is not None:
            return f"{eleven}{digit}"
    raise AssertionError("most numbers have a check digit")


def _points(merchant_id: int, seller: Seller) -> list[dict[str, Any]]:
    hours = ("10:00-20:00", "09:00-21:00", "10:00-22:00")
    return [
        {"merchant_id": merchant_id, "code": f"PP{number}", "city": place.city, "active": True}
        | {"hours": hours[(merchant_id + number) % 3]}
        | _three("address", place.address)
        for number, place in enumerate(seller.places, start=1)
    ]


def save_tree(unit: Unit) -> None:
    """Add missing categories with their attributes and values."""
    there = _by_slug(unit, Category)
    for position, section in enumerate(shop_files.read().sections):
        place = {"depth": 1, "parent_id": None, "position": position, "picture": section.picture}
        above = _category(unit, there, section, place | {"commission_basis_points": section.commission})
        for number, group in enumerate(section.groups):
            paid = {"commission_basis_points": group.commission}
            place = {"depth": 2, "parent_id": above, "position": number, "picture": group.shelves[0].kind}
            group_id = _category(unit, there, group, place | paid, group.features)
            for step, shelf in enumerate(group.shelves):
                place = {"depth": 3, "parent_id": group_id, "position": step, "picture": shelf.kind}
                _category(unit, there, shelf, place | paid, shelf.own)


def _category(
    unit: Unit, there: dict[str, int], given: Any, place: dict[str, Any], features: Iterable[Feature] = ()
) -> int:
    if given.slug in there:
        return there[given.slug]
    (made,) = _numbered(unit, Category, [{"slug": given.slug} | _three("name", given.names) | place])
    for position, feature in enumerate(features):
        row = {"category_id": made, "code": feature.code, "position": position, "is_facet": True}
        (id,) = _numbered(unit, Attribute, [row | _three("name", feature.names)])
        _put(
            unit,
            AttributeValue,
            [
                {"attribute_id": id, "code": value.code, "position": step} | _three("name", value.names)
                for step, value in enumerate(feature.values)
            ],
        )
    return made


@dataclass(frozen=True, slots=True)
class _Known:
    """Keys that the database gave: categories by slug, values by category, attribute and code, sellers in order."""

    categories: dict[str, int]
    values: dict[tuple[int, str, str], tuple[int, int]]
    sellers: list[int]
    points: dict[int, list[int]]


def _known(unit: Unit) -> _Known:
    asked = select(Attribute, AttributeValue).join(AttributeValue, col(AttributeValue.attribute_id) == Attribute.id)
    values = {
        (attribute.category_id, attribute.code, value.code): (attribute.id or 0, value.id or 0)
        for attribute, value in unit.exec(asked)
    }
    merchants, points = _by_slug(unit, Merchant), defaultdict(list)
    for row in unit.exec(select(PickupPoint).order_by(col(PickupPoint.id))):
        points[row.merchant_id].append(row.id or 0)
    sellers = [merchants[each.slug] for each in shop_files.read().sellers]
    return _Known(_by_slug(unit, Category), values, sellers, points)


def _by_slug(
    unit: Unit, model: type[Category] | type[Merchant] | type[Product], *which: ColumnElement[bool]
) -> dict[str, int]:
    return {slug: id or 0 for slug, id in unit.exec(select(model.slug, model.id).where(*which))}


def _save_goods(unit: Unit, *, goods: list[Made], known: _Known) -> int:
    there = set(unit.exec(select(Product.slug).where(col(Product.slug).in_([each.slug for each in goods]))))
    goods = [each for each in goods if each.slug not in there]
    _put(unit, Product, [_product(unit, each, known) for each in goods])
    slugs = [each.slug for each in goods]
    ids = _by_slug(unit, Product, col(Product.slug).in_(slugs))
    both = [(ids[each.slug], each) for each in goods]
    _put(unit, ProductFact, [row for id, each in both for row in _facts(id, each, known)])
    _put(unit, ProductImage, [row for id, each in both for row in _images(id, each)])
    _put(unit, Review, [row for id, each in both for row in _reviews(unit, id, each)])
    _save_offers(unit, both, known)
    indexing.index(unit, list(ids.values()))
    return len(ids)


def _product(unit: Unit, goods: Made, known: _Known) -> dict[str, Any]:
    aisle, best = goods.aisle, _best(goods)
    stars = [review.stars for review in goods.reviews]
    return {
        "slug": goods.slug,
        "section_id": known.categories[aisle.section.slug],
        "group_id": known.categories[aisle.group.slug],
        "category_id": known.categories[aisle.shelf.slug],
        "brand": goods.brand,
        **_three("name", goods.names),
        **_three("text", goods.texts),
        "price_tiyn": Money.tenge(best.price).tiyn if best else None,
        "old_price_tiyn": Money.tenge(best.old_price).tiyn if best and best.old_price else None,
        "sellers": len(_stocked(goods)),
        "rating_hundredths": rating_of({each: stars.count(each) for each in set(stars)}),
        "reviews": len(stars),
        "sold": goods.sold,
        "is_live": True,
        "changed_at": unit.clock.now(),
    }


def _stocked(goods: Made) -> list[MadeOffer]:
    return [each for each in goods.offers if any(each.pieces)]


def _best(goods: Made) -> MadeOffer | None:
    """The offer that lists show, as prices.refresh chooses it: the cheapest, then of the best rated seller."""
    sellers = shop_files.read().sellers
    return min(_stocked(goods), key=lambda each: (each.price, -sellers[each.seller].rating), default=None)


def _facts(product_id: int, goods: Made, known: _Known) -> Iterable[dict[str, Any]]:
    aisle = goods.aisle
    for feature, value in goods.facts:
        owner = aisle.group.slug if feature in aisle.group.features else aisle.shelf.slug
        attribute, chosen = known.values[known.categories[owner], feature.code, value.code]
        yield {"product_id": product_id, "attribute_id": attribute, "value_id": chosen}


def _images(product_id: int, goods: Made) -> Iterable[dict[str, Any]]:
    for position, picture in enumerate(goods.pictures, start=1):
        yield {"product_id": product_id, "position": position, "picture": picture}


def _reviews(unit: Unit, product_id: int, goods: Made) -> Iterable[dict[str, Any]]:
    now = unit.clock.now()
    for each in goods.reviews:
        said = {"author": each.author, "stars": each.stars, "words": each.words, "locale": each.locale}
        yield {"product_id": product_id, "written_at": now - timedelta(hours=each.hours_ago)} | said


def _save_offers(unit: Unit, goods: Sequence[tuple[int, Made]], known: _Known) -> None:
    made = [
        (product_id, known.sellers[offer.seller], each, offer) for product_id, each in goods for offer in each.offers
    ]
    _put(unit, Offer, [_offer(unit, product_id, seller, each, offer) for product_id, seller, each, offer in made])
    asked = select(Offer.product_id, Offer.merchant_id, col(Offer.id))
    mine = asked.where(col(Offer.product_id).in_([product_id for product_id, _ in goods]))
    ids = {(product_id, seller): id for product_id, seller, id in unit.exec(mine)}
    stock = [
        {"offer_id": ids[product_id, seller], "point_id": point, "quantity": quantity, "reserved": 0}
        for product_id, seller, _, offer in made
        for point, quantity in zip(known.points[seller], offer.pieces, strict=False)
    ]
    _put(unit, Stock, stock)


def _offer(unit: Unit, product_id: int, merchant_id: int, goods: Made, offer: MadeOffer) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "merchant_id": merchant_id,
        "sku": f"G{goods.number + 1:07}",
        "price_tiyn": Money.tenge(offer.price).tiyn,
        "old_price_tiyn": Money.tenge(offer.old_price).tiyn if offer.old_price else None,
        "active": True,
        "is_there": any(offer.pieces),
        "changed_at": unit.clock.now(),
    }
