"""Signing in, and getting a new password through a code; passwords go by their own forms (api/auth.py)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.api import flash
from kaspi_web.api.addresses import our_path
from kaspi_web.ui import forms, proofs
from kaspi_web.ui.doors import guest
from kaspi_web.ui.session import bank, locale_of

_PURPOSE = "reset"


class SignInState(rx.State):
    """What the sign-in page shows after a refused try."""

    errors: dict[str, str] = {}
    phone: str = ""
    onward: str = ""
    """The page of ours to go on to; empty for home."""
    ready: bool = False

    @rx.event
    @guest
    async def open(self) -> None:
        """Show what the last try was refused for, with the number that was typed."""
        said = flash.read(bank(), self.router.headers.cookie, form="sign-in")
        self.errors, self.phone = {}, said.kept.get("phone", "") if said else ""
        self.onward = our_path((said.kept.get("next", "") if said else "") or forms.next_in(self))
        if said:
            forms.show(self, said.refusal)
            if said.code.startswith("phone_"):
                self.errors = {"phone": next(iter(self.errors.values()))}
        self.ready = True


class ResetState(rx.State):
    """What the pages of a new password show."""

    errors: dict[str, str] = {}
    sent_to: str = ""
    resend_at: int = 0

    @rx.event
    @guest
    async def open_phone(self) -> None:
        """Show the first page afresh."""
        self.errors = {}

    @rx.event
    @guest
    async def begin(self, form: dict[str, Any]) -> Any:
        """Send the code; the answer is the same for a number that nobody has."""
        return await proofs.begin(self, _PURPOSE, forms.text(form, "phone"), then="reset/code")

    @rx.event
    @guest
    async def open_code(self) -> Any:
        """Show whom the code went to."""
        self.errors = {}
        if await proofs.progress(self, _PURPOSE) is None:
            return rx.redirect(f"/{locale_of(self)}/reset")
        return None

    @rx.event
    @guest
    async def resend(self) -> None:
        """Send another code."""
        await proofs.resend(self, _PURPOSE)

    @rx.event
    @guest
    async def confirm(self, form: dict[str, Any]) -> Any:
        """Check the code."""
        return await proofs.confirm(self, _PURPOSE, forms.text(form, "code"), then="reset/password")

    @rx.event
    @guest
    async def open_password(self) -> Any:
        """Show what the last try was refused for."""
        said = flash.read(bank(), self.router.headers.cookie, form="reset")
        self.errors = {}
        if said:
            forms.show(self, said.refusal)
            self.errors = {"password": next(iter(self.errors.values()))}
        found = await proofs.progress(self, _PURPOSE)
        if found is None or not found.verified:
            return rx.redirect(f"/{locale_of(self)}/reset")
        return None
