"""A small shop that lists and search know: phones of three brands in one category, by one seller or two."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.catalogue import indexing
from kaspi_web.domain.catalogue.models import Category, Product
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.make import goods

BRANDS = ("Alma", "Bulak", "Samal")


@dataclass
class Shelf:
    """Words of addresses, and ids."""

    category: str
    section: str
    merchant: str
    merchant_id: int
    slugs: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    offers: list[int] = field(default_factory=list)


def shelf(bank: Bank, count: int = 3, **product: str) -> Shelf:
    """So many phones, each dearer by 1 000 than the one before; the first costs 10 000. Every second one is red."""
    leaf = goods.category(bank)
    colour = goods.attribute(bank, leaf)
    seller = goods.merchant(bank)
    made = Shelf(*bank.db.read_now(_words, leaf), bank.db.read_now(_slug, seller), seller)
    for number in range(count):
        given = {"brand": BRANDS[number % len(BRANDS)], "category_id": leaf, **product}
        product_id = goods.product(bank, **given)
        goods.picture(bank, product_id)
        goods.fact(bank, product_id, colour, ("red", "blue")[number % 2])
        price = Money.tenge(10_000 + 1_000 * number)
        made.offers.append(goods.offer(bank, price, product_id=product_id, merchant_id=seller))
        made.ids.append(product_id)
    listed(bank, made.ids)
    made.slugs = [bank.db.read_now(_word, id) for id in made.ids]
    return made


def listed(bank: Bank, ids: list[int]) -> None:
    """Have lists and search know these products as they are."""
    bank.db.write_now(indexing.index, ids)


def _words(unit: Unit, leaf: int) -> tuple[str, str]:
    row = unit.get_one(Category, leaf)
    group = unit.get_one(Category, row.parent_id)
    return row.slug, unit.get_one(Category, group.parent_id).slug


def _slug(unit: Unit, merchant_id: int) -> str:
    return unit.get_one(Merchant, merchant_id).slug


def _word(unit: Unit, product_id: int) -> str:
    return unit.get_one(Product, product_id).slug
