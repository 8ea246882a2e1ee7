"""Profile: who is signed in, and the language that SMS come in."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.api.addresses import LOCALES
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.identity import service as identity
from kaspi_web.kernel.phone import spoken
from kaspi_web.ui import forms
from kaspi_web.ui.session import bank, visitor_of


class ProfileState(rx.State):
    """What the profile shows."""

    ready: bool = False
    name: str = ""
    phone: str = ""
    iin: str = ""
    """Masked; empty while it is not known."""
    sms_language: str = ""
    saved: bool = False

    @rx.event
    async def load(self) -> None:
        """Show who is signed in."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        card = await bank().db.read(customers.card, customer_id=visitor.customer_id)
        known = await bank().db.read(identity.of, customer_id=visitor.customer_id)
        self.iin = known.masked if known else ""
        self.name, self.phone = f"{card.given_name} {card.family_name}", spoken(card.phone)
        self.sms_language, self.saved, self.ready = card.language, False, True

    @rx.event
    async def choose_language(self, form: dict[str, Any]) -> None:
        """Have SMS come in another language."""
        visitor, language = await visitor_of(self), forms.text(form, "language", most=2)
        if visitor is None or language not in LOCALES:
            return
        await bank().db.write(customers.set_language, customer_id=visitor.customer_id, language=language)
        self.sms_language, self.saved = language, True
