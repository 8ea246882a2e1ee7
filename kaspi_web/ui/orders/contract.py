"""The contract of a purchase on credit: read, then signed by a code from an SMS, or declined."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from kaspi_web.domain.checkout import signing
from kaspi_web.domain.checkout.signing import ContractView, Part
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import long_day, moment_text, money, percent
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.ui import forms, live
from kaspi_web.ui.codes import epoch_ms
from kaspi_web.ui.late import late_rule
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Row:
    """One payment of a schedule."""

    number: str
    day: str
    payment: str
    principal: str
    interest: str
    left: str


@dataclass
class Plan:
    """The plan of one order, with its schedule."""

    key: str
    title: str
    amount: str
    rate: str
    rows: list[Row] = field(default_factory=list)


@dataclass
class Sheet:
    """The facts of a contract; `state` is signing, placed or refused, empty for one that is missing."""

    state: str = ""
    number: str = ""
    borrower: str = ""
    months: str = ""
    amount: str = ""
    payment: str = ""
    total: str = ""
    overpay: str = ""
    gesv: str = ""
    sign_until: str = ""
    late: str = ""
    """What being late costs."""
    plans: list[Plan] = field(default_factory=list)


def read(unit: Unit, *, customer_id: int, purchase_id: str, locale: str) -> Sheet:
    """A customer's contract in a language; raises NotFound, also for somebody else's."""
    found, w = signing.contract(unit, customer_id=customer_id, purchase_id=purchase_id), words(locale)
    return sheet(found, w, late=late_rule(unit, "contract.rule.late", w))


def sheet(found: ContractView, w: Words, *, late: str) -> Sheet:
    """A contract in a language, with the rule for those who pay late."""
    return Sheet(
        state=found.state,
        number=f"{found.purchase} · {found.version}",
        borrower=found.borrower,
        months=w.count("checkout.months", found.months),
        amount=money(found.lent, w.locale, exact=True),
        payment=money(found.payment, w.locale, exact=True),
        total=money(found.total, w.locale, exact=True),
        overpay=money(found.overpay, w.locale, exact=True),
        gesv=percent(found.gesv, w.locale),
        sign_until=moment_text(found.sign_until, w.locale),
        late=late,
        plans=[_plan(each, w) for each in found.parts],
    )


def _plan(part: Part, w: Words) -> Plan:
    def said(sum: Any) -> str:
        return money(sum, w.locale, exact=True)

    return Plan(
        key=part.code,
        title=w("contract.plan", seller=part.seller, code=part.code),
        amount=said(part.amount),
        rate=percent(part.rate, w.locale),
        rows=[
            Row(
                str(line.number),
                long_day(line.due_on, w.locale),
                said(line.payment),
                said(line.principal),
                said(line.interest),
                said(line.left),
            )
            for line in part.lines
        ],
    )


class ContractState(rx.State):
    """What the page of a contract shows; `step` is read, code, decline, signed, over or missing."""

    step: str = ""
    errors: dict[str, str] = {}
    sheet: Sheet = Sheet()
    purchase: str = ""
    resend_at: int = 0

    @rx.event
    async def load(self) -> Any:
        """Show the contract of the purchase that the address names."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.step, self.errors, self.sheet = "", {}, Sheet()
        yield
        live.follow(self, f"customer:{visitor.customer_id}")
        await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            self.sheet = await bank().db.read(read, locale=locale_of(self), **self._this(visitor.customer_id))
        except NotFound:
            self.sheet, self.purchase, self.step = Sheet(), "", "missing"
            return
        self.purchase = f"/{locale_of(self)}/purchases/{_name(self)}"
        step = {"signing": "read", "placed": "signed"}.get(self.sheet.state, "over")
        if step != "read" or self.step not in ("code", "decline"):
            self.step = step

    def _this(self, customer_id: int) -> dict[str, Any]:
        return {"customer_id": customer_id, "purchase_id": _name(self)}

    @rx.event
    async def begin(self) -> None:
        """Ask for the code that signs."""
        visitor = await visitor_of(self)
        if visitor is not None:
            await self._send_code(visitor.customer_id)

    @rx.event
    async def resend(self) -> None:
        """Send another code."""
        visitor = await visitor_of(self)
        if visitor is not None:
            await self._send_code(visitor.customer_id, again=True)

    async def _send_code(self, customer_id: int, *, again: bool = False) -> None:
        try:
            sent = await bank().db.write(signing.send_code, again=again, **self._this(customer_id))
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        self.errors, self.resend_at, self.step = {}, epoch_ms(sent.resend_at), "code"

    @rx.event
    async def change(self) -> None:
        """Close the window and read on; nothing was signed or given up."""
        if self.step in ("code", "decline"):
            self.step, self.errors = "read", {}

    @rx.event
    async def sign(self, form: dict[str, Any]) -> None:
        """Check the code and sign."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        typed = forms.text(form, "code", most=20)
        try:
            refusal = await bank().db.write(signing.sign, typed=typed, **self._this(visitor.customer_id))
        except DomainError as raised:
            refusal = raised
        if refusal is not None:
            await self._refuse(refusal)
            return
        self.errors, self.step = {}, ""
        await self._refresh()

    @rx.event
    async def ask_decline(self) -> None:
        """Ask whether the credit is really not wanted."""
        if self.step == "read":
            self.step, self.errors = "decline", {}

    @rx.event
    async def decline(self) -> None:
        """Give the credit up; the goods are the seller's again and nothing is lent."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        try:
            await bank().db.write(signing.decline, **self._this(visitor.customer_id))
            self.errors, self.step = {}, ""
        except DomainError as refusal:
            await self._refuse(refusal)
            return
        await self._refresh()

    async def _refuse(self, refusal: DomainError) -> None:
        if refusal.code in ("signing_over", "not_found") or self.step == "decline":
            self.step = ""
        await self._refresh()
        forms.show(self, refusal)


def _name(state: Any) -> str:
    """The purchase that the address names: `/purchases/x/contract`. It proves nothing."""
    parts = forms.clean(str(state.router.url.path)).rstrip("/").split("/")
    return parts[-2][:64] if len(parts) > 1 else ""
