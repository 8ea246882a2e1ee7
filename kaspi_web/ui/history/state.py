"""My payments: the history by days, narrowed as its address says, and one receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import reflex as rx

from kaspi_web.domain.wallet import listing
from kaspi_web.domain.wallet.service import PAGE, OperationView
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.papers import receipts
from kaspi_web.papers.called import category_words
from kaspi_web.papers.periods import QUICK, midnight
from kaspi_web.papers.receipts import Receipt
from kaspi_web.ui import forms, live, operations, paging
from kaspi_web.ui.history.asked import SHOWS, Asked, asked_in
from kaspi_web.ui.operations import Day
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Chip:
    """A filter that is on or off, and the address that has it."""

    text: str
    href: str
    is_on: bool


@dataclass
class Seen:
    """What History shows, read in one go."""

    days: list[Day] = field(default_factory=list)
    older: str = ""
    found: str = ""
    shows: list[Chip] = field(default_factory=list)
    periods: list[Chip] = field(default_factory=list)
    categories: list[Chip] = field(default_factory=list)


class HistoryState(rx.State):
    """What the History tab shows: one page, whose place and filters are in the address."""

    ready: bool = False
    days: list[Day] = []
    older: str = ""
    newest: str = ""
    found: str = ""
    shows: list[Chip] = []
    periods: list[Chip] = []
    categories: list[Chip] = []
    typed: dict[str, str] = {}
    """What stands in the fields: `q`, `from` and `to`."""
    unfiltered: str = ""
    """The address without filters; empty when none is on."""
    is_open: bool = False
    """Whether the part with period and category stands open."""
    statement: str = ""
    pdf: str = ""
    csv: str = ""
    errors: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for and keep it up to date while it is open."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    @rx.event
    async def find(self, form: dict[str, Any]) -> Any:
        """Go to the address of what was typed; filters that are on stay on."""
        if await visitor_of(self) is None:
            return None
        given = [name for name in ("q", "from", "to") if isinstance(form, dict) and name in form]
        sent = {name: forms.text(form, name, most=80).strip() for name in given}
        if sent.get("from") or sent.get("to"):
            sent["period"] = ""
        return rx.redirect(_asked(self).to(_here(self), **sent))

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        asked, here, locale = _asked(self), _here(self), locale_of(self)
        seen = await bank().db.read(_seen, customer_id=visitor.customer_id, locale=locale, asked=asked, here=here)
        self.days, self.older, self.found = seen.days, seen.older, seen.found
        self.shows, self.periods, self.categories = seen.shows, seen.periods, seen.categories
        self.newest = asked.to(here) if asked.before else ""
        self.typed = {name: asked.params.get(name, "") for name in ("q", "from", "to")}
        self.unfiltered = here if asked.is_narrowed else ""
        self.is_open = bool(asked.category or asked.period.name)
        days = asked.to("", show="", category="", q="")
        self.statement = f"/{locale}/my-payments/statement{days}"
        self.pdf, self.csv = (f"/papers/{locale}/statement.{kind}{days}" for kind in ("pdf", "csv"))
        self.errors = {"to": put(asked.error, locale)} if asked.error else {}
        self.ready = True


def _here(state: rx.State) -> str:
    return f"/{locale_of(state)}/my-payments/history"


def _asked(state: rx.State) -> Asked:
    return asked_in(state.router.url.query_parameters, today=bank().clock.today())


def _seen(unit: Unit, *, customer_id: int, locale: str, asked: Asked, here: str) -> Seen:
    w, called = words(locale), operations.names(unit, locale=locale)
    wanted = asked.wanted(called, w)
    found = listing.page(unit, customer_id=customer_id, wanted=wanted, before=asked.before, most=PAGE + 1)
    shown, last = paging.cut(found, PAGE)
    count = listing.count(unit, customer_id=customer_id, wanted=wanted) if asked.is_narrowed else None
    return Seen(
        days=_days(unit, customer_id, shown, wanted, locale, called),
        older=asked.to(here, before=str(last)) if last else "",
        found="" if count is None else w.count("history.found", count),
        shows=[Chip(w(f"history.show.{each}"), asked.to(here, show=each), each == asked.show) for each in SHOWS],
        periods=_periods(asked, here, w),
        categories=_categories(unit, customer_id, asked, here, w),
    )


def _days(
    unit: Unit,
    customer_id: int,
    shown: list[OperationView],
    wanted: listing.Wanted,
    locale: str,
    called: operations.Names,
) -> list[Day]:
    if not shown:
        return []
    days = {operations.day_of(each.occurred_at) for each in shown}
    spans = {day: (midnight(day), midnight(day + timedelta(days=1))) for day in days}
    return operations.by_day(
        shown,
        locale=locale,
        called=called,
        today=unit.clock.today(),
        balances=listing.balances_after(unit, customer_id=customer_id, ids=[each.id for each in shown]),
        totals=listing.day_totals(unit, customer_id=customer_id, wanted=wanted, days=spans),
    )


def _periods(asked: Asked, here: str, w: Words) -> list[Chip]:
    dates = {"from": "", "to": ""}
    whole = Chip(w("history.period.all"), asked.to(here, period="", **dates), not asked.period.name)
    return [whole] + [
        Chip(w(f"history.period.{each}"), asked.to(here, period=each, **dates), each == asked.period.name)
        for each in QUICK
    ]


def _categories(unit: Unit, customer_id: int, asked: Asked, here: str, w: Words) -> list[Chip]:
    whole = Chip(w("history.category.all"), asked.to(here, category=""), not asked.category)
    return [whole] + [
        Chip(category_words(each, w), asked.to(here, category=each), each == asked.category)
        for each in listing.categories(unit, customer_id=customer_id)
    ]


@dataclass
class Fact:
    """One line of a receipt."""

    name: str
    value: str


class ReceiptState(rx.State):
    """What the page of a receipt shows."""

    ready: bool = False
    missing: bool = False
    state_word: str = ""
    status: str = ""
    amount: str = ""
    title: str = ""
    facts: list[Fact] = []
    pdf: str = ""
    repeat: str = ""
    transfer: str = ""
    plan: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the receipt that the address names, to its owner."""
        visitor = await visitor_of(self)
        if visitor is not None:
            self.ready = False
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        name, locale = forms.last_part(self), locale_of(self)
        try:
            seen = await bank().db.read(receipts.receipt, customer_id=visitor.customer_id, receipt=name, locale=locale)
        except NotFound:
            self.missing, self.ready = True, True
            return
        self._show(seen)
        self.pdf = f"/papers/{locale}/receipt/{name}.pdf"

    def _show(self, seen: Receipt) -> None:
        self.missing, self.state_word, self.status = False, seen.state, seen.status
        self.amount, self.title = seen.amount, seen.title
        self.repeat, self.transfer, self.plan = seen.repeat, seen.transfer, seen.plan
        self.facts = [Fact(name, value) for name, value in seen.facts]
        self.ready = True
