"""Asking a biller for a debt: the account number in, the address of a payment intent out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import reflex as rx

from kaspi_web.domain.bills import billers, intents, payments
from kaspi_web.gateways.billers import Billers, BillerSilent, debt_of
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import ZERO
from kaspi_web.ui import forms
from kaspi_web.ui.session import bank, locale_of, visitor_of


@dataclass
class Choice:
    """A biller to choose from."""

    slug: str
    name: str
    example: str


@dataclass
class Saved:
    """An account that was paid before."""

    slug: str
    biller: str
    account: str


class ServiceState(rx.State):
    """What the page of one kind of service shows."""

    ready: bool = False
    errors: dict[str, str] = {}
    choices: list[Choice] = []
    chosen: str = ""
    saved: list[Saved] = []

    @rx.event
    async def load(self) -> None:
        """Show the billers of the page's category and the accounts paid before."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.errors = {}
        self.choices, self.saved = await bank().db.read(
            _seen, customer_id=visitor.customer_id, category=forms.last_part(self), locale=locale_of(self)
        )
        self.chosen = self.saved[0].slug if self.saved else self.choices[0].slug if self.choices else ""
        self.ready = True

    @rx.event
    async def check(self, form: dict[str, Any]) -> Any:
        """Ask the biller what is owed and go on to the payment."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        self.chosen = forms.text(form, "biller", most=32)
        try:
            intent_id = await _ask(visitor.customer_id, self.chosen, forms.text(form, "account"))
        except DomainError as refusal:
            forms.show(self, refusal)
            return None
        self.errors = {}
        return rx.redirect(f"/{locale_of(self)}/payments/i/{intent_id}")


def _seen(unit: Unit, *, customer_id: int, category: str, locale: str) -> tuple[list[Choice], list[Saved]]:
    found = billers.billers(unit, category=category)
    choices = [Choice(each.slug, each.names[locale], each.account_example) for each in found]
    saved = [
        Saved(each.slug, each.names[locale], account)
        for each in found
        for account in payments.saved_accounts(unit, customer_id=customer_id, slug=each.slug)
    ]
    return choices, saved


async def _ask(customer_id: int, slug: str, typed: str) -> str:
    """The intent's address, once the biller answered; the intent is made first, so that asking is counted."""
    here = bank()
    of = await here.db.read(billers.biller, slug=slug)
    account = billers.parse_account(typed, of=of)
    made = await here.db.write(intents.issue, customer_id=customer_id, slug=slug, account=account)
    doors = Billers(here.settings)
    try:
        answer = await doors.at(of.address).check(10**17 + secrets.randbelow(9 * 10**17), account, ZERO)
    except Unknown:
        raise BillerSilent from None
    finally:
        await doors.aclose()
    debt = debt_of(answer)
    await here.db.write(
        intents.answered,
        customer_id=customer_id,
        intent_id=made.id,
        owner_name=debt.owner_name,
        address=debt.address,
        debt=debt.amount,
    )
    return made.id
