"""Top up: where terminals stand, the wallet's number, and what is on its way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import reflex as rx

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.terminals import kiosk, topups
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import clock_time
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.phone import spoken
from kaspi_web.ui import live, operations
from kaspi_web.ui.operations import Row
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Place:
    """A terminal in the list."""

    href: str
    name: str
    note: str


class TopUpState(rx.State):
    """What Top up shows."""

    ready: bool = False
    number: str = ""
    places: list[Place] = []
    incoming: list[Row] = []

    @rx.event
    async def load(self) -> None:
        """Show the terminals and what is on its way."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        seen = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale_of(self))
        self.number, self.places, self.incoming = seen
        self.ready = True


def _seen(unit: Unit, *, customer_id: int, locale: str) -> tuple[str, list[Place], list[Row]]:
    w = words(locale)
    places = [
        Place(f"/{locale}/kiosk/{each.slug}", each.names[locale], w("topup.slow") if each.is_slow else w("topup.quick"))
        for each in kiosk.places(unit)
    ]
    on_way = wallet.operations(unit, customer_id=customer_id, states=("on_way",))
    called = operations.names(unit, locale=locale)
    incoming = [_incoming(unit, customer_id, each, locale, called) for each in on_way if each.kind == "topup"]
    return spoken(customers.card(unit, customer_id=customer_id).phone), places, incoming


def _incoming(
    unit: Unit, customer_id: int, operation: wallet.OperationView, locale: str, called: operations.Names
) -> Row:
    due = topups.arrives_at(unit, customer_id=customer_id, subject=operation.subject)
    until = words(locale)("topup.until", time=clock_time(due, locale)) if due else ""
    return replace(operations.row(operation, locale=locale, called=called), detail=until)
