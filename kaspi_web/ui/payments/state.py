"""Payments: finding a service by its name, and what the customer has at hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from kaspi_web.domain.bills import favourites, lately
from kaspi_web.domain.bills.billers import MAX_SEARCH, billers, found
from kaspi_web.i18n import words
from kaspi_web.kernel.database import Unit
from kaspi_web.ui import forms, live
from kaspi_web.ui.payments.offered import Tile, favourite_tile, paid_tile, service_tile
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Seen:
    """What Payments shows, read in one go."""

    favourites: list[Tile] = field(default_factory=list)
    lately: list[Tile] = field(default_factory=list)


class PaymentsState(rx.State):
    """What Payments shows; what is searched for stands in the address."""

    ready: bool = False
    visit: int = 0
    """Counts openings of the page, so that the field takes what the new address asks for."""
    query: str = ""
    """What the address asked for when the page opened."""
    searches: bool = False
    results: list[Tile] = []
    found: str = ""
    favourites: list[Tile] = []
    lately: list[Tile] = []

    @rx.event
    async def load(self) -> None:
        """Show what is at hand, and what the address searches for."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        live.follow(self, f"customer:{visitor.customer_id}")
        self.query, self.visit = (
            forms.clean(str(self.router.url.query_parameters.get("q", "")))[:MAX_SEARCH],
            self.visit + 1,
        )
        await self._find(self.query)
        await self._refresh()

    @rx.event
    async def look_for(self, typed: str) -> None:
        """Show what fits the words typed so far."""
        if await visitor_of(self) is not None:
            await self._find(forms.text({"q": typed}, "q", most=MAX_SEARCH))

    @rx.event
    async def find(self, form: dict[str, Any]) -> None:
        """Show what fits the words."""
        if await visitor_of(self) is not None:
            await self._find(forms.text(form, "q", most=MAX_SEARCH))

    async def _find(self, typed: str) -> None:
        self.searches = bool(typed.strip())
        self.results, self.found = [], ""
        if self.searches:
            locale = locale_of(self)
            services = await bank().db.read(found, words=typed)
            self.results = [service_tile(each, locale) for each in services]
            self.found = words(locale).count("services.found", len(services)) if services else ""

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        seen = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale_of(self))
        self.favourites, self.lately, self.ready = seen.favourites, seen.lately, True


def _seen(unit: Unit, *, customer_id: int, locale: str) -> Seen:
    offered = {each.slug: each for each in billers(unit)}
    kept = favourites.favourites(unit, customer_id=customer_id)
    at_hand = {(each.biller.slug, each.account) for each in kept}
    paid = lately.paid_lately(unit, customer_id=customer_id, most=12)
    return Seen(
        [favourite_tile(each, locale) for each in kept],
        [
            paid_tile(each, offered[each.slug], locale)
            for each in paid
            if each.slug in offered and (each.slug, each.account) not in at_hand
        ][:6],
    )
