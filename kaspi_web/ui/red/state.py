"""RED: joining with a consent and an IIN, the decision, and what a member sees. Paying is in ui/repaying.py."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.identity.service import IinNeeded
from kaspi_web.domain.loans import red
from kaspi_web.domain.loans.offers import HasOverdue
from kaspi_web.domain.loans.rules import LoanRulesMissing
from kaspi_web.i18n import words
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.errors import DomainError
from kaspi_web.ui import forms, live
from kaspi_web.ui.red.shown import Club, Rules, seen
from kaspi_web.ui.repaying import RepayState
from kaspi_web.ui.session import bank, locale_of, visitor_of


class RedState(rx.State):
    """What the page of RED shows; `step` is guest, declined, member, shut, or empty until that is known."""

    step: str = ""
    errors: dict[str, str] = {}
    rules: Rules = Rules()
    needs_iin: bool = False
    club: Club = Club()
    is_new: bool = False
    """Whether the decision was made just now."""
    because: str = ""
    """Why the bank declined, in words."""

    @rx.event
    async def load(self) -> Any:
        """Show the rules, or what a member has."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.step, self.errors, self.is_new, self.because, self.club = "", {}, False, "", Club()
        (await self.get_state(RepayState))._clear()
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            found = await bank().db.read(seen, customer_id=visitor.customer_id, locale=locale_of(self))
        except LoanRulesMissing as refusal:
            self.step, self.because = "shut", put(refusal, locale_of(self))
            return
        self.rules, self.needs_iin = found.rules, found.needs_iin
        self.club = found.club or Club()
        if found.club is not None:
            self.step = "member"
            await (await self.get_state(RepayState))._refresh()
        elif self.step != "declined":
            self.step = "guest"

    @rx.event
    async def join(self, form: dict[str, Any]) -> Any:
        """Take the consent and decide."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        if not isinstance(form, dict) or form.get("consent") not in ("on", True):
            self.errors = {"consent": words(locale_of(self))("plans.red.must_consent")}
            return None
        self.errors = {}
        version = forms.text(form, "version", most=20)
        try:
            await bank().db.write(red.join, customer_id=visitor.customer_id, consent=version)
        except IinNeeded:
            locale = locale_of(self)
            return rx.redirect(f"/{locale}/identity?next=/{locale}/red")
        except HasOverdue as refusal:
            self.step, self.because = "declined", put(refusal, locale_of(self))
            return None
        except DomainError as refusal:
            forms.show(self, refusal)
            await self._refresh()
            return None
        self.is_new = self.step != "member"
        await self._refresh()
        return None

    @rx.event
    async def again(self) -> None:
        """Go back from a declined application to the form."""
        if await visitor_of(self) is None:
            return
        self.step = ""
        await self._refresh()
