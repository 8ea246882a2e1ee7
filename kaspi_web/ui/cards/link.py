"""Linking another bank's card: what the form was refused for, and the code that the card's bank texts.

The form itself goes by a plain POST (api/cards.py); nothing typed into it is ever here.
"""

from __future__ import annotations

import re
from contextlib import aclosing
from typing import Any

import reflex as rx

from kaspi_web.api import flash
from kaspi_web.api.addresses import our_path
from kaspi_web.api.cards import LINK
from kaspi_web.domain.cards import linking
from kaspi_web.domain.cards.linking import LinkOver, LinkView
from kaspi_web.domain.sms.codes import WrongCode
from kaspi_web.gateways.processor import Processor, ProcessorSilent, ProcessorUnknown
from kaspi_web.i18n import words
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.processing import Charged
from kaspi_web.ui import forms
from kaspi_web.ui.cards.state import named
from kaspi_web.ui.session import bank, locale_of, visitor_of

FIELDS = {
    "card_number_unreadable": "number",
    "card_number_mistyped": "number",
    "card_is_ours": "number",
    "card_unknown": "number",
    "card_expiry_unreadable": "expiry",
    "card_expired": "expiry",
    "card_cvc_unreadable": "cvc",
    "card_cvc_wrong": "cvc",
}
"""Which field of the form a refusal belongs to: what waits for the next page is told by its code alone."""


class LinkState(rx.State):
    """The form for a card, with what the last try was refused for."""

    ready: bool = False
    errors: dict[str, str] = {}
    onward: str = ""
    """The page to go on to when the card is linked; a path of ours or empty."""

    @rx.event
    async def load(self) -> None:
        """Show the form."""
        if await visitor_of(self) is None:
            return
        self.errors = {}
        said = flash.read(bank(), self.router.headers.cookie, form=LINK)
        if said:
            forms.show(self, said.refusal)
            self.errors = {FIELDS.get(said.code, forms.WHOLE): next(iter(self.errors.values()))}
        asked = self.router.url.query_parameters.get("next", "")
        kept = said.kept.get("next", "") if said else ""
        self.onward = our_path(kept or (asked if isinstance(asked, str) else ""))
        self.ready = True


class LinkCodeState(rx.State):
    """The page of the code."""

    ready: bool = False
    card: str = ""
    said: str = ""
    errors: dict[str, str] = {}
    over: bool = False
    """Whether no code can be typed any more: the card has to be entered again."""

    @rx.event
    async def load(self) -> Any:
        """Show which card is to be confirmed."""
        visitor, self.errors, self.said, self.over = await visitor_of(self), {}, "", False
        if visitor is None:
            return None
        try:
            return self._shown(await self._link(visitor.customer_id))
        except DomainError as refusal:
            self._refuse(refusal)
            self.ready = True
        return None

    def _shown(self, link: LinkView) -> Any:
        self.card, self.ready = named(link.brand, link.last4, locale_of(self)), True
        return self._onward(link) if link.state == "linked" else None

    @rx.event
    async def submit(self, form: dict[str, Any]) -> Any:
        """Pass the typed code on; when it is right, the card is linked."""
        visitor, self.errors, self.said = await visitor_of(self), {}, ""
        if visitor is None:
            return None
        try:
            link = await self._link(visitor.customer_id)
            if link.state != "linked":
                await self._prove(visitor.customer_id, link.id, re.sub(r"\D", "", forms.text(form, "code"))[:6])
            return self._onward(link)
        except DomainError as refusal:
            self._refuse(refusal)
        return None

    async def _prove(self, customer_id: int, link_id: str, code: str) -> None:
        answer = await _typed(link_id, code)
        if answer.state == "wrong_code":
            raise WrongCode(tries_left=answer.tries_left)
        if answer.state != "authorised":
            await bank().db.write(linking.declined, customer_id=customer_id, link_id=link_id)
            raise LinkOver
        await bank().db.write(linking.proved, customer_id=customer_id, link_id=link_id)

    @rx.event
    async def resend(self) -> None:
        """Have the code texted once more."""
        visitor, self.errors, self.said = await visitor_of(self), {}, ""
        if visitor is None:
            return
        try:
            link = await self._link(visitor.customer_id)
            texted = await _texted(link.id)
        except DomainError as refusal:
            self._refuse(refusal)
            return
        w = words(locale_of(self))
        self.said = w("cards.code.resent") if texted else w("cards.code.no_more")

    async def _link(self, customer_id: int) -> LinkView:
        return await bank().db.read(linking.open_link, customer_id=customer_id, link_id=forms.last_part(self)[:26])

    def _refuse(self, refusal: DomainError) -> None:
        forms.show(self, refusal)
        self.over = refusal.code in ("not_found", LinkOver.code)

    def _onward(self, link: LinkView) -> Any:
        return rx.redirect(link.onward or f"/{locale_of(self)}/cards")


async def _typed(link_id: str, code: str) -> Charged:
    try:
        async with aclosing(Processor(bank())) as processor:
            return await processor.type_code(link_id, code)
    except ProcessorUnknown:
        raise ProcessorSilent from None


async def _texted(link_id: str) -> bool:
    try:
        async with aclosing(Processor(bank())) as processor:
            return await processor.text_again(link_id)
    except ProcessorUnknown:
        raise ProcessorSilent from None
