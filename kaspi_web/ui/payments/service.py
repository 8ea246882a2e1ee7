"""One service: what it asks to be filled in, prefilled from a favourite or a past payment, and asking for the debt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import reflex as rx

from kaspi_web.domain.bills import favourites, lately
from kaspi_web.domain.bills.billers import OWN_IIN, BillerView, biller, billers
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.ui import forms
from kaspi_web.ui.payments.asking import ask
from kaspi_web.ui.payments.offered import Field, Tile, city_words, field_shown, fields_shown, paid_tile
from kaspi_web.ui.session import bank, locale_of, visitor_of

_MOST_FIELDS = 20


@dataclass
class Known:
    """What an address fills in: the way, the account of a way that is typed, and further fields by name."""

    way: str = ""
    account: str = ""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    """A service's form, ready to be shown."""

    title: str = ""
    note: str = ""
    category: str = ""
    back: str = ""
    ways: list[Field] = field(default_factory=list)
    extra: list[Field] = field(default_factory=list)
    saved: list[Tile] = field(default_factory=list)


class ServiceState(rx.State):
    """What the page of a service shows."""

    ready: bool = False
    missing: bool = False
    visit: int = 0
    """Counts openings of the page, so that fields take what the new address fills in."""
    errors: dict[str, str] = {}
    form: Form = Form()
    way: Field = Field()
    """The way that is chosen, with the account that it begins with."""

    @rx.event
    async def load(self) -> Any:
        """Show what the service asks, with what the address fills in."""
        visitor = await visitor_of(self)
        if visitor is None:
            return
        # What the page showed of another service is gone before anything is looked up.
        self.ready = False
        yield
        self.errors, self.visit, asked = {}, self.visit + 1, self.router.url.query_parameters
        wanted = {name: forms.clean(str(asked.get(name, "")))[:64] for name in ("way", "favourite", "repeat")}
        try:
            self.form, self.way = await bank().db.read(
                _seen, customer_id=visitor.customer_id, slug=forms.last_part(self), locale=locale_of(self), **wanted
            )
        except NotFound:
            self.missing, self.ready, self.form, self.way = True, True, Form(), Field()
            return
        self.missing, self.ready = False, True

    @rx.event
    async def choose(self, way: str) -> None:
        """Name the account in another way."""
        if await visitor_of(self) is None:
            return
        for each in self.form.ways:
            if each.name == way:
                self.way, self.errors = each, {}

    @rx.event
    async def check(self, form: dict[str, Any]) -> Any:
        """Ask the service what is owed and go on to the payment."""
        visitor = await visitor_of(self)
        if visitor is None:
            return None
        slug, here = forms.last_part(self), f"/{locale_of(self)}/payments"
        names = list(form)[:_MOST_FIELDS] if isinstance(form, dict) else []
        typed = {name: forms.text(form, name) for name in names}
        try:
            intent_id = await ask(visitor.customer_id, slug=slug, way=typed.pop("way", "")[:20], typed=typed)
        except DomainError as refusal:
            if refusal.code == "iin_needed":
                return rx.redirect(f"/{locale_of(self)}/identity?next={quote(f'{here}/s/{slug}')}")
            forms.show(self, refusal)
            return None
        self.errors = {}
        repeat = str(self.router.url.query_parameters.get("repeat", ""))
        again = f"?repeat={quote(repeat[:64])}" if repeat else ""
        return rx.redirect(f"{here}/i/{intent_id}{again}")


def _seen(
    unit: Unit, *, customer_id: int, slug: str, locale: str, way: str, favourite: str, repeat: str
) -> tuple[Form, Field]:
    of = biller(unit, slug=slug)
    known = _known(unit, customer_id, of, favourite, repeat)
    ways = [field_shown(each, locale) for each in of.ways]
    chosen = next((each for each in ways if each.name == (way or known.way)), ways[0])
    if chosen.asks and (not known.way or chosen.name == known.way):
        chosen = Field(**(vars(chosen) | {"value": known.account}))
    form = Form(
        of.names[locale],
        city_words(of.city, locale) if of.city else "",
        of.category,
        _back(unit, of, locale),
        ways,
        fields_shown(of.extra, locale, known.extra),
        _saved(unit, customer_id, of, locale),
    )
    return form, chosen


def _known(unit: Unit, customer_id: int, of: BillerView, favourite: str, repeat: str) -> Known:
    """What the address fills in; a name that is not the customer's, or of another service, fills in nothing."""
    try:
        if repeat:
            paid = lately.to_repeat(unit, customer_id=customer_id, receipt=repeat)
            if paid.slug == of.slug:
                return Known(paid.way, "" if paid.is_sealed else paid.account, paid.extra)
        if favourite.isascii() and favourite.isdecimal() and len(favourite) < 19:
            kept = favourites.favourite(unit, customer_id=customer_id, favourite_id=int(favourite))
            if kept.biller.slug == of.slug:
                return _of_favourite(unit, customer_id, of, kept)
    except NotFound:
        pass
    return Known()


def _of_favourite(unit: Unit, customer_id: int, of: BillerView, kept: favourites.FavouriteView) -> Known:
    is_typed = all(each.kind != OWN_IIN for each in of.ways if each.name == kept.way)
    for paid in lately.paid_lately(unit, customer_id=customer_id, slug=of.slug, most=20):
        if paid.account == kept.account:
            return Known(kept.way, kept.account if is_typed else "", paid.extra)
    return Known(kept.way, kept.account if is_typed else "")


def _saved(unit: Unit, customer_id: int, of: BillerView, locale: str) -> list[Tile]:
    """Accounts paid before that one can type: each is a chip that fills the form in."""
    paid = lately.paid_lately(unit, customer_id=customer_id, slug=of.slug, most=4)
    return [paid_tile(each, of, locale) for each in paid if not each.is_sealed]


def _back(unit: Unit, of: BillerView, locale: str) -> str:
    """The category, unless it would lead straight back here."""
    others = billers(unit, category=of.category)
    return f"/{locale}/payments/c/{of.category}" if len(others) > 1 else f"/{locale}/payments"
