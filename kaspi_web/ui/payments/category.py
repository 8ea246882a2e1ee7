"""A category: its services by cities, or the number first where that says which service it is."""

from __future__ import annotations

import re
from typing import Any

import reflex as rx

from kaspi_web.domain.bills import lately
from kaspi_web.domain.bills.billers import BillerView, billers, suggested
from kaspi_web.i18n import words
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError
from kaspi_web.ui import forms
from kaspi_web.ui.payments.asking import ask
from kaspi_web.ui.payments.catalogue import CATEGORIES, MOBILE
from kaspi_web.ui.payments.offered import CityGroup, Tile, by_city, paid_tile, service_tile
from kaspi_web.ui.session import bank, locale_of, visitor_of


class CategoryState(rx.State):
    """What the page of a category shows."""

    ready: bool = False
    missing: bool = False
    title: str = ""
    cities: list[CityGroup] = []

    @rx.event
    async def load(self) -> Any:
        """Show the services of the category that the address names; go on where there is only one."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        # What the page showed of another category is gone before anything is looked up.
        self.ready = False
        yield
        name, locale = forms.last_part(self), locale_of(self)
        self.missing = name not in CATEGORIES
        self.title, self.cities, self.ready = "", [], True
        if self.missing:
            return
        self.title = words(locale)(f"operations.category.{name}")
        offered, last = await bank().db.read(_offered, customer_id=visitor.customer_id, category=name)
        if len(offered) == 1:
            yield rx.redirect(f"/{locale}/payments/s/{offered[0].slug}", replace=True)
            return
        self.cities = by_city(offered, last=last, locale=locale)


def _offered(unit: Unit, *, customer_id: int, category: str) -> tuple[list[BillerView], str]:
    return billers(unit, category=category), lately.last_city(unit, customer_id=customer_id)


class MobileState(rx.State):
    """What the page of mobile operators shows: the number comes first and suggests the operator."""

    ready: bool = False
    errors: dict[str, str] = {}
    operators: list[Tile] = []
    numbers: list[Tile] = []
    suggested: str = ""

    @rx.event
    async def load(self) -> None:
        """Show the operators and the numbers paid before."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        self.errors, self.suggested = {}, ""
        self.operators, self.numbers = await bank().db.read(
            _operators, customer_id=visitor.customer_id, locale=locale_of(self)
        )
        self.ready = True

    @rx.event
    async def suggest(self, typed: str) -> None:
        """Propose the operator that the first digits belong to; the last proposal stays while they say nothing."""
        if await visitor_of(self) is not None:
            of = await bank().db.read(_operator_of, phone=forms.text({"account": typed}, "account", most=40))
            self.suggested = of or self.suggested

    @rx.event
    async def check(self, form: dict[str, Any]) -> Any:
        """Ask the chosen operator and go on to the payment."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        typed = forms.text(form, "account", most=40)
        slug = forms.text(form, "biller", most=32) or await bank().db.read(_operator_of, phone=typed)
        if not slug:
            self.errors = {"biller": words(locale_of(self))("services.mobile.choose")}
            return None
        try:
            intent_id = await ask(visitor.customer_id, slug=slug, way="", typed={"account": typed})
        except DomainError as refusal:
            forms.show(self, refusal)
            return None
        self.errors = {}
        return rx.redirect(f"/{locale_of(self)}/payments/i/{intent_id}")


def _operators(unit: Unit, *, customer_id: int, locale: str) -> tuple[list[Tile], list[Tile]]:
    offered = {each.slug: each for each in billers(unit, category=MOBILE)}
    paid = lately.paid_lately(unit, customer_id=customer_id, category=MOBILE)
    numbers = [paid_tile(each, offered[each.slug], locale) for each in paid if each.slug in offered]
    return [service_tile(each, locale) for each in offered.values()], numbers


def _operator_of(unit: Unit, *, phone: str) -> str:
    of = suggested(billers(unit, category=MOBILE), _without_country(phone))
    return of.slug if of else ""


def _without_country(begun: str) -> str:
    """A number without what stands before its ten digits, also while it is still being typed."""
    sign, digits = begun.lstrip()[:1], re.sub("[^0-9]", "", begun)
    return digits[1:] if digits and (sign in ("+", "8") or len(digits) > 10) else digits
