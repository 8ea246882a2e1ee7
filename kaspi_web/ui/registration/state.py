"""Opening a wallet: number, code, person; the password goes by its own form (api/auth.py)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.api import flash
from kaspi_web.domain.customers.names import TooYoung
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.kernel.errors import DomainError
from kaspi_web.ui import forms, people, proofs
from kaspi_web.ui.doors import guest
from kaspi_web.ui.session import bank, cookie_of, locale_of

_PURPOSE = "register"


class RegistrationState(rx.State):
    """What the registration's pages show."""

    errors: dict[str, str] = {}
    sent_to: str = ""
    resend_at: int = 0
    has_wallet: bool = False
    too_young: bool = False
    given_name: str = ""
    family_name: str = ""
    patronymic: str = ""

    @rx.event
    @guest
    async def open_phone(self) -> None:
        """Show the first page afresh."""
        self.errors, self.has_wallet, self.too_young = {}, False, False

    @rx.event
    @guest
    async def begin(self, form: dict[str, Any]) -> Any:
        """Send the code."""
        return await proofs.begin(self, _PURPOSE, forms.text(form, "phone"), then="register/code")

    @rx.event
    @guest
    async def open_code(self) -> Any:
        """Show whom the code went to."""
        self.errors, self.has_wallet = {}, False
        if await proofs.progress(self, _PURPOSE) is None:
            return rx.redirect(f"/{locale_of(self)}/register")
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
        onward = await proofs.confirm(self, _PURPOSE, forms.text(form, "code"), then="register/person")
        found = await proofs.progress(self, _PURPOSE) if onward is not None else None
        if found is not None and found.has_wallet:
            self.has_wallet = True
            return None
        return onward

    @rx.event
    @guest
    async def open_person(self) -> Any:
        """Show what was given before."""
        self.errors, self.too_young = {}, False
        found = await proofs.progress(self, _PURPOSE)
        if found is None or not found.verified:
            return rx.redirect(f"/{locale_of(self)}/register")
        if found.person:
            person = found.person
            self.given_name, self.family_name = person.given_name, person.family_name
            self.patronymic = person.patronymic
        return None

    @rx.event
    @guest
    async def describe(self, form: dict[str, Any]) -> Any:
        """Note names and birth date."""
        person, self.errors, codes = people.typed(form, locale_of(self))
        self.too_young = TooYoung.code in codes
        if person is None:
            return None
        try:
            await bank().db.write(onboarding.describe, cookie=cookie_of(self), person=person)
        except DomainError as refusal:
            forms.show(self, refusal)
            return None
        return rx.redirect(f"/{locale_of(self)}/register/password")

    @rx.event
    @guest
    async def open_password(self) -> Any:
        """Show what the last try was refused for."""
        said = flash.read(bank(), self.router.headers.cookie, form="register")
        self.errors = {}
        if said:
            forms.show(self, said.refusal)
            self.errors = {"password": next(iter(self.errors.values()))}
        found = await proofs.progress(self, _PURPOSE)
        if found is None or not found.verified or found.person is None:
            return rx.redirect(f"/{locale_of(self)}/register")
        return None
