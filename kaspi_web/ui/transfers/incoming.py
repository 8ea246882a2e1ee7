"""A transfer that came in: who sent it, and the answer to a request to return it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.transfers import returns
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.ui import forms, live
from kaspi_web.ui.session import bank, locale_of, visitor_of
from kaspi_web.ui.transfers import views


class IncomingState(rx.State):
    """What the recipient's page shows."""

    ready: bool = False
    missing: bool = False
    errors: dict[str, str] = {}
    transfer: views.Incoming = views.Incoming()

    @rx.event
    async def load(self) -> Any:
        """Show the transfer that the address names, to its recipient."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        # What the page showed of another transfer is gone before anything is looked up.
        self.ready, self.missing, self.errors, self.transfer = False, False, {}, views.Incoming()
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.ready = True
        try:
            made = await bank().db.read(returns.incoming, customer_id=visitor.customer_id, transfer_id=_name(self))
        except NotFound:
            self.missing, self.transfer = True, views.Incoming()
            return
        self.missing, self.transfer = False, views.incoming(made, locale=locale_of(self))

    @rx.event
    async def give_back(self) -> None:
        """Return the money."""
        await self._answer(returns.accept)

    @rx.event
    async def decline(self) -> None:
        """Keep it."""
        await self._answer(returns.decline)

    async def _answer(self, deed: Any) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            made = await bank().db.write(deed, customer_id=visitor.customer_id, transfer_id=_name(self))
        except DomainError as refusal:
            await self._refresh()
            forms.show(self, refusal)
            # There is no field for a sum here.
            self.errors = {forms.WHOLE: next(iter(self.errors.values()))}
            return
        self.errors, self.transfer = {}, views.incoming(made, locale=locale_of(self))


def _name(state: rx.State) -> str:
    return forms.last_part(state)[:26]
