"""Home: what there is to spend, what falls due, what happened last, and a few goods."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.catalogue import listing
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.loans.ranges import without_interest
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.database import Unit
from kaspi_web.ui import live, operations
from kaspi_web.ui.goods import MONTHS, Good, good
from kaspi_web.ui.home.ahead import Ahead, Due, OnWay, ahead
from kaspi_web.ui.operations import Row
from kaspi_web.ui.session import bank, locale_of, visitor_of

_ROWS = 4
_GOODS = 6


class HomeState(rx.State):
    """What Home shows."""

    ready: bool = False
    name: str = ""
    balance: str = ""
    bonus: str = ""
    rows: list[Row] = []
    due: Due = Due()
    order: OnWay = OnWay()
    red: str = ""
    """What is free of RED's limit, or what RED is."""
    goods: list[Good] = []

    @rx.event
    async def load(self) -> Any:
        """Show the wallet and keep it up to date while the page is open; goods come after it."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()
            yield
            self.goods = await bank().db.read(_goods, locale=locale_of(self))

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        seen = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale_of(self))
        self.name, self.balance, self.bonus, self.rows, coming = seen
        self.due, self.order, self.red = coming.due, coming.order, coming.red
        self.ready = True


def _seen(unit: Unit, *, customer_id: int, locale: str) -> tuple[str, str, str, list[Row], Ahead]:
    balances = wallet.balances(unit, customer_id=customer_id)
    called = operations.names(unit, locale=locale)
    rows = [
        operations.row(each, locale=locale, called=called)
        for each in wallet.operations(unit, customer_id=customer_id, most=_ROWS)
    ]
    name = customers.card(unit, customer_id=customer_id).given_name
    coming = ahead(unit, customer_id=customer_id, w=words(locale))
    return name, money(balances.wallet, locale), money(balances.bonus, locale), rows, coming


def _goods(unit: Unit, *, locale: str) -> list[Good]:
    """A few of what is bought most and can be bought now; not read anew with every news."""
    thirds = without_interest(unit, months=MONTHS)
    cards = [each for each in listing.page(unit, listing.Asked(locale=locale)).cards if each.price]
    return [good(each, words(locale), thirds) for each in cards[:_GOODS]]
