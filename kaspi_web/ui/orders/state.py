"""One order at its own address: where it stands, what is in it, and what its buyer may do with it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.orders import dropping, lifecycle, returns
from kaspi_web.kernel.errors import DomainError
from kaspi_web.ui import forms, live
from kaspi_web.ui.orders import shown, story
from kaspi_web.ui.session import bank, locale_of, visitor_of


class OrderState(rx.State):
    """What the page of an order shows; `asked` is the open window: cancel, line, parcel, return or none."""

    ready: bool = False
    errors: dict[str, str] = {}
    order: shown.Order = shown.Order()
    lines: list[shown.Line] = []
    returns: list[shown.Return] = []
    events: list[story.Told] = []
    asked: str = ""
    line: shown.Line = shown.Line(0, "", "", "", "", "")
    """The line that the window is about."""
    pieces: list[str] = []
    """How many pieces of it may be named."""

    @rx.event
    async def load(self) -> Any:
        """Show the order that the address names."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.ready, self.errors, self.asked, self.order = False, {}, "", shown.Order()
        self.lines, self.returns, self.events = [], [], []
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "order_id": forms.last_part(self)}
        seen = await bank().db.read(shown.seen, locale=locale_of(self), **this)
        self.order, self.lines, self.returns, self.events = seen.order, seen.lines, seen.returns, seen.events
        self.ready = True

    @rx.event
    async def ask_cancel(self) -> None:
        """Ask whether the whole order is to be cancelled."""
        if self.order.may_cancel:
            self.asked, self.errors = "cancel", {}

    @rx.event
    async def ask_refuse(self) -> None:
        """Ask whether the parcel on its way is really not wanted."""
        if self.order.may_refuse_parcel:
            self.asked, self.errors = "parcel", {}

    @rx.event
    async def ask_line(self, number: Any) -> None:
        """Ask how many pieces of a line are to be cancelled."""
        self._ask(number, "line")

    @rx.event
    async def ask_return(self, number: Any) -> None:
        """Ask what is to be given back of a line, and why."""
        self._ask(number, "return")

    def _ask(self, number: Any, what: str) -> None:
        line = next((each for each in self.lines if type(number) is int and each.number == number), None)
        many = 0 if line is None else line.may_cancel if what == "line" else line.may_return
        if line is not None and many:
            self.line, self.asked, self.errors = line, what, {}
            self.pieces = [str(each) for each in range(1, many + 1)]

    @rx.event
    async def close(self) -> None:
        """Close the window; nothing was done."""
        self.asked, self.errors = "", {}

    @rx.event
    async def cancel(self) -> None:
        """Cancel the whole order."""
        await self._do(dropping.cancel_by_buyer)

    @rx.event
    async def cancel_line(self, form: dict[str, Any]) -> None:
        """Cancel pieces of a line: so many in all, that a second tap cancels no more."""
        many, found = _number(form), next((each for each in self.lines if each.number == self.line.number), None)
        if found is None:
            return
        # Counted from what the window showed, not from what is left by now.
        await self._do(dropping.cancel_by_buyer, line=self.line.number, cancelled=self.line.cancelled + many)

    @rx.event
    async def refuse_parcel(self) -> None:
        """Send the parcel back that is on its way."""
        await self._do(lifecycle.refuse_parcel)

    @rx.event
    async def give_back(self, form: dict[str, Any]) -> None:
        """Ask the seller to take pieces back."""
        given = {"reason": forms.text(form, "reason", most=20), "words": forms.text(form, "words", most=1000)}
        await self._do(returns.ask, line=self.line.number, pieces=_number(form), **given)

    async def _do(self, deed: Any, **content: Any) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "order_id": forms.last_part(self)}
        refusal: DomainError | None = None
        try:
            await bank().db.write(deed, **this, **content)
            self.asked, self.errors = "", {}
        except DomainError as raised:
            refusal = raised
        await self._refresh()
        if refusal is not None:
            forms.show(self, refusal)

    @rx.event
    async def withdraw(self, return_id: Any) -> None:
        """Keep the goods after all."""
        visitor = await visitor_of(self)
        if visitor is None or not isinstance(return_id, str):
            return
        refusal: DomainError | None = None
        try:
            name = forms.clean(return_id)[:26]
            await bank().db.write(returns.withdraw, customer_id=visitor.customer_id, return_id=name)
            self.errors = {}
        except DomainError as raised:
            refusal = raised
        await self._refresh()
        if refusal is not None:
            forms.show(self, refusal)


def _number(form: Any) -> int:
    """The pieces of a form; 0, which is refused, for what is no number."""
    typed = forms.text(form, "pieces", most=4)
    return int(typed) if typed.isascii() and typed.isdecimal() else 0
