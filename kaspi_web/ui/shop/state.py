"""The home of the shop, the line to search in, and how many pieces the basket has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import reflex as rx

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.catalogue import listing, products, strips
from kaspi_web.domain.loans.ranges import without_interest
from kaspi_web.i18n import words
from kaspi_web.kernel.database import Unit
from kaspi_web.ui import forms, live
from kaspi_web.ui.doors import guest
from kaspi_web.ui.session import bank, locale_of, visitor_of
from kaspi_web.ui.shop.asked import words_in
from kaspi_web.ui.shop.shown import MONTHS, Good, Place, good, place

_ON_A_SHELF = 12


@dataclass
class Seen:
    """What the home of the shop shows, read in one go."""

    sections: list[Place]
    popular: list[Good]
    deals: list[Good]


class ShopState(rx.State):
    """What the home of the shop shows, and the basket's count, which stands on each of its pages."""

    ready: bool = False
    sections: list[Place] = []
    popular: list[Good] = []
    deals: list[Good] = []
    basket: str = ""
    """How many pieces the basket has; empty for none and for guests."""

    @rx.event
    @guest
    async def load(self) -> Any:
        """Show sections, what is bought most, and what costs less than it did."""
        seen = await bank().db.read(_seen, locale=locale_of(self))
        self.sections, self.popular, self.deals = seen.sections, seen.popular, seen.deals
        self.ready = True
        return ShopState.count

    @rx.event
    @guest
    async def count(self) -> None:
        """Show how full the basket is, and follow it."""
        visitor = await visitor_of(self)
        if visitor is None:
            self.basket = ""
            return
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    @rx.event
    @guest
    async def find(self, form: dict[str, Any]) -> Any:
        """Go to the address of what was typed."""
        typed = words_in(forms.text(form, "q", most=80))
        here = f"/{locale_of(self)}/shop"
        return rx.redirect(f"{here}/search?{urlencode({'q': typed})}" if typed else here)

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        pieces = 0
        if visitor is not None:
            pieces = await bank().db.read(baskets.count, customer_id=visitor.customer_id)
        self.basket = str(pieces or "")


def _seen(unit: Unit, *, locale: str) -> Seen:
    w, thirds = words(locale), without_interest(unit, months=MONTHS)
    sections = [place(each, locale) for each in products.categories(unit) if each.depth == 1]
    popular = listing.page(unit, listing.Asked(locale=locale)).cards[:_ON_A_SHELF]
    deals = strips.deals(unit, most=_ON_A_SHELF)
    return Seen(sections, *([good(each, w, thirds) for each in cards] for cards in (popular, deals)))
