"""A bank with three sellers of a few goods and three people, for one random story about the shop."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from tests.databases import open_bank
from tests.make import goods, plans, shop
from tests.make.moments import Watch
from tests.make.sources import bank_card, give_bonus, own_card
from tests.make.topups import top_up
from tests.properties.shop_model import EXPENSE, NETWORK, Model, Person

OpenDatabase = Callable[[Path], contextlib.AbstractContextManager[str]]
CITIES = ("almaty", "astana")
SELLERS = (("almaty", "astana"), ("astana",), ("karaganda",))
"""Cities of the points of each."""
GOODS = (
    (0, "3999.99", {0: 3, 1: 2}),
    (0, "41.50", {0: 4}),
    (0, "60000.01", {0: 2, 1: 2}),
    (1, "12345.67", {0: 4}),
    (1, "1.33", {0: 3}),
    (2, "25000.00", {0: 3}),
    (2, "3333.33", {0: 5}),
)
"""Of which seller, at what price, and how many pieces lie at which of the seller's points."""


class Shop:
    """The bank and everybody in it, closed with `close`."""

    def __init__(self, database: OpenDatabase) -> None:
        self._open = contextlib.ExitStack()
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        url = self._open.enter_context(database(folder))
        self.bank: Bank = self._open.enter_context(open_bank(url, folder))
        demo_data.load(self.bank)
        self.watch = Watch(self._open.enter_context(pytest.MonkeyPatch.context()))
        # The same days of the months in every story: a short one follows.
        plans.until(self.bank, plans.next_day(self.bank, 1, 14))
        self.sellers = [shop.seller(self.bank, *cities) for cities in SELLERS]
        shelf = goods.category(self.bank)
        self.offers = [
            shop.offer(
                self.bank,
                self.sellers[of],
                Money.from_wire(price),
                lying,
                product_id=goods.product(self.bank, category_id=shelf),
            )
            for of, price, lying in GOODS
        ]

    def close(self) -> None:
        """Release everything."""
        self._open.close()

    def model(self) -> Model:
        """What there is at the beginning."""
        model = Model()
        for offer, (of, price, lying) in zip(self.offers, GOODS, strict=True):
            model.prices[offer] = Money.from_wire(price).tiyn
            for place, many in lying.items():
                model.stock[offer, self.sellers[of].points[place]] = many
        for number in range(3):
            self._person(model, number)
        return model

    def _person(self, model: Model, number: int) -> None:
        given = {"phone": f"+7702000000{number}", "created_at": self.bank.clock.now() - timedelta(days=1)}
        person = Person(shop.known(self.bank, shop.buyer(self.bank, money=Money(0), **given)), str(given["phone"]))
        model.people[person.id] = person
        give_bonus(self.bank, person.id, Money.tenge(700 * number + 1))
        model.move(EXPENSE, ("bonus", str(person.id)), 70_000 * number + 100)
        top_up(self.bank, Money.tenge(200_000), account=person.phone)
        model.move(NETWORK, ("wallet", str(person.id)), 20_000_000)
        own, bank = own_card(self.bank, person.id, money=Money.tenge(30_000)), bank_card(self.bank, person.id)
        model.move(NETWORK, ("card", str(own.id)), 3_000_000)
        person.put_in = 23_000_000
        person.own, person.own_id, person.bank, person.bank_id = own.public_id, own.id, bank.public_id, bank.id

    def write(self, deed: Callable[..., Any], **given: Any) -> Any:
        """One unit of work."""
        return self.bank.db.write_now(deed, **given)

    def read(self, query: Callable[..., Any], **given: Any) -> Any:
        """One question."""
        return self.bank.db.read_now(query, **given)

    def seller_of(self, offer: int) -> shop.Seller:
        """Who sells it."""
        return self.sellers[GOODS[self.offers.index(offer)][0]]

    def jump(self, days: int) -> None:
        """Days pass on the bank's clock, and a while in real time, so that codes and waits are over."""
        self.bank.clock.jump(timedelta(days=days))
        self.watch.later(minutes=61)
