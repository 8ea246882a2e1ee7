"""Proving a phone number, for a registration and for a new password: what the two sets of screens share."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.phone import masked, parse_phone
from kaspi_web.ui import forms
from kaspi_web.ui.codes import epoch_ms
from kaspi_web.ui.session import bank, cookie_of, locale_of
from kaspi_web.ui.sim import numbers


async def begin(state: Any, purpose: str, typed: str, *, then: str) -> Any:
    """Send a code to the typed number and go on to the page of the code."""
    try:
        phone = parse_phone(typed)
        await bank().db.write(
            onboarding.begin, cookie=cookie_of(state), purpose=purpose, phone=phone, language=locale_of(state)
        )
    except DomainError as refusal:
        forms.show(state, refusal)
        return None
    if purpose == "register":
        await numbers.bind(state, phone)
    state.errors = {}
    return rx.redirect(f"/{locale_of(state)}/{then}")


async def resend(state: Any, purpose: str) -> None:
    """Send another code for the proof under way."""
    try:
        done = await bank().db.write(onboarding.resend, cookie=cookie_of(state), purpose=purpose)
    except DomainError as refusal:
        forms.show(state, refusal)
        return
    state.errors, state.resend_at = {}, epoch_ms(done.resend_at)


async def confirm(state: Any, purpose: str, typed: str, *, then: str) -> Any:
    """Check the code and go on."""
    try:
        refusal = await bank().db.write(onboarding.confirm, cookie=cookie_of(state), purpose=purpose, typed=typed)
    except DomainError as raised:
        refusal = raised
    if refusal is not None:
        forms.show(state, refusal)
        return None
    state.errors = {}
    return rx.redirect(f"/{locale_of(state)}/{then}")


async def progress(state: Any, purpose: str) -> onboarding.Progress | None:
    """How far this browser is; shows the number and the time of the next code."""
    found = await bank().db.read(onboarding.progress, cookie=cookie_of(state), purpose=purpose)
    if found is not None:
        state.sent_to, state.resend_at = masked(found.phone), epoch_ms(found.resend_at)
    return found
