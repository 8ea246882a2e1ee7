"""One transfer at its own address: the sum, the window that confirms, the codes, what became of it, and undoing.

A reload, a crash or Back shows what the database says. Nothing is sent when the page loads.
"""

from __future__ import annotations

import re
from typing import Any

import reflex as rx

from kaspi_web.domain.sms.codes import Sent
from kaspi_web.domain.transfers import drafts, returns, sending
from kaspi_web.domain.transfers.views import TransferView
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import parse_amount
from kaspi_web.ui import forms, live
from kaspi_web.ui.codes import epoch_ms
from kaspi_web.ui.session import bank, locale_of, visitor_of
from kaspi_web.ui.transfers import proving, views


class TransferState(rx.State):
    """What the page shows; `step` is amount, review, code, bank_code, result, expired or missing."""

    step: str = ""
    errors: dict[str, str] = {}
    draft: views.Draft = views.Draft()
    accounts: list[views.Account] = []
    review: views.Review = views.Review()
    outcome: views.Outcome = views.Outcome()
    resend_at: int = 0
    _number: int = 0
    """What this window's review showed: only that may be sent from it."""

    @rx.event
    async def load(self) -> Any:
        """Show what became of the transfer that the address names."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.step, self.errors, self._number = "", {}, 0
        self.draft, self.review, self.outcome, self.accounts = views.Draft(), views.Review(), views.Outcome(), []
        # What the page showed of another transfer is gone before anything is looked up.
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "transfer_id": _name(self), "locale": locale_of(self)}
        seen = await bank().db.read(views.seen, **this)
        self.draft, self.outcome = seen.draft, seen.outcome
        if seen.step == "amount" and self.step in ("amount", "review", "code"):
            return
        if seen.step != self.step:
            self.errors = {}
        self.step, self.accounts = seen.step, seen.accounts

    @rx.event
    async def propose(self, form: dict[str, Any]) -> None:
        """Read the sum and open the window that asks to confirm it."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            made = await bank().db.write(
                drafts.propose,
                customer_id=visitor.customer_id,
                transfer_id=_name(self),
                amount=parse_amount(forms.text(form, "amount", most=40)),
                source=forms.text(form, "source", most=26),
                spend=forms.bonus_in(form),
                note=forms.text(form, "note") if self.draft.takes_note else "",
            )
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        # Read anew: a card may have been opened in another window since.
        this = {"customer_id": visitor.customer_id, "transfer_id": _name(self), "locale": locale_of(self)}
        self.accounts = (await bank().db.read(views.seen, **this)).accounts
        chosen = next((each.title for each in self.accounts if each.checked), "")
        self.errors, self.review = {}, views.review(made, chosen, locale=locale_of(self))
        self._number, self.step = made.number, "review"

    @rx.event
    async def change(self) -> None:
        """Close the window and go back to the sum; nothing was moved."""
        if self.step in ("review", "code"):
            self.step, self.errors = "amount", {}

    @rx.event
    async def send(self) -> None:
        """Confirm: send, or first ask for the code where the sum needs one."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            await self._send(visitor.customer_id)
        except drafts.CodeNeeded:
            await self._ask_for_code(visitor.customer_id)
        except DomainError as refusal:
            await self._refuse(refusal)

    @rx.event
    async def resend(self) -> None:
        """Send another code."""
        visitor = await visitor_of(self)
        if visitor is not None:
            await self._ask_for_code(visitor.customer_id, again=True)

    @rx.event
    async def confirm(self, form: dict[str, Any]) -> None:
        """Check the code and send."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "transfer_id": _name(self), "proposal": self._number}
        try:
            refusal = await bank().db.write(drafts.confirm, typed=forms.text(form, "code", most=20), **this)
            if refusal is None:
                await self._send(visitor.customer_id)
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
        code = re.sub(r"\D", "", forms.text(form, "code", most=20))[:6]
        try:
            await proving.type_code(visitor.customer_id, transfer_id=_name(self), code=code)
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        self.errors = {}
        await self._refresh()

    @rx.event
    async def undo(self) -> None:
        """Take it back."""
        await self._do(sending.undo)

    @rx.event
    async def send_now(self) -> None:
        """Do not wait for the end of undoing."""
        await self._do(sending.send_now)

    @rx.event
    async def ask_back(self) -> None:
        """Ask the recipient to return it."""
        await self._do(returns.ask_back)

    async def _do(self, deed: Any) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            made = await bank().db.write(deed, customer_id=visitor.customer_id, transfer_id=_name(self))
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        self._show(made)

    async def _ask_for_code(self, customer_id: int, *, again: bool = False) -> None:
        this = {"customer_id": customer_id, "transfer_id": _name(self), "proposal": self._number}
        try:
            sent: Sent = await bank().db.write(drafts.send_code, again=again, **this)
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        self.errors, self.resend_at, self.step = {}, epoch_ms(sent.resend_at), "code"

    async def _send(self, customer_id: int) -> None:
        this = {"customer_id": customer_id, "transfer_id": _name(self), "proposal": self._number}
        self._show(await bank().db.write(sending.send, **this))

    def _show(self, made: TransferView) -> None:
        self.errors, self.outcome = {}, views.outcome(made, locale=locale_of(self))
        self.step = "bank_code" if made.state == "funding" and made.charge_state == "challenge" else "result"

    async def _refuse(self, refusal: DomainError) -> None:
        if refusal.code in ("transfer_expired", "not_found", "transfer_content_changed", "too_late_to_undo"):
            self.step = ""
            await self._refresh()
        elif self.step in ("review", "code") and refusal.code in _BACK_TO_SUM:
            self.step = "amount"
        forms.show(self, refusal)


_BACK_TO_SUM = (
    "intent_proposal_changed",
    "insufficient_funds",
    "bonus_short",
    "over_operation_limit",
    "over_day_limit",
    "limits_missing",
    "card_frozen",
    "card_gone",
)


def _name(state: rx.State) -> str:
    return forms.last_part(state)[:26]
