"""The list of cards: opening one of our own, freezing, unlinking. A number is never here (api/cards.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardView
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money
from kaspi_web.ui import forms, live
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class CardRow:
    """A card ready to be shown; `balance` is empty for another bank's."""

    id: str
    name: str
    spoken: str
    balance: str
    is_own: bool
    is_frozen: bool
    requisites: str
    why: str
    """The page that takes an own card's balance apart."""


class CardsState(rx.State):
    """What the list of cards shows."""

    ready: bool = False
    own: list[CardRow] = []
    linked: list[CardRow] = []
    errors: dict[str, str] = {}
    said: str = ""
    asked: str = ""
    """The card that is to be unlinked, while the question stands; empty otherwise."""
    asked_name: str = ""
    asked_is_own: bool = False

    @rx.event
    async def load(self) -> None:
        """Show the customer's cards."""
        self.errors, self.said, self.asked = {}, "", ""
        await self._refresh()

    @rx.event
    async def open_card(self) -> None:
        """Open a card of this bank."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        done = await self._done(cards.open_own, customer_id=visitor.customer_id, had=len(self.own))
        self.said = words(locale_of(self))("cards.opened") if done else ""

    @rx.event
    async def freeze(self, card: str) -> None:
        """Have nothing taken from a card."""
        await self._deed(cards.freeze, card)

    @rx.event
    async def unfreeze(self, card: str) -> None:
        """Let a card be used again."""
        await self._deed(cards.unfreeze, card)

    @rx.event
    async def ask_unlink(self, card: str) -> None:
        """Ask whether a card is really to be unlinked."""
        visitor = await visitor_of(self)
        if visitor is None or not isinstance(card, str):
            return
        found = [row for row in (*self.own, *self.linked) if row.id == card]
        if found:
            self.asked, self.asked_name, self.asked_is_own = found[0].id, found[0].name, found[0].is_own

    @rx.event
    async def keep(self, opened: bool = False) -> None:
        """Close the question; the card stays."""
        if await visitor_of(self) is not None and self.asked and opened is not True:
            self.asked = ""

    @rx.event
    async def unlink(self) -> None:
        """Unlink the card that was asked about."""
        card, self.asked = self.asked, ""
        if card:
            await self._deed(cards.unlink, card)

    async def _deed(self, deed: Any, card: Any) -> None:
        visitor = await visitor_of(self)
        if visitor is not None and isinstance(card, str):
            await self._done(deed, customer_id=visitor.customer_id, public_id=forms.clean(card)[:26])

    async def _done(self, deed: Any, **given: Any) -> bool:
        self.errors = {}
        try:
            await bank().db.write(deed, **given)
        except DomainError as refusal:
            forms.show(self, refusal)
        await self._refresh()
        return not self.errors

    async def _refresh(self) -> None:
        visitor, locale = await visitor_of(self), locale_of(self)
        if visitor is None:
            return
        live.follow(self, f"customer:{visitor.customer_id}")
        found = await bank().db.read(cards.cards, customer_id=visitor.customer_id)
        self.own = [_row(card, locale) for card in found if card.is_own]
        self.linked = [_row(card, locale) for card in found if not card.is_own]
        self.ready = True


def named(brand: str, last4: str, locale: str) -> str:
    """A card by its brand and last four digits."""
    w = words(locale)
    return w("cards.name", brand=w(f"cards.brand.{brand}"), last4=last4)


def _row(card: CardView, locale: str) -> CardRow:
    w = words(locale)
    return CardRow(
        id=card.public_id,
        name=named(card.brand, card.last4, locale),
        spoken=f"{w(f'cards.brand.{card.brand}')}, {w('cards.ends', last4=card.last4)}",
        balance=_sum(card.balance, locale),
        is_own=card.is_own,
        is_frozen=card.is_frozen,
        requisites=f"/cards/{card.public_id}/requisites?l={locale}",
        why=f"/{locale}/balance/card/{card.public_id}",
    )


def _sum(balance: Money | None, locale: str) -> str:
    return "" if balance is None else money(balance, locale)
