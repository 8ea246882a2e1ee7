"""One payment at its own address: the bill, the sum, the window that confirms it, the codes, what became of it.

A reload, a crash or Back shows what the database says. Nothing is paid when the page loads.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.bills import intents, payments, proposals
from kaspi_web.domain.sms.codes import Sent
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.kernel.money import Money, parse_amount
from kaspi_web.ui import forms, live
from kaspi_web.ui.codes import epoch_ms
from kaspi_web.ui.payments import proving, views
from kaspi_web.ui.payments.lines import Tariff, chosen_in
from kaspi_web.ui.payments.lines_state import LinesState
from kaspi_web.ui.session import bank, locale_of, visitor_of


class IntentState(rx.State):
    """What the page of one payment shows; `step` is amount, review, code, result, expired or missing."""

    step: str = ""
    errors: dict[str, str] = {}
    bill: views.Bill = views.Bill()
    tariffs: list[Tariff] = []
    sources: list[views.Option] = []
    review: views.Review = views.Review()
    result: views.Result = views.Result()
    resend_at: int = 0
    _amount_tiyn: int = 0
    _source: str = ""
    _number: int = 0
    """What this window's review showed: only that may be paid from it."""
    _payment_id: int = 0

    @rx.event
    async def load(self) -> Any:
        """Show what became of the intent that the address names."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.step, self.errors = "", {}
        # What the page showed of another payment is gone before anything is looked up.
        yield
        self._amount_tiyn, self._source, self._number, self._payment_id = 0, "", 0, 0
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()
        yield LinesState.load

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "locale": locale_of(self)}
        if self.step == "result" and self._payment_id:
            try:
                self.result = await bank().db.read(views.outcome, payment_id=self._payment_id, **this)
                return
            except NotFound:
                # Somebody else is signed in at this browser by now.
                self.step, self._payment_id = "", 0
        repeat = forms.clean(str(self.router.url.query_parameters.get("repeat", "")))[:64]
        seen = await bank().db.read(views.seen, intent_id=forms.last_part(self), repeat=repeat, **this)
        self.bill, self.result, self._payment_id = seen.bill, seen.result, seen.payment_id
        self.tariffs, self.sources = seen.tariffs, seen.sources
        if seen.step != "amount" or self.step in ("", "expired", "missing"):
            self.step = seen.step

    @rx.event
    async def propose(self, form: dict[str, Any]) -> Any:
        """Read what was filled in and open the window that asks to confirm it."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        try:
            await self._propose(visitor.customer_id, form)
        except DomainError as refusal:
            await self._refuse(refusal)
            return LinesState.refuse(self.errors)
        return None

    async def _propose(self, customer_id: int, form: dict[str, Any]) -> None:
        this = {"customer_id": customer_id, "intent_id": forms.last_part(self)}
        found = await bank().db.read(intents.intent, **this)
        chosen = chosen_in(form, found.offer)
        source, _, card = (forms.text(form, "source", most=40) or "wallet").partition(":")
        typed = forms.text(form, "amount", most=40)
        amount = None if found.offer.lines or (found.offer.menu and not typed) else parse_amount(typed)
        made = await bank().db.write(
            proposals.propose,
            amount=amount,
            source=source,
            card=card,
            spend=forms.bonus_in(form),
            chosen=chosen,
            **this,
        )
        named = [line.names[locale_of(self)] for line in found.offer.lines if line.code in chosen.lines]
        self.errors, self.review = {}, views.review(made, named, locale=locale_of(self))
        self._amount_tiyn, self._source, self._number = made.amount.tiyn, made.source, made.number
        self.step = "review"

    @rx.event
    async def change(self) -> None:
        """Close the window and go back to the sum; nothing was moved."""
        if self.step in ("review", "code"):
            self.step, self.errors = "amount", {}

    @rx.event
    async def pay(self) -> None:
        """Confirm: pay, or first ask for the code where the sum needs one."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            await self._pay(visitor.customer_id)
        except proposals.CodeNeeded:
            await self._ask_for_code(visitor.customer_id)
        except DomainError as refusal:
            await self._refuse(refusal)

    @rx.event
    async def resend(self) -> None:
        """Send another code."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        await self._ask_for_code(visitor.customer_id, again=True)

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> None:
        """Check the code and pay."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "intent_id": forms.last_part(self), **self._reviewed()}
        try:
            refusal = await bank().db.write(proposals.confirm, typed=forms.text(form, "code", most=20), **this)
            if refusal is None:
                await self._pay(visitor.customer_id)
        except DomainError as raised:
            refusal = raised
        if refusal is not None:
            await self._refuse(refusal)

    @rx.event
    async def prove(self, form: dict[str, Any]) -> None:
        """Hand the code of the card's own bank to the processor."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            code = "".join(sign for sign in forms.text(form, "code", most=20) if sign.isascii() and sign.isdigit())
            await proving.type_code(visitor.customer_id, payment_id=self._payment_id, code=code)
            self.errors = {}
        except DomainError as refusal:
            forms.show(self, refusal)
        await self._refresh()

    def _reviewed(self) -> dict[str, Any]:
        return {"amount": Money(self._amount_tiyn), "source": self._source, "number": self._number}

    async def _ask_for_code(self, customer_id: int, *, again: bool = False) -> None:
        this = {"customer_id": customer_id, "intent_id": forms.last_part(self), **self._reviewed()}
        try:
            sent: Sent = await bank().db.write(proposals.send_code, again=again, **this)
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        self.errors, self.resend_at, self.step = {}, epoch_ms(sent.resend_at), "code"

    async def _pay(self, customer_id: int) -> None:
        this = {"customer_id": customer_id, "intent_id": forms.last_part(self), **self._reviewed()}
        made = await bank().db.write(payments.pay, **this)
        self.errors, self.step = {}, "result"
        self.result, self._payment_id = views.result(made, locale=locale_of(self)), made.id

    async def _refuse(self, refusal: DomainError) -> None:
        forms.show(self, refusal)
        if refusal.code in ("intent_proposal_changed", "insufficient_funds"):
            self.step = "amount"
        if refusal.code in ("intent_expired", "not_found", "intent_content_changed"):
            self.step = ""
            await self._refresh()
