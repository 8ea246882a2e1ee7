"""Paying plans back, on the page of RED and on that of any other plan: what to pay, a window that shows what it does,
and the tap. Every window has a key of its own, so a tap that comes twice pays once.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.loans import book, repaying
from kaspi_web.domain.loans.book import RED
from kaspi_web.domain.loans.owing import owed
from kaspi_web.domain.loans.preview import Preview, preview
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.i18n import words
from kaspi_web.i18n.format import money
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.kernel.money import ZERO, Money, parse_amount
from kaspi_web.ui import forms
from kaspi_web.ui.repayments import Offer, Paid, Review, offer, paid, review
from kaspi_web.ui.session import bank, locale_of, visitor_of

_DEEDS = {"due": repaying.pay_due, "early": repaying.pay_early, "whole": repaying.pay_whole}


class RepayState(rx.State):
    """What may be paid of the page's plan; `step` is review while the window stands open, else empty.

    It has no loading of its own: the page's State clears it and has it read anew.
    """

    ready: bool = False
    step: str = ""
    errors: dict[str, str] = {}
    offer: Offer = Offer()
    review: Review = Review()
    paid: Paid = Paid()
    _key: str = ""
    """Of the window that stands open, with what it showed: only that is paid from it."""
    _plan: str = ""
    _way: str = ""
    _tiyn: int = 0

    def _clear(self) -> None:
        """Forget what was shown: the page is about another plan, or it is opened anew."""
        self.ready, self.step, self.errors, self.paid, self._key = False, "", {}, Paid(), ""
        self.offer, self.review = Offer(), Review()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        this = {"customer_id": visitor.customer_id, "plan": _plan_of(self), "locale": locale_of(self)}
        try:
            self.offer = await bank().db.read(offer, **this)
        except NotFound:
            self.offer = Offer()
        self.ready = True

    @rx.event
    async def propose(self, form: dict[str, Any]) -> None:
        """Read what is to be paid, and open the window that shows what it does."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            await self._propose(visitor.customer_id, forms.text(form, "way", most=10), form)
        except DomainError as refusal:
            self._refuse(refusal)

    async def _propose(self, customer_id: int, way: str, form: Any) -> None:
        if way not in _DEEDS:
            self.errors = {"way": words(locale_of(self))("plans.repay.choose")}
            return
        # The field for a sum is hidden beside the other ways, whatever stands in it.
        amount = parse_amount(forms.text(form, "amount", most=40)) if way == "early" else None
        plan = _plan_of(self)
        seen, have = await bank().db.read(_proposed, customer_id=customer_id, plan=plan, way=way, amount=amount)
        if have < seen.amount:
            raise InsufficientFunds(missing=seen.amount - have)
        self.errors, self.paid = {}, Paid()
        self._key, self._plan, self._way, self._tiyn = public_id(), plan, way, seen.amount.tiyn
        self.review, self.step = review(seen, have, today=bank().clock.today(), locale=locale_of(self)), "review"

    @rx.event
    async def change(self) -> None:
        """Close the window; nothing was moved."""
        self.step, self._key, self.errors = "", "", {}

    @rx.event
    async def pay(self) -> None:
        """Pay what the window shows."""
        visitor = await visitor_of(self)
        if visitor is None or self.step != "review" or not self._key:
            return
        this = {"plan": self._plan, "key": self._key, "amount": Money(self._tiyn)}
        try:
            made = await bank().db.write(_DEEDS[self._way], customer_id=visitor.customer_id, **this)
        except DomainError as refusal:
            self._refuse(refusal)
            await self._refresh()
            return
        self.step, self._key, self.errors = "", "", {}
        seen = {"customer_id": visitor.customer_id, "locale": locale_of(self)}
        self.paid = await bank().db.read(paid, made=made, **seen)
        await self._refresh()

    @rx.event
    async def set_automatic(self, on: bool) -> None:
        """Have what falls due paid from the wallet on its day, or not."""
        visitor = await visitor_of(self)
        if visitor is None or not isinstance(on, bool):
            return
        this = {"customer_id": visitor.customer_id, "plan": _plan_of(self)}
        try:
            await bank().db.write(repaying.set_automatic, on=on, **this)
        except DomainError as refusal:
            self._refuse(refusal)
        await self._refresh()

    def _refuse(self, refusal: DomainError) -> None:
        self.step, self._key = "", ""
        if isinstance(refusal, InsufficientFunds):
            w = words(locale_of(self))
            missing = money(refusal.params.get("missing") or ZERO, w.locale)
            self.errors = {"short": w("plans.repay.short", missing=missing)}
            return
        forms.show(self, refusal)
        if refusal.code == "repayment_too_much":
            self.errors = {"amount": put(refusal, locale_of(self))}


def _plan_of(state: rx.State) -> str:
    """`red` on the page of RED, else the address of the page's plan; it proves nothing."""
    return forms.last_part(state)[:26] or RED


def _proposed(unit: Unit, *, customer_id: int, plan: str, way: str, amount: Money | None) -> tuple[Preview, Money]:
    """What the repayment would do, and what the wallet has; without an amount it is what that way asks for."""
    if amount is None:
        now = owed(book.held(unit, customer_id=customer_id, plan=plan, lock=False), unit.clock.today())
        amount = now.whole if way == "whole" else now.now or now.payable
    if not amount:
        raise repaying.RepaymentTooMuch(left=ZERO)
    have = wallet.balances(unit, customer_id=customer_id).wallet
    return preview(unit, customer_id=customer_id, plan=plan, way=way, amount=amount), have
