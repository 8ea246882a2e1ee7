"""Categories, merchants, points, products, and offers with stock: plain rows with keyword overrides."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel, select

from kaspi_web.domain.catalogue import prices, products
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
from kaspi_web.domain.catalogue.views import OfferView, ProductView
from kaspi_web.domain.merchants.models import Merchant, PickupPoint
from kaspi_web.domain.merchants.service import token_digest
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_numbers = itertools.count(1)
COMMISSION = 1000
"""Basis points of a category's commission, unless a test says otherwise."""


def names(word: str) -> dict[str, str]:
    """A name in three languages."""
    return {"name_kk": f"{word} kk", "name_ru": f"{word} ru", "name_en": word}


def _add(unit: Unit, row: SQLModel) -> int:
    fresh = type(row)(**row.model_dump())
    unit.add(fresh)
    unit.flush()
    return fresh.id  # type: ignore[attr-defined]


def category(bank: Bank, **overrides: Any) -> int:
    """A category; of the third level, below a section and a group that are made when they are missing.

    With `depth` 1 or 2 a section or a group; `parent_id` names the one above.
    """
    return bank.db.write_now(_category, overrides)


def _category(unit: Unit, given: dict[str, Any]) -> int:
    depth, number = given.get("depth", 3), next(_numbers)
    slug = f"{('sections', 'groups', 'shelves')[depth - 1]}-{number}"
    above = None if depth == 1 else given.get("parent_id") or _above(unit, depth - 1)
    usual = {"slug": slug, "parent_id": above, "depth": depth, "commission_basis_points": COMMISSION}
    return _add(unit, Category(**(usual | names(slug) | given)))


def _above(unit: Unit, depth: int) -> int:
    found = unit.exec(select(Category.id).where(Category.depth == depth, Category.slug == f"usual-{depth}")).first()
    return found or _category(unit, {"depth": depth, "slug": f"usual-{depth}"})


def merchant(bank: Bank, **overrides: Any) -> int:
    """A seller who delivers for 990 tenge, from 20 000 on for nothing; `token` is what their programs show."""
    return bank.db.write_now(_merchant, overrides)


def _merchant(unit: Unit, given: dict[str, Any]) -> int:
    number, given = next(_numbers), dict(given)
    token = given.pop("token", "")
    usual = {
        "slug": f"seller-{number}",
        "name": f"Seller {number}",
        "bin": f"{number:012}",
        "token_digest": token_digest(unit.keys, token) if token else "",
        "delivery_tiyn": Money.tenge(990).tiyn,
        "free_delivery_from_tiyn": Money.tenge(20_000).tiyn,
        "joined_at": real_now(),
    }
    return _add(unit, Merchant(**(usual | given)))


def point(bank: Bank, merchant_id: int, **overrides: Any) -> int:
    """A pickup point in Almaty."""
    return bank.db.write_now(_point, merchant_id, overrides)


def _point(unit: Unit, merchant_id: int, given: dict[str, Any]) -> int:
    number = next(_numbers)
    address = {f"address_{locale}": f"{number} Abay {locale}" for locale in ("kk", "ru", "en")}
    usual = {"merchant_id": merchant_id, "code": f"PP{number}", "city": "almaty"}
    return _add(unit, PickupPoint(**(usual | address | given)))


def product(bank: Bank, **overrides: Any) -> int:
    """A product that nobody sells yet; `category_id` is of the third level."""
    return bank.db.write_now(_product, overrides)


def _product(unit: Unit, given: dict[str, Any]) -> int:
    number = next(_numbers)
    leaf = unit.get(Category, given.get("category_id") or _category(unit, {}))
    assert leaf is not None
    group = unit.get(Category, leaf.parent_id)
    assert group is not None
    places = {"category_id": leaf.id, "group_id": group.id, "section_id": group.parent_id}
    word = f"thing-{number}"
    return _add(unit, Product(**({"slug": word, "changed_at": real_now()} | names(word) | places | given)))


def offer(
    bank: Bank,
    price: Money = Money.tenge(10_000),  # noqa: B008 - it is frozen
    *,
    pieces: int | dict[int, int] = 10,
    **overrides: Any,
) -> int:
    """An offer in stock: of a new product by a new merchant with one point, unless given.

    `pieces` lie at the merchant's first point, or where {point: number} says.
    """
    return bank.db.write_now(_offer, price, pieces, overrides)


def _offer(unit: Unit, price: Money, pieces: int | dict[int, int], given: dict[str, Any]) -> int:
    seller = given.get("merchant_id") or _merchant(unit, {})
    usual = {
        "product_id": given.get("product_id") or _product(unit, {}),
        "merchant_id": seller,
        "sku": f"SKU{next(_numbers)}",
        "price_tiyn": price.tiyn,
        "changed_at": real_now(),
    }
    offer_id = _add(unit, Offer(**(usual | given)))
    lying = pieces if isinstance(pieces, dict) else {_first_point(unit, seller): pieces}
    for point_id, quantity in lying.items():
        unit.add(Stock(offer_id=offer_id, point_id=point_id, quantity=quantity))
    unit.flush()
    prices.refresh(unit, [usual["product_id"]])
    return offer_id


def _first_point(unit: Unit, merchant_id: int) -> int:
    mine = select(PickupPoint.id).where(PickupPoint.merchant_id == merchant_id).order_by(PickupPoint.id)
    return unit.exec(mine).first() or _point(unit, merchant_id, {})


def picture(bank: Bank, product_id: int, name: str = "phone-1-1", position: int = 1) -> None:
    """A picture of a product, in its place."""
    bank.db.write_now(lambda unit: unit.add(ProductImage(product_id=product_id, position=position, picture=name)))


def attribute(bank: Bank, category_id: int, code: str = "colour", values: tuple[str, ...] = ("red", "blue")) -> int:
    """An attribute of a category with its values."""
    return bank.db.write_now(_attribute, category_id, code, values)


def _attribute(unit: Unit, category_id: int, code: str, values: tuple[str, ...]) -> int:
    made = _add(unit, Attribute(category_id=category_id, code=code, **names(code)))
    for position, value in enumerate(values):
        unit.add(AttributeValue(attribute_id=made, code=value, position=position, **names(value)))
    return made


def fact(bank: Bank, product_id: int, attribute_id: int, value: str) -> None:
    """A product has this value of an attribute."""
    bank.db.write_now(_fact, product_id, attribute_id, value)


def _fact(unit: Unit, product_id: int, attribute_id: int, value: str) -> None:
    mine = (AttributeValue.attribute_id == attribute_id, AttributeValue.code == value)
    value_id = unit.exec(select(AttributeValue.id).where(*mine)).one()
    unit.add(ProductFact(product_id=product_id, attribute_id=attribute_id, value_id=value_id))


def stock(bank: Bank, offer_id: int) -> dict[int, tuple[int, int]]:
    """Pieces and how many of them are set aside, by point."""
    return bank.db.read_now(_stock, offer_id)


def _stock(unit: Unit, offer_id: int) -> dict[int, tuple[int, int]]:
    asked = text("SELECT point_id, quantity, reserved FROM stock WHERE offer_id = :offer")
    return {row.point_id: (row.quantity, row.reserved) for row in unit.sql(asked, offer=offer_id)}


def seen(bank: Bank, product_id: int) -> ProductView:
    """The product's card as it is now."""
    return bank.db.read_now(lambda unit: products.product(unit, products.slug_of(unit, product_id=product_id)))


def offered(bank: Bank, offer_id: int) -> OfferView:
    """The offer as it is now."""
    return bank.db.read_now(products.offer, offer_id)
