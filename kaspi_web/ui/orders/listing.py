"""The list of a customer's orders: newest first, by pages, narrowed by what the address says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from kaspi_web.domain.orders import views
from kaspi_web.domain.orders.views import GROUPS, PAGE, OrderCard
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import money, short_day
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.ui import live, paging
from kaspi_web.ui.orders import called
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Row:
    """An order in the list."""

    href: str
    title: str
    name: str
    picture: str
    status: str
    disc: str
    amount: str
    said: str


@dataclass
class Chip:
    """One way to narrow the list, as a link."""

    text: str
    href: str
    is_on: bool


@dataclass
class Seen:
    """One page of the list."""

    rows: list[Row]
    last: int | None


def seen(unit: Unit, *, customer_id: int, group: str, before: int | None, locale: str) -> Seen:
    """A page of a customer's orders in a language."""
    found = views.orders(unit, customer_id=customer_id, group=group, before=before, most=PAGE + 1)
    shown, w, today = found[:PAGE], words(locale), unit.clock.today()
    last = shown[-1].row if len(found) > len(shown) else None
    return Seen([_row(each, w, made=short_day(_day(each), today, locale)) for each in shown], last)


def _day(card: OrderCard) -> Any:
    return card.made_at.astimezone(ALMATY).date()


def _row(card: OrderCard, w: Words, *, made: str) -> Row:
    name = card.names[w.locale]
    more = w.count("checkout.pieces", card.pieces)
    return Row(
        href=f"/{w.locale}/orders/{card.id}",
        title=card.merchant,
        name=name,
        picture=card.picture,
        status=called.status(card, w),
        disc=called.disc(card.state, card.status),
        amount=money(card.amount, w.locale),
        said=f"{made} · № {card.code} · {more}",
    )


class OrdersState(rx.State):
    """What the list of orders shows."""

    ready: bool = False
    rows: list[Row] = []
    chips: list[Chip] = []
    older: str = ""
    newest: str = ""
    narrowed: str = ""
    """What the list is narrowed to: open, archive or nothing."""

    @rx.event
    async def load(self) -> Any:
        """Show the page of orders that the address asks for."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.ready, self.rows, self.older, self.newest = False, [], "", ""
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        asked = str(self.router.url.query_parameters.get("show", ""))
        group, before = asked if asked in GROUPS else "", paging.before_in(self)
        this = {"customer_id": visitor.customer_id, "locale": locale_of(self)}
        found = await bank().db.read(seen, group=group, before=before, **this)
        here = f"/{locale_of(self)}/orders"
        shown = f"{here}?show={group}" if group else here
        self.rows, self.chips = found.rows, _chips(here, group, words(locale_of(self)))
        self.older = f"{shown}{'&' if group else '?'}before={found.last}" if found.last else ""
        self.newest, self.narrowed = shown if before else "", group
        self.ready = True


def _chips(here: str, group: str, w: Words) -> list[Chip]:
    return [
        Chip(w(f"orders.show.{each or 'all'}"), f"{here}?show={each}" if each else here, each == group)
        for each in ("", *GROUPS)
    ]
