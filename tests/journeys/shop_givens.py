"""What a story of the shop begins with: goods of its own on a seller's shelf, and customers whose IIN is known."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import select

from kaspi_web.domain.catalogue import indexing, prices
from kaspi_web.domain.catalogue.models import Category, Offer
from kaspi_web.domain.customers.models import Customer
from kaspi_web.domain.customers.names import Person as Registered
from kaspi_web.domain.loans import red
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from kaspi_web.settings import Settings
from tests.journeys.people import Person
from tests.journeys.server import Server
from tests.make import goods
from tests.make.identity import iin_of, matched
from tests.make.sources import give_bonus

SELLER, OTHER_SELLER = "qala-market", "nomad-store"
"""Two of the demo's sellers: the simulated seller works for them."""
_LEAF = "kettles"
_AIGUL = Registered("Айгүл", "Нұрланова", "", date(1990, 3, 27))
"""As givens.py registers everybody."""
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Thing:
    """A product of one story, with its only offer."""

    slug: str
    offer_id: int
    names: dict[str, str]


@contextmanager
def opened(server: Server) -> Iterator[Bank]:
    """The bank of a server, beside it."""
    with closing(Bank.open(Settings(data_dir=server.folder, demo=True))) as bank:
        yield bank


def thing(server: Server, tenge: int, *, pieces: int = 10, seller: str = SELLER) -> Thing:
    """Put a product that nobody else knows on a seller's shelf, in Almaty among other places."""
    number = next(_numbers)
    names = {"kk": f"Самауыр № {number}", "ru": f"Самовар № {number}", "en": f"Samovar No {number}"}
    with opened(server) as bank:
        leaf, merchant = bank.db.read_now(_places, seller)
        named = {f"name_{locale}": name for locale, name in names.items()}
        product = goods.product(bank, slug=f"samovar-{number}", category_id=leaf, brand="Samovar", **named)
        offer = goods.offer(bank, Money.tenge(tenge), product_id=product, merchant_id=merchant, pieces=pieces)
        goods.picture(bank, product, "kettle-3-1")
        bank.db.write_now(indexing.index, product_ids=[product])
    return Thing(f"samovar-{number}", offer, names)


def _places(unit: Unit, seller: str) -> tuple[int, int]:
    leaf = unit.exec(select(Category.id).where(Category.slug == _LEAF)).one()
    merchant = unit.exec(select(Merchant.id).where(Merchant.slug == seller)).one()
    assert leaf is not None
    assert merchant is not None
    return leaf, merchant


def costs(server: Server, this: Thing, tenge: int) -> None:
    """The seller writes another price."""
    with opened(server) as bank:
        bank.db.write_now(_reprice, this.offer_id, Money.tenge(tenge))


def _reprice(unit: Unit, offer_id: int, price: Money) -> None:
    offer = unit.get(Offer, offer_id)
    assert offer is not None
    offer.price_tiyn = price.tiyn
    unit.add(offer)
    unit.flush()
    prices.refresh(unit, [offer.product_id])


def known(person: Person) -> None:
    """The person's IIN is known, as after the register's word."""
    with opened(person.server) as bank:
        iin = iin_of(_AIGUL.born_on, number=3 * next(_numbers))
        matched(bank, _id_of(bank, person), iin, _AIGUL)


def member(person: Person) -> None:
    """The person has joined RED."""
    known(person)
    with opened(person.server) as bank:
        bank.db.write_now(red.join, customer_id=_id_of(bank, person), consent=red.CONSENT)


def has_bonus(person: Person, tenge: int) -> None:
    """The person has earned bonuses before."""
    with opened(person.server) as bank:
        give_bonus(bank, _id_of(bank, person), Money.tenge(tenge))


def _id_of(bank: Bank, person: Person) -> int:
    mine = select(Customer.id).where(Customer.phone == f"+7{person.phone}")
    found = bank.db.read_now(lambda unit: unit.exec(mine).one())
    assert found is not None
    return found


def left_of(server: Server, this: Thing) -> int:
    """Pieces that are nobody's: neither sold nor set aside."""
    return server.sql("SELECT SUM(quantity - reserved) FROM stock WHERE offer_id = ?", this.offer_id)[0][0]


def orders_of(person: Person) -> list[tuple[str, str]]:
    """The person's orders, oldest first: state and status."""
    return _of(person, "o.state, o.status", "shop_order")


def purchases_of(person: Person) -> list[tuple[str, str, int]]:
    """The person's purchases, oldest first: state, source, sum in tiyn."""
    return _of(person, "o.state, o.source, o.amount_tiyn", "purchase")


def _of(person: Person, columns: str, table: str) -> list[tuple[Any, ...]]:
    asked = f"SELECT {columns} FROM {table} o JOIN customer c ON c.id = o.customer_id WHERE c.phone = ? ORDER BY o.id"
    return person.server.sql(asked, f"+7{person.phone}")
