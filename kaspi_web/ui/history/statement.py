"""The statement of the wallet on screen: the same facts as its files have."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import reflex as rx

from kaspi_web.domain.wallet.listing import StatementTooLong
from kaspi_web.i18n import words
from kaspi_web.i18n.refusals import put
from kaspi_web.papers import statements
from kaspi_web.papers.periods import Closed, closed
from kaspi_web.papers.statements import Statement
from kaspi_web.ui import live
from kaspi_web.ui.history.asked import asked_in
from kaspi_web.ui.history.state import Fact
from kaspi_web.ui.session import bank, locale_of, visitor_of

MOST_LINES = 200
"""Rows on screen; files have them all."""


@dataclass
class Line:
    """One row of the statement."""

    date: str
    amount: str
    kind: str
    details: str


class StatementState(rx.State):
    """What the page of a statement shows; its period is in the address."""

    ready: bool = False
    title: str = ""
    head: list[Fact] = []
    totals: list[Fact] = []
    lines: list[Line] = []
    shortened: str = ""
    pdf: str = ""
    csv: str = ""
    errors: dict[str, str] = {}

    @rx.event
    async def load(self) -> None:
        """Show the statement for the period that the address names."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        locale, today = locale_of(self), bank().clock.today()
        asked = asked_in(self.router.url.query_parameters, today=today)
        period = closed(asked.period, today=today)
        self.errors = {"form": put(asked.error, locale)} if asked.error else {}
        try:
            seen = await bank().db.read(
                statements.statement, customer_id=visitor.customer_id, period=period, locale=locale
            )
        except StatementTooLong as refusal:
            self.errors = {"form": put(refusal, locale)}
        else:
            self._show(seen, period)
        self.ready = True

    def _show(self, seen: Statement, period: Closed) -> None:
        w, file = words(seen.locale), f"/papers/{seen.locale}/statement"
        self.title = seen.title
        self.head = [Fact(*each) for each in seen.head]
        self.totals = [Fact(*each) for each in seen.totals]
        self.lines = [Line(each.date, each.amount, each.kind, each.details) for each in seen.lines[:MOST_LINES]]
        is_long = len(seen.lines) > MOST_LINES
        self.shortened = w.count("history.statement.shortened", MOST_LINES) if is_long else ""
        days = urlencode({"from": period.first.isoformat(), "to": period.last.isoformat()})
        self.pdf, self.csv = f"{file}.pdf?{days}", f"{file}.csv?{days}"
