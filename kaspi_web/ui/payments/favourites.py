"""Favourites: the list that can be renamed and shortened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from kaspi_web.domain.bills import favourites
from kaspi_web.domain.bills.favourites import FavouriteView
from kaspi_web.i18n import words
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.ui import forms, live
from kaspi_web.ui.payments.offered import favourite_tile
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Kept:
    """A favourite in the list."""

    id: str
    href: str
    category: str
    name: str
    note: str


class FavouritesState(rx.State):
    """What the page of favourites shows."""

    ready: bool = False
    kept: list[Kept] = []
    errors: dict[str, str] = {}
    """Mistakes in names by the favourite's id."""
    said: str = ""
    can_undo: bool = False
    _removed: FavouriteView | None = None

    @rx.event
    async def load(self) -> None:
        """Show the favourites."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.errors, self.said, self.can_undo, self._removed = {}, "", False, None
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    @rx.event
    async def rename(self, form: dict[str, Any]) -> None:
        """Give a favourite another name."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        which, name = forms.text(form, "favourite", most=18), forms.text(form, "name", most=200)
        try:
            await bank().db.write(
                favourites.rename, customer_id=visitor.customer_id, favourite_id=_number(which), name=name
            )
        except DomainError as refusal:
            self.errors = {which: put(refusal, locale_of(self))}
            return
        self.errors, self.said, self.can_undo = {}, words(locale_of(self))("favourites.saved"), False
        await self._refresh()

    @rx.event
    async def remove(self, which: str) -> None:
        """Keep a favourite no longer; it can be brought back while the page is open."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "favourite_id": _number(which)}
        try:
            self._removed = await bank().db.write(favourites.remove, **this)
        except NotFound:
            await self._refresh()
            return
        shown = favourite_tile(self._removed, locale_of(self)).title
        self.errors, self.said = {}, words(locale_of(self))("favourites.removed", name=shown)
        self.can_undo = True
        await self._refresh()

    @rx.event
    async def undo(self) -> None:
        """Bring back what was removed last."""
        visitor, was = await visitor_of(self), self._removed
        if visitor is None or was is None:
            return
        self.said, self.can_undo, self._removed = "", False, None
        try:
            await _add(visitor.customer_id, was.biller.slug, was.way, was.account, was.name)
        except DomainError as refusal:
            self.said = put(refusal, locale_of(self))
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        kept = await bank().db.read(favourites.favourites, customer_id=visitor.customer_id)
        self.kept, self.ready = [_kept(each, locale_of(self)) for each in kept], True


def _kept(each: FavouriteView, locale: str) -> Kept:
    tile = favourite_tile(each, locale)
    return Kept(tile.key, tile.href, tile.category, tile.title, tile.note)


def _number(typed: Any) -> int:
    """An id as it came; nothing has the number zero."""
    text = typed if isinstance(typed, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


async def _add(customer_id: int, slug: str, way: str, account: str, name: str = "") -> None:
    await bank().db.write(favourites.add, customer_id=customer_id, slug=slug, way=way, account=account, name=name)
