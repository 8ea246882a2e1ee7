"""My payments: the history by days, and one receipt."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from kaspi_web.domain.bills import payments
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.i18n import words
from kaspi_web.i18n.format import moment_text, money
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.phone import masked
from kaspi_web.ui import forms, live, operations
from kaspi_web.ui.operations import Day
from kaspi_web.ui.session import bank, locale_of, visitor_of


class HistoryState(rx.State):
    """What the History tab shows: one page, whose place is in the address."""

    ready: bool = False
    days: list[Day] = []
    older: str = ""
    newest: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the page that the address names and keep it up to date while it is open."""
        visitor = await visitor_of(self)
        if visitor is not None:
            live.follow(self, f"customer:{visitor.customer_id}")
            await self._refresh()

    async def _refresh(self) -> None:
        visitor = await visitor_of(self)
        if visitor is None:
            return
        before, here = _before(self), f"/{locale_of(self)}/my-payments/history"
        self.days, last = await bank().db.read(
            _days, customer_id=visitor.customer_id, locale=locale_of(self), before=before
        )
        self.older = f"{here}?before={last}" if last else ""
        self.newest = here if before else ""
        self.ready = True


def _before(state: rx.State) -> int | None:
    """The operation that the page begins below, from its address."""
    typed = state.router.url.query_parameters.get("before", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


def _days(unit: Unit, *, customer_id: int, locale: str, before: int | None) -> tuple[list[Day], int | None]:
    """A page of days, and the operation that the next page begins below, if there is one."""
    found = wallet.operations(unit, customer_id=customer_id, before=before, most=wallet.PAGE + 1)
    shown = found[: wallet.PAGE]
    called = operations.names(unit, locale=locale)
    days = operations.by_day(shown, locale=locale, called=called, today=unit.clock.today())
    return days, shown[-1].id if len(found) > len(shown) else None


@dataclass
class Fact:
    """One line of a receipt."""

    name: str
    value: str


@dataclass
class Receipt:
    """A receipt, ready to be shown; `state` is done, on_way or refused."""

    state: str = ""
    status: str = ""
    amount: str = ""
    title: str = ""
    facts: list[Fact] | None = None


class ReceiptState(rx.State):
    """What the page of a receipt shows."""

    ready: bool = False
    missing: bool = False
    state_word: str = ""
    status: str = ""
    amount: str = ""
    title: str = ""
    facts: list[Fact] = []

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
        try:
            seen = await bank().db.read(
                _receipt, customer_id=visitor.customer_id, receipt=forms.last_part(self), locale=locale_of(self)
            )
        except NotFound:
            self.missing, self.ready = True, True
            return
        self.missing, self.state_word, self.status = False, seen.state, seen.status
        self.amount, self.title, self.facts = seen.amount, seen.title, seen.facts or []
        self.ready = True


def _receipt(unit: Unit, *, customer_id: int, receipt: str, locale: str) -> Receipt:
    operation = wallet.operation(unit, customer_id=customer_id, receipt=receipt)
    called = operations.names(unit, locale=locale)
    shown = operations.row(operation, locale=locale, called=called)
    w = words(locale)
    facts = [
        (w("receipt.number"), f"{operation.id:09d}"),
        (w("receipt.time"), moment_text(operation.occurred_at, locale)),
    ]
    facts += (
        _of_bill(unit, customer_id, operation, locale)
        if operation.kind == "bill"
        else _of_topup(operation, called, locale)
    )
    facts.append((w("receipt.fee"), money(Money(0), locale)))
    if operation.bonus and operation.state != "refused":
        facts.append((w(f"receipt.bonus.{operation.state}"), money(operation.bonus, locale, exact=True, sign=True)))
    return Receipt(
        operation.state,
        w(f"receipt.status.{operation.state}"),
        money(operation.amount, locale, exact=True, sign=True),
        shown.title,
        [Fact(name, value) for name, value in facts],
    )


def _of_bill(unit: Unit, customer_id: int, operation: OperationView, locale: str) -> list[tuple[str, str]]:
    w = words(locale)
    payment_id = int(operation.subject.removeprefix("bill_payment:"))
    made = payments.payment(unit, customer_id=customer_id, payment_id=payment_id)
    payer = customers.card(unit, customer_id=customer_id)
    return [
        (w("receipt.payee"), made.biller.names[locale]),
        (w("receipt.bin"), made.biller.bin),
        (w("receipt.account"), made.account),
        (w("receipt.payer"), f"{payer.masked_name}, {masked(payer.phone)}"),
        (w("receipt.source"), w("source.wallet")),
    ]


def _of_topup(operation: OperationView, called: operations.Names, locale: str) -> list[tuple[str, str]]:
    w = words(locale)
    return [(w("receipt.terminal"), called.of(operation)), (w("receipt.to"), w("source.wallet"))]
