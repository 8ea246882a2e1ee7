"""What a list may be narrowed by, with counts; counted after the goods are shown, since that takes longer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import reflex as rx

from kaspi_web.domain.catalogue import listing
from kaspi_web.domain.catalogue.facets import Choice, Count, Facets
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import money, number
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.errors import DomainError, Invalid
from kaspi_web.kernel.money import Money
from kaspi_web.ui.doors import guest
from kaspi_web.ui.session import bank, locale_of
from kaspi_web.ui.shop.asked import FACET, SORTS, Wish, has_unreadable_price, narrowed, wish_in
from kaspi_web.ui.shop.subjects import Subject, here_of, listed, subject_of

_NO_ENDS = {"from": "", "to": ""}


@dataclass
class Tick:
    """A value that may be ticked; `name` is what its box is called in the form."""

    name: str
    text: str
    count: str
    is_on: bool


@dataclass
class Group:
    """Values that stand beside one another."""

    code: str
    title: str
    ticks: list[Tick] = field(default_factory=list)


@dataclass
class Chip:
    """Something by its name, and an address."""

    text: str
    href: str


class FacetsState(rx.State):
    """The filters of the list that the address asks for."""

    found: str = ""
    show: str = ""
    """What stands on the button that shuts the filters."""
    groups: list[Group] = []
    places: list[Chip] = []
    """Categories of what was found, each with its count."""
    chips: list[Chip] = []
    """What the list is narrowed by; each leads to the list without it."""
    clear: str = ""
    """The address without filters; empty when none is on."""
    sort: str = SORTS[0]
    typed: dict[str, str] = _NO_ENDS
    bounds: dict[str, str] = _NO_ENDS
    errors: dict[str, str] = {}
    visit: int = 0
    """Counts addresses that the form itself did not ask for, so that its ticks begin anew with them."""
    _sent: str = ""

    @rx.event
    @guest
    async def count(self) -> None:
        """Show what the list of the address may be narrowed by."""
        wish, locale, here = wish_in(self.router.url.query_parameters), locale_of(self), here_of(self)
        address = wish.to(here)
        if address != self._sent:
            self.visit, self._sent = self.visit + 1, address
        subject = subject_of(self)
        asked = listed(subject, wish, locale)
        self.errors, found = {}, None
        try:
            found = await bank().db.read(listing.facets, asked)
        except DomainError as refusal:
            if isinstance(refusal, Invalid):
                self.errors = {refusal.field: put(refusal, locale)}
        self._tell(found, wish, subject, here, words(locale))

    @rx.event
    @guest
    async def narrow(self, form: dict[str, Any]) -> Any:
        """Go to the address of what was ticked and typed; the list begins anew."""
        if has_unreadable_price(form):
            self.errors = {"price_from": words(locale_of(self))("shop.price.unreadable")}
            return None
        self._sent = narrowed(wish_in(self.router.url.query_parameters), form).to(here_of(self))
        return rx.redirect(self._sent, replace=True)

    def _tell(self, found: Facets | None, wish: Wish, subject: Subject, here: str, w: Words) -> None:
        total = found.total if found else Count(0)
        self.found, self.show = _counted(total, "found", w), _counted(total, "show", w)
        # What the form shows stays when nothing could be counted, so that it can be mended.
        if found is not None:
            self.groups = _groups(found, w)
            self.places = [_place(each, wish, subject, here, w) for each in found.categories]
            self.bounds = {"from": _plain(found.cheapest, w), "to": _plain(found.dearest, w)}
        self.chips = _chips(found, wish, here, w)
        self.clear = wish.bare().to(here) if wish.is_narrowed else ""
        self.sort, self.typed = wish.sort, _NO_ENDS | dict(wish.prices)


def _counted(total: Count, what: str, w: Words) -> str:
    if total.more:
        return w(f"shop.{what}.many", n=number(total.number, w.locale))
    return w.count(f"shop.{what}", total.number)


def _groups(found: Facets, w: Words) -> list[Group]:
    brands = Group("brand", w("shop.brand"), [_tick("brand.", each, w) for each in found.brands])
    others = [
        Group(each.code, each.names[w.locale], [_tick(f"{FACET}{each.code}.", choice, w) for choice in each.choices])
        for each in found.attributes
    ]
    return [group for group in (brands, *others) if group.ticks]


def _tick(begins: str, choice: Choice, w: Words) -> Tick:
    return Tick(f"{begins}{choice.code}", choice.names[w.locale], _short(choice.count, w), choice.is_chosen)


def _short(count: Count, w: Words) -> str:
    return number(count.number, w.locale) + ("+" if count.more else "")


def _place(choice: Choice, wish: Wish, subject: Subject, here: str, w: Words) -> Chip:
    """The same goods in a category: what it leads to is what was counted."""
    href = wish.to(here, place=choice.code)
    if subject.kind == "search":
        href = replace(wish, facets={}, place="").to(f"/{w.locale}/shop/c/{choice.code}")
    return Chip(f"{choice.names[w.locale]} {_short(choice.count, w)}", href)


def _plain(amount: Money | None, w: Words) -> str:
    return number(amount.tiyn // 100, w.locale) if amount else ""


def _chips(found: Facets | None, wish: Wish, here: str, w: Words) -> list[Chip]:
    chips = [Chip(_named(found, wish.place, w.locale), wish.without_place().to(here))] if wish.place else []
    chips += [Chip(each, wish.without_brand(each).to(here)) for each in wish.brands]
    chips += [
        Chip(_called(found, code, value, w.locale), wish.without_value(code, value).to(here))
        for code, values in wish.facets.items()
        for value in values
    ]
    ends = {"from": "shop.price.chip_from", "to": "shop.price.chip_to"}
    for name, key in ends.items():
        if (end := wish.price(name)) is not None:
            chips.append(Chip(w(key, sum=money(end, w.locale)), wish.without_price(name).to(here)))
    return chips


def _named(found: Facets | None, slug: str, locale: str) -> str:
    """The name of the category that a seller's goods are narrowed to; its word while nothing is known of it."""
    return found.place[locale] if found and found.place else slug


def _called(found: Facets | None, code: str, value: str, locale: str) -> str:
    """The name of a value; its code while nothing is known of it."""
    of: Iterable[Choice] = next((each.choices for each in found.attributes if each.code == code), ()) if found else ()
    return next((each.names[locale] for each in of if each.code == value), value)
