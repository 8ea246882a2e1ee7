"""Home: what there is to spend and what happened last."""

from __future__ import annotations

import reflex as rx

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n.format import money
from kaspi_web.kernel.database import Unit
from kaspi_web.ui import live, operations
from kaspi_web.ui.operations import Row
from kaspi_web.ui.session import bank, locale_of, visitor_of

_ROWS = 4


class HomeState(rx.State):
    """What Home shows."""

    ready: bool = False
    name: str = ""
    balance: str = ""
    bonus: str = ""
    rows: list[Row] = []

    @rx.event
    async def load(self) -> None:
        """Show the wallet and keep it up to date while the page is open."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        seen = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale_of(self))
        self.name, self.balance, self.bonus, self.rows = seen
        self.ready = True


def _seen(unit: Unit, *, customer_id: int, locale: str) -> tuple[str, str, str, list[Row]]:
    balances = wallet.balances(unit, customer_id=customer_id)
    called = operations.names(unit, locale=locale)
    rows = [
        operations.row(each, locale=locale, called=called)
        for each in wallet.operations(unit, customer_id=customer_id, most=_ROWS)
    ]
    name = customers.card(unit, customer_id=customer_id).given_name
    return name, money(balances.wallet, locale), money(balances.bonus, locale), rows
