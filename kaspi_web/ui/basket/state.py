"""The basket: how many of what, what stands in the way, and the way to the checkout."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.checkout import service as checkout
from kaspi_web.i18n import words
from kaspi_web.kernel.errors import DomainError
from kaspi_web.ui import forms, live
from kaspi_web.ui.basket.shown import Basket, basket
from kaspi_web.ui.session import bank, locale_of, visitor_of


class BasketState(rx.State):
    """What the basket's page shows; `gone` is the line that was taken out last, which can be put back."""

    ready: bool = False
    errors: dict[str, str] = {}
    basket: Basket = Basket()
    gone: str = ""
    _gone: tuple[int, int] = (0, 0)
    """The offer and the pieces of the line that was taken out last."""

    @rx.event
    async def load(self) -> Any:
        """Show what is in it."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.ready, self.errors, self.gone, self._gone = False, {}, "", (0, 0)
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        found = await bank().db.read(baskets.basket, customer_id=visitor.customer_id)
        self.basket, self.ready = basket(found, words(locale_of(self))), True

    @rx.event
    async def more(self, offer: int) -> None:
        """One piece more."""
        await self._change(offer, 1)

    @rx.event
    async def fewer(self, offer: int) -> None:
        """One piece fewer; the last one takes the line out."""
        await self._change(offer, -1)

    async def _change(self, offer: int, by: int) -> None:
        visitor, row = await visitor_of(self), self._line(offer)
        if visitor is None or row is None:
            return
        if row[0] + by < 1:
            await self._remove(visitor.customer_id, offer)
            return
        await self._do(baskets.change, customer_id=visitor.customer_id, offer_id=offer, quantity=row[0] + by)

    @rx.event
    async def remove(self, offer: int) -> None:
        """Take a line out; it can be put back at once."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        await self._remove(visitor.customer_id, offer)

    async def _remove(self, customer_id: int, offer: int) -> None:
        row = self._line(offer)
        if row is None:
            return
        self._gone, self.gone = (offer, row[0]), row[1]
        await self._do(baskets.remove, customer_id=customer_id, offer_id=offer)

    @rx.event
    async def put_back(self) -> None:
        """Put back what was taken out last."""
        visitor = await visitor_of(self)
        offer, quantity = self._gone
        if visitor is None or not quantity:
            return
        self._gone, self.gone = (0, 0), ""
        await self._do(baskets.add, customer_id=visitor.customer_id, offer_id=offer, quantity=quantity)

    @rx.event
    async def order(self) -> Any:
        """Open a checkout of what is in the basket and go there."""
        return await self._open(None)

    @rx.event
    async def order_line(self, offer: int) -> Any:
        """The same of one line that can be had only by itself."""
        return await self._open([offer]) if self._line(offer) is not None else None

    @rx.event
    async def order_of(self, slug: str) -> Any:
        """The same of one seller's lines, while those of another stand in the way."""
        found = next((group for group in self.basket.groups if group.slug == slug), None)
        return await self._open([line.offer for line in found.lines]) if found is not None else None

    async def _open(self, offers: list[int] | None) -> Any:
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        try:
            made = await bank().db.write(checkout.open, customer_id=visitor.customer_id, offers=offers)
        except DomainError as refusal:
            forms.show(self, refusal)
            await self._refresh()
            return None
        return rx.redirect(f"/{locale_of(self)}/checkout/{made}")

    async def _do(self, deed: Any, **content: Any) -> None:
        try:
            await bank().db.write(deed, **content)
            self.errors = {}
        except DomainError as refusal:
            forms.show(self, refusal)
        await self._refresh()

    def _line(self, offer: int) -> tuple[int, str] | None:
        """The pieces and the name of a line that this page shows."""
        if type(offer) is not int:
            return None
        found = (line for group in self.basket.groups for line in group.lines if line.offer == offer)
        return next(((line.quantity, line.name) for line in found), None)
