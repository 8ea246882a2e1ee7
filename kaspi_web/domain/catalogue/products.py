"""The card of a product with the offers of its sellers, and the tree of categories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlmodel import col, select

from kaspi_web.domain.catalogue import reviews as reviewing
from kaspi_web.domain.catalogue.models import (
    Attribute,
    AttributeValue,
    Category,
    Offer,
    Product,
    ProductFact,
    ProductImage,
    Stock,
)
from kaspi_web.domain.catalogue.views import (
    CategoryView,
    FactView,
    OfferView,
    PointView,
    ProductView,
    category_of,
    in_languages,
    money_of,
)
from kaspi_web.domain.merchants.models import Merchant, PickupPoint
from kaspi_web.domain.merchants.queries import view_of
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

reviews = reviewing.reviews


def categories(unit: Unit) -> list[CategoryView]:
    """The whole tree: sections first, then groups, then categories, each level in its order."""
    rows = unit.exec(select(Category).order_by(col(Category.depth), col(Category.position), col(Category.id))).all()
    slugs = {row.id: row.slug for row in rows}
    return [category_of(row, slugs.get(row.parent_id, "")) for row in rows]


def product(unit: Unit, slug: str) -> ProductView:
    """One product with who sells it, the cheapest first, then the best rated; raises NotFound."""
    row = unit.exec(select(Product).where(Product.slug == slug, col(Product.is_live))).one_or_none()
    if row is None:
        raise NotFound
    assert row.id is not None
    mine = unit.exec(select(Offer.id).where(Offer.product_id == row.id, col(Offer.active))).all()
    there = [each for each in offers(unit, ids=[id for id in mine if id]).values() if each.free]
    return ProductView(
        id=row.id,
        slug=row.slug,
        names=in_languages(row, "name"),
        brand=row.brand,
        texts=in_languages(row, "text"),
        price=money_of(row.price_tiyn),
        old_price=money_of(row.old_price_tiyn),
        sellers=row.sellers,
        rating_hundredths=row.rating_hundredths,
        reviews=row.reviews,
        facts=_facts(unit, row.id),
        pictures=_pictures(unit, row.id),
        offers=tuple(sorted(there, key=_cheap_then_loved)),
        path=_path(unit, row),
        changed_at=row.changed_at,
    )


def _cheap_then_loved(offer: OfferView) -> tuple[Money, int, int]:
    return offer.price, -offer.merchant.rating_hundredths, offer.id


def slug_of(unit: Unit, *, product_id: int) -> str:
    """The word that a product has in addresses; raises NotFound."""
    found = unit.exec(select(Product.slug).where(Product.id == product_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def offer(unit: Unit, offer_id: int) -> OfferView:
    """One offer; without points when nobody can buy it now. Raises NotFound."""
    found = offers(unit, ids=[offer_id])
    if offer_id not in found:
        raise NotFound
    return found[offer_id]


def offers(unit: Unit, *, ids: Collection[int]) -> dict[int, OfferView]:
    """Several offers by id; one that is withdrawn, of a product or seller that is, or sold out has no points."""
    if not ids:
        return {}
    asked = (
        select(Offer, Merchant, Product.is_live)
        .join(Merchant, col(Merchant.id) == Offer.merchant_id)
        .join(Product, col(Product.id) == Offer.product_id)
        .where(col(Offer.id).in_(ids))
    )
    rows = unit.exec(asked).all()
    sold = [row.id for row, merchant, is_live in rows if row.id and row.active and merchant.active and is_live]
    points = _points(unit, sold)
    return {
        row.id: OfferView(
            id=row.id,
            product_id=row.product_id,
            merchant=view_of(merchant),
            sku=row.sku,
            price=Money(row.price_tiyn),
            old_price=money_of(row.old_price_tiyn),
            points=tuple(points[row.id]),
        )
        for row, merchant, _ in rows
        if row.id is not None
    }


def _points(unit: Unit, offer_ids: Collection[int]) -> defaultdict[int, list[PointView]]:
    """Where free pieces of each offer lie, in the order of the points."""
    found: defaultdict[int, list[PointView]] = defaultdict(list)
    if not offer_ids:
        return found
    there = (
        select(Stock, PickupPoint)
        .join(PickupPoint, col(PickupPoint.id) == Stock.point_id)
        .where(col(Stock.offer_id).in_(offer_ids), col(Stock.quantity) > Stock.reserved, col(PickupPoint.active))
        .order_by(col(Stock.offer_id), col(PickupPoint.id))
    )
    for stock, row in unit.exec(there):
        assert row.id is not None
        where = in_languages(row, "address")
        free = stock.quantity - stock.reserved
        found[stock.offer_id].append(PointView(row.id, row.code, row.city, where, row.hours, free))
    return found


def _facts(unit: Unit, product_id: int) -> tuple[FactView, ...]:
    asked = (
        select(Attribute, AttributeValue)
        .join(ProductFact, col(ProductFact.attribute_id) == Attribute.id)
        .join(AttributeValue, col(AttributeValue.id) == ProductFact.value_id)
        .join(Category, col(Category.id) == Attribute.category_id)
        .where(ProductFact.product_id == product_id)
        # What is special to the category stands before what the whole group or section has.
        .order_by(col(Category.depth).desc(), col(Attribute.position), col(Attribute.id))
    )
    return tuple(
        FactView(attribute.code, in_languages(attribute, "name"), in_languages(value, "name"))
        for attribute, value in unit.exec(asked)
    )


def _pictures(unit: Unit, product_id: int) -> tuple[str, ...]:
    mine = select(ProductImage.picture).where(ProductImage.product_id == product_id)
    return tuple(unit.exec(mine.order_by(col(ProductImage.position))))


def first_pictures(unit: Unit, *, product_ids: Iterable[int]) -> dict[int, str]:
    """The first picture of each product that has one."""
    mine = select(ProductImage.product_id, ProductImage.picture).where(col(ProductImage.product_id).in_(product_ids))
    found: dict[int, str] = {}
    for product_id, picture in unit.exec(mine.order_by(col(ProductImage.product_id), col(ProductImage.position))):
        found.setdefault(product_id, picture)
    return found


def _path(unit: Unit, row: Product) -> tuple[CategoryView, ...]:
    ids = (row.section_id, row.group_id, row.category_id)
    found = {each.id: each for each in unit.exec(select(Category).where(col(Category.id).in_(ids)))}
    above = ("", found[ids[0]].slug, found[ids[1]].slug)
    return tuple(category_of(found[id], parent) for id, parent in zip(ids, above, strict=True))
