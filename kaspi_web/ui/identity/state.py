"""What the pages of IIN show: whether it is known, masked, and why one was refused; the number itself is never here.

The form goes by a plain POST (api/identity.py).
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.api import flash
from kaspi_web.api.addresses import our_path
from kaspi_web.api.identity import FORM, MISMATCH
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.identity import service as identity
from kaspi_web.i18n import words
from kaspi_web.i18n.format import long_day
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.ui import forms, live, people
from kaspi_web.ui.session import bank, locale_of, visitor_of

_PARTS = ("unknown", "name", "birth")


def _both(unit: Unit, *, customer_id: int) -> tuple[Person, identity.IdentityView | None]:
    return customers.person(unit, customer_id=customer_id), identity.of(unit, customer_id=customer_id)


class IdentityState(rx.State):
    """The form once, and afterwards the masked number; or what did not agree."""

    ready: bool = False
    masked: str = ""
    matched_on: str = ""
    names: str = ""
    born: str = ""
    compared: str = ""
    """Names and birth date in one sentence: what the register's word is compared with."""
    onward: str = ""
    """The page to go on to; a path of ours or empty."""
    parts: list[str] = []
    errors: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show the form, with what the last try was refused for, or the number masked."""
        self.errors = {}
        said = flash.read(bank(), self.router.headers.cookie, form=FORM)
        if said:
            forms.show(self, said.refusal)
            if said.code.startswith("iin_"):
                self.errors = {"iin": next(iter(self.errors.values()))}
        self._keep_onward(said)
        await self._refresh()

    @rx.event
    async def load_mismatch(self) -> None:
        """Show what did not agree, as long as that was just said, and what is compared."""
        said = flash.read(bank(), self.router.headers.cookie, form=MISMATCH)
        given = said.params.get("parts", []) if said else []
        self.parts = [words(locale_of(self))(f"identity.mismatch.{part}") for part in _PARTS if part in given]
        self._keep_onward(said)
        await self._refresh()

    def _keep_onward(self, said: flash.Flash | None) -> None:
        asked = self.router.url.query_parameters.get("next", "")
        kept = said.kept.get("next", "") if said else ""
        self.onward = our_path(kept or (asked if isinstance(asked, str) else ""))

    async def _refresh(self) -> None:
        visitor, locale = await visitor_of(self), locale_of(self)
        if visitor is None:
            return
        live.follow(self, f"customer:{visitor.customer_id}")
        person, known = await bank().db.read(_both, customer_id=visitor.customer_id)
        self.names = _names(person)
        self.born = long_day(person.born_on, locale)
        self.compared = words(locale)("identity.compared", person=f"{self.names}, {self.born}")
        self.masked = known.masked if known else ""
        self.matched_on = long_day(known.matched_at.astimezone(ALMATY).date(), locale) if known else ""
        self.ready = True


class PersonState(rx.State):
    """Names and birth date: a form until they have agreed with an IIN, and then a sheet."""

    ready: bool = False
    frozen: bool = False
    saved: bool = False
    names: str = ""
    born: str = ""
    given_name: str = ""
    family_name: str = ""
    patronymic: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    errors: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show what the bank holds."""
        self.errors, self.saved = {}, False
        await self._show()

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Correct names and birth date."""
        visitor, self.saved = await visitor_of(self), False
        if visitor is None:
            return
        person, self.errors, _ = people.typed(form, locale_of(self))
        if person is None:
            return
        try:
            await bank().db.write(identity.change_person, customer_id=visitor.customer_id, person=person)
        except DomainError as refusal:
            forms.show(self, refusal)
            await self._show()
            return
        self.saved = True
        await self._show()

    async def _show(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        person, known = await bank().db.read(_both, customer_id=visitor.customer_id)
        self.given_name, self.family_name, self.patronymic = person.given_name, person.family_name, person.patronymic
        self.day, self.month, self.year = str(person.born_on.day), str(person.born_on.month), str(person.born_on.year)
        self.names, self.born = _names(person), long_day(person.born_on, locale_of(self))
        self.frozen, self.ready = known is not None, True


def _names(person: Person) -> str:
    return " ".join(name for name in (person.family_name, person.given_name, person.patronymic) if name)
