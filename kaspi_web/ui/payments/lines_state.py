"""The lines of a bill while they are filled in: each change is worked out anew, to the tiyn."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.ui import forms
from kaspi_web.ui.payments import recount
from kaspi_web.ui.payments.lines import LineRow
from kaspi_web.ui.session import bank, locale_of, visitor_of


class LinesState(rx.State):
    """The lines of the bill on the page, and what they come to as they stand; what is paid is read from the form."""

    lines: list[LineRow] = []
    total: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the lines as they were chosen last."""
        visitor = await visitor_of(self)
        if visitor is not None:
            self.lines, self.total = await bank().db.read(
                recount.lines, customer_id=visitor.customer_id, intent_id=forms.last_part(self), locale=locale_of(self)
            )

    @rx.event
    async def read_meter(self, said: list[str]) -> None:
        """Work a line out anew from one's own reading."""
        await self._rewrite(said, "reading")

    @rx.event
    async def write_sum(self, said: list[str]) -> None:
        """Take another sum for a line."""
        await self._rewrite(said, "amount")

    @rx.event
    async def take(self, said: list[Any]) -> None:
        """Pay a line, or drop it."""
        await self._rewrite(said, "taken")

    @rx.event
    async def refuse(self, errors: dict[str, str]) -> None:
        """Show what is wrong beside the lines that it concerns."""
        if await visitor_of(self) is not None:
            self.lines = recount.with_errors(self.lines, errors if isinstance(errors, dict) else {})

    async def _rewrite(self, said: Any, what: str) -> None:
        visitor = await visitor_of(self)
        # A line's code and what became of it; anybody may send anything.
        if visitor is None or not isinstance(said, list) or len(said) != 2 or not isinstance(said[0], str):
            return
        code, changed = said[0], {what: said[1]}
        self.lines, self.total = await bank().db.read(
            recount.rewritten,
            customer_id=visitor.customer_id,
            intent_id=forms.last_part(self),
            locale=locale_of(self),
            shown=list(self.lines),
            code=code,
            changed=changed,
        )
