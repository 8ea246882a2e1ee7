"""Transfers: to whom. A number, somebody sent to before, one's own account, or a card whose number is typed."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.api import flash
from kaspi_web.api.cards import RECIPIENT
from kaspi_web.domain.transfers import recipients
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.phone import parse_phone
from kaspi_web.ui import forms, live
from kaspi_web.ui.session import bank, locale_of, visitor_of
from kaspi_web.ui.transfers import views

_NUMBER = ("card_number_unreadable", "card_number_mistyped", "card_unknown")
"""Refusals that belong to the field of the number: what waits for the next page is told by its code alone."""


class TransfersState(rx.State):
    """The first page: a number, the last recipients, and who asks for money back."""

    ready: bool = False
    errors: dict[str, str] = {}
    recents: list[views.Who] = []
    asked: list[views.Who] = []

    @rx.event
    async def load(self) -> Any:
        """Show the last recipients, and keep requests up to date."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        # What the page showed before is gone before anything is looked up: somebody else may have signed in since.
        self.ready, self.errors, self.recents, self.asked = False, {}, [], []
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.recents, self.asked = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale_of(self))
        self.ready = True

    @rx.event
    async def find(self, form: dict[str, Any]) -> Any:
        """Look the number's owner up and go on to the sum."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        try:
            phone = parse_phone(forms.text(form, "phone", most=40))
            draft = await bank().db.write(recipients.to_phone, customer_id=visitor.customer_id, phone=phone)
        except DomainError as refusal:
            forms.show(self, refusal)
            return None
        return rx.redirect(_address(self, draft))

    @rx.event
    async def again(self, transfer_id: str) -> Any:
        """Begin another transfer to somebody of the list."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        name = transfer_id if isinstance(transfer_id, str) else ""
        try:
            draft = await bank().db.write(
                recipients.again, customer_id=visitor.customer_id, transfer_id=forms.clean(name)[:26]
            )
        except DomainError as refusal:
            forms.show(self, refusal)
            return None
        return rx.redirect(_address(self, draft))


def _seen(unit: Unit, *, customer_id: int, locale: str) -> tuple[list[views.Who], list[views.Who]]:
    this = {"customer_id": customer_id, "locale": locale}
    return views.recent(unit, **this), views.asked(unit, **this)


def _address(state: rx.State, draft: str) -> str:
    return f"/{locale_of(state)}/transfers/t/{draft}"


class OwnAccountsState(rx.State):
    """Between own accounts: where the money is to go."""

    ready: bool = False
    errors: dict[str, str] = {}
    accounts: list[views.Account] = []

    @rx.event
    async def load(self) -> Any:
        """Show the wallet and the cards."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.ready, self.errors, self.accounts = False, {}, []
        yield
        self.accounts = await bank().db.read(
            views.own_accounts, customer_id=visitor.customer_id, locale=locale_of(self)
        )
        self.ready = True

    @rx.event
    async def choose(self, form: dict[str, Any]) -> Any:
        """Go on to the sum."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        to = forms.text(form, "to", most=26)
        try:
            draft = await bank().db.write(recipients.to_own, customer_id=visitor.customer_id, to=to)
        except DomainError as refusal:
            forms.show(self, refusal)
            return None
        return rx.redirect(_address(self, draft))


class ToCardState(rx.State):
    """To a card: its number goes by a plain POST (api/cards.py), and only a name for it comes here."""

    ready: bool = False
    errors: dict[str, str] = {}

    @rx.event
    async def load(self) -> Any:
        """Show the form, with what the last number was refused for."""
        if await visitor_of(self) is None:
            return
        self.ready, self.errors = False, {}
        yield
        said = flash.read(bank(), self.router.headers.cookie, form=RECIPIENT)
        if said:
            forms.show(self, said.refusal)
            self.errors = {"number" if said.code in _NUMBER else forms.WHOLE: next(iter(self.errors.values()))}
        self.ready = True

    @rx.event
    async def go_on(self) -> Any:
        """The number is known under the name in the address: go on to the sum. Once, however often it is opened."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.errors, self.ready = {}, False
        yield
        try:
            draft = await bank().db.write(
                recipients.to_card, customer_id=visitor.customer_id, recipient_id=forms.last_part(self)[:26]
            )
        except DomainError as refusal:
            forms.show(self, refusal)
            self.ready = True
            return
        yield rx.redirect(_address(self, draft), replace=True)
