"""The simulated phone: what an SMS carrier would have brought to a real one. Demos only, and outside the bank:
this is the one place where codes are shown, as a phone shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.domain.sms import outbox
from kaspi_web.i18n.format import clock_time
from kaspi_web.kernel.errors import Invalid
from kaspi_web.kernel.phone import parse_phone, spoken
from kaspi_web.ui import forms, live
from kaspi_web.ui.doors import demo, guest
from kaspi_web.ui.session import bank, cookie_of, locale_of, visitor_of


@dataclass
class Message:
    """A message on the phone; `code` is what its copy button copies, empty for none."""

    key: str
    phone: str
    text: str
    code: str
    time: str


class PhoneState(rx.State):
    """What the simulated phone shows: of one number, or of all."""

    ready: bool = False
    errors: dict[str, str] = {}
    phone: str = ""
    messages: list[Message] = []

    @rx.event
    @demo
    @guest
    async def load(self) -> None:
        """Show the messages of every number."""
        self.phone, self.errors = "", {}
        live.follow(self, "phones")
        await self._refresh()

    @rx.event
    @demo
    @guest
    async def load_mine(self) -> None:
        """Show the messages of the number that this browser is busy with."""
        self.errors, self.phone = {}, await self._mine()
        live.follow(self, f"phone:{self.phone}")
        await self._refresh()

    @rx.event
    @demo
    @guest
    async def choose(self, form: dict[str, Any]) -> None:
        """Show the messages of one number."""
        typed = forms.text(form, "phone", most=40)
        try:
            self.phone, self.errors = parse_phone(typed) if typed.strip() else "", {}
        except Invalid as refusal:
            forms.show(self, refusal)
            return
        live.follow(self, f"phone:{self.phone}" if self.phone else "phones")
        await self._refresh()

    async def _mine(self) -> str:
        visitor = await visitor_of(self)
        if visitor is not None:
            return (await bank().db.read(customers.card, customer_id=visitor.customer_id)).phone
        # The page may still be on its way here, so its path only says which of two proofs to look at first.
        purposes = sorted(("register", "reset"), key=lambda each: f"/{each}" not in str(self.router.url.path))
        for purpose in purposes:
            found = await bank().db.read(onboarding.progress, cookie=cookie_of(self), purpose=purpose)
            if found is not None:
                return found.phone
        return "-"

    async def _refresh(self) -> None:
        if not bank().settings.demo:
            return
        received = await bank().db.read(outbox.inbox, phone=self.phone or None)
        self.messages = [_message(each, locale_of(self)) for each in received]
        self.ready = True


def _message(received: outbox.Received, locale: str) -> Message:
    digits = [part.strip(":.,") for part in received.text.split()]
    code = next((part for part in digits if len(part) == 6 and part.isdecimal()), "")
    return Message(
        str(received.id), spoken(received.phone), received.text, code, clock_time(received.received_at, locale)
    )
