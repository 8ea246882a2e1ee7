"""One purchase at its own address: what became of the tap, and the code of the card's own bank while it waits."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.ui import bank_codes, forms, live
from kaspi_web.ui.orders.bought import Result, result
from kaspi_web.ui.session import bank, locale_of, visitor_of


class PurchaseState(rx.State):
    """What the page of a purchase shows; a result without a state is one that is missing."""

    ready: bool = False
    errors: dict[str, str] = {}
    result: Result = Result()

    @rx.event
    async def load(self) -> Any:
        """Show what became of the purchase that the address names."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.ready, self.errors, self.result = False, {}, Result()
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "purchase_id": forms.last_part(self)}
        self.result = await bank().db.read(result, locale=locale_of(self), **this)
        self.ready = True
        if not self.result.challenge:
            self.errors = {}

    @rx.event
    async def prove(self, form: dict[str, Any]) -> None:
        """Hand the code of the card's own bank to the processor."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "purchase_id": forms.last_part(self)}
        refusal: DomainError | None = None
        try:
            charge = await bank().db.read(checkout.charge_of, **this)
            await bank_codes.type_code(charge.id, charge.key, forms.text(form, "code", most=20))
        except NotFound:
            pass
        except DomainError as raised:
            refusal = raised
        await self._refresh()
        if refusal is not None:
            forms.show(self, refusal)
