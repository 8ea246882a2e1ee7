"""A payment terminal's screen: number, name, notes, Pay. No sign-in; the cash is counted in the database."""

from __future__ import annotations

import secrets
from typing import Any

import reflex as rx

from kaspi_web.domain.terminals import kiosk, topups
from kaspi_web.gateways.networks import Networks
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.i18n.format import clock_time, money
from kaspi_web.kernel.errors import DomainError, NotFound, Refused
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Result
from kaspi_web.kernel.phone import masked, parse_phone, spoken
from kaspi_web.ui import forms, live
from kaspi_web.ui.doors import demo, guest
from kaspi_web.ui.session import bank, cookie_of, locale_of

NOTES = kiosk.NOTES


_OUTCOMES = ("done", "late", "refused")


class NoLink(Refused):
    """The terminal cannot reach the bank: it takes no cash."""

    code = "terminal_no_link"


class KioskState(rx.State):
    """What the terminal shows; `step` is start, phone, name, notes, paying, done, late, refused or out."""

    step: str = ""
    errors: dict[str, str] = {}
    place: str = ""
    phone: str = ""
    masked_name: str = ""
    inserted: str = ""
    has_cash: bool = False
    limit: str = ""
    slip_number: str = ""
    slip_time: str = ""
    _visit: str = ""
    _terminal: str = ""

    @rx.event
    @demo
    @guest
    async def load(self) -> None:
        """Show the visit that this browser is in the middle of, or stand ready for the next person."""
        self._forget()
        self._terminal = forms.last_part(self)
        try:
            here = await bank().db.read(kiosk.place, slug=self._terminal)
        except NotFound:
            self.step = "out"
            return
        self.place, self.limit = here.names[locale_of(self)], money(here.maximum, locale_of(self))
        self.step = "start"
        visit = await bank().db.read(kiosk.shown, terminal=self._terminal, cookie=cookie_of(self))
        if visit is not None:
            self._begin(visit)

    def _begin(self, visit: kiosk.Visit) -> None:
        self._visit, self.step = visit.id, "notes"
        self.phone, self.masked_name = spoken(visit.phone), visit.masked_name
        self._show(visit)
        live.follow(self, f"kiosk:{visit.id}")

    def _forget(self) -> None:
        """Leave nothing of the former person on the screen."""
        self.step, self.errors, self.phone, self.masked_name = "start", {}, "", ""
        self.inserted, self.has_cash, self._visit, self.slip_number, self.slip_time = "", False, "", "", ""

    @rx.event
    @demo
    @guest
    async def top_up(self) -> None:
        """Ask for the number."""
        if self.step == "start":
            self.step = "phone"

    @rx.event
    @demo
    @guest
    async def find(self, form: dict[str, Any]) -> None:
        """Ask the bank, over the protocol, whose wallet it is."""
        if self.step != "phone":
            return
        try:
            phone = parse_phone(forms.text(form, "phone", most=40))
            await bank().db.write(topups.count_browser, cookie=cookie_of(self))
            self.masked_name = await _name_of(phone, terminal=self._terminal)
        except DomainError as refusal:
            forms.show(self, refusal)
            return
        self.phone, self.errors, self.step = spoken(phone), {}, "name"

    @rx.event
    @demo
    @guest
    async def accept(self) -> None:
        """The name is right: take cash."""
        if self.step != "name":
            return
        visit = await bank().db.write(
            kiosk.arrive,
            terminal=self._terminal,
            phone=parse_phone(self.phone),
            masked_name=self.masked_name,
            cookie=cookie_of(self),
        )
        self._begin(visit)

    @rx.event
    @demo
    @guest
    async def insert(self, note: int) -> None:
        """Take one banknote, worth `note` tenge."""
        if self.step != "notes" or type(note) is not int:
            return
        await self._deed(kiosk.insert_note, note=Money.tenge(note))

    @rx.event
    @demo
    @guest
    async def pay(self) -> None:
        """Pay what was put in."""
        if self.step == "notes":
            await self._deed(kiosk.press_pay)

    @rx.event
    @demo
    @guest
    async def stay(self) -> None:
        """The person is still here."""
        if self.step == "notes":
            await self._deed(kiosk.stay)

    @rx.event
    @demo
    @guest
    async def leave(self) -> None:
        """Go back to the start; cash that was put in goes to the wallet."""
        if self._visit and self.step == "notes":
            await self._deed(kiosk.leave)
            # The slip stays for a while, and whoever comes next may read it.
            self.phone, self.masked_name = masked(parse_phone(self.phone)), ""
        if self.step != "paying":
            await self._end()

    @rx.event
    @demo
    @guest
    async def finish(self) -> None:
        """The slip was read: stand ready for the next person."""
        if self.step in _OUTCOMES:
            await self._end()

    async def _end(self) -> None:
        if self._visit and self.step in _OUTCOMES:
            await bank().db.write(kiosk.seen, visit_id=self._visit)
        self._forget()

    async def _deed(self, deed: Any, **given: Any) -> None:
        try:
            visit = await bank().db.write(deed, visit_id=self._visit, **given)
        except DomainError as refusal:
            forms.show(self, refusal)
            return
        self.errors = {}
        self._show(visit)

    async def _refresh(self) -> None:
        if self._visit and bank().settings.demo:
            self._show(await bank().db.read(kiosk.visit, visit_id=self._visit))

    def _show(self, visit: kiosk.Visit) -> None:
        locale = locale_of(self)
        self.inserted, self.has_cash = money(visit.inserted, locale), bool(visit.inserted)
        self.slip_number, self.slip_time = _grouped(visit.txn_id), clock_time(visit.started_at, locale)
        after = {"paying": "paying", "paid": "done", "on_way": "late", "refused": "refused", "left": "start"}
        self.step = after.get(visit.state, self.step)


def _grouped(number: int) -> str:
    """A long number in groups of six, to be read out to somebody."""
    digits = str(number)
    return " ".join(digits[at : at + 6] for at in range(0, len(digits), 6))


async def _name_of(phone: str, *, terminal: str) -> str:
    """The masked name of a wallet's owner; raises UnknownWallet, Busy or NoLink."""
    here = await bank().db.read(kiosk.place, slug=terminal)
    networks = Networks(bank())
    try:
        txn_id = 10**17 + secrets.randbelow(9 * 10**17)
        answer = await networks.of(here.network).check(txn_id, phone, Money.tenge(200), {"trm_id": terminal})
    except Unknown:
        raise NoLink from None
    finally:
        await networks.aclose()
    if answer.result == Result.NO_ACCOUNT:
        raise topups.UnknownWallet
    if answer.result != Result.OK:
        raise NoLink
    return answer.value("FIO")
