"""The page of a product: what it is, what it costs and in which ways, who sells it, what buyers say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.catalogue import products
from kaspi_web.domain.catalogue.views import ProductView
from kaspi_web.domain.loans.offers import TermView, terms
from kaspi_web.domain.loans.ranges import Ranges, without_interest
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import money
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.kernel.schedules import payment_of
from kaspi_web.papers import showcase
from kaspi_web.ui import forms
from kaspi_web.ui.doors import guest
from kaspi_web.ui.late import late_rule
from kaspi_web.ui.session import bank, locale_of, visitor_of
from kaspi_web.ui.shop.reviews import ReviewsState
from kaspi_web.ui.shop.sellers import CITIES, Plan, Seller, plan, seller
from kaspi_web.ui.shop.shown import MONTHS, Place, fill, place
from kaspi_web.ui.shop.state import ShopState

_LONGEST = 120


@dataclass
class Picture:
    """A picture by its name, and what it shows."""

    name: str
    alt: str


@dataclass
class Fact:
    """Something that is known of a product."""

    name: str
    value: str


@dataclass
class Sheet:
    """What stands once on the page."""

    slug: str = ""
    name: str = ""
    document: str = ""
    text: str = ""
    price: str = ""
    old: str = ""
    monthly: str = ""
    stars: str = ""
    fill: int = 0
    reviews: str = ""
    best: int = 0
    """The cheapest offer; 0 when nobody has it."""
    seller: str = ""
    """Whose offer that is."""


class ProductState(rx.State):
    """What the page of a product shows."""

    ready: bool = False
    missing: bool = False
    signed_in: bool = False
    city: str = rx.LocalStorage("", name="city")
    """Where the buyer is; the browser remembers it and may say anything."""
    sheet: Sheet = Sheet()
    path: list[Place] = []
    pictures: list[Picture] = []
    plans: list[Plan] = []
    late: str = ""
    """What being late with a plan costs."""
    sellers: list[Seller] = []
    facts: list[Fact] = []
    added: int = 0
    """The offer that was put into the basket last."""
    refused: str = ""

    @rx.event
    @guest
    async def load(self) -> AsyncIterator[Any]:
        """Show the product that the address names."""
        # What the page showed of another product is gone before anything is looked up.
        self.ready, self.added, self.refused = False, 0, ""
        yield
        self.signed_in = await visitor_of(self) is not None
        await self._show()
        if not self.missing:
            yield ReviewsState.load
        yield ShopState.count

    @rx.event
    @guest
    async def choose_city(self, city: Any) -> None:
        """Show what sellers promise to buyers in another city, and remember it in the browser."""
        if city in CITIES:
            self.city = city
            await self._show()

    @rx.event
    async def add(self, offer: Any) -> Any:
        """Put a piece of this offer into the basket."""
        visitor = await visitor_of(self)
        if visitor is None or type(offer) is not int or not 0 < offer < 2**63:
            return None
        try:
            await bank().db.write(baskets.add, customer_id=visitor.customer_id, offer_id=offer)
        except DomainError as refusal:
            self.added, self.refused = 0, put(refusal, locale_of(self))
            return None
        self.added, self.refused = offer, ""
        return ShopState.count

    async def _show(self) -> None:
        w, city = words(locale_of(self)), self.city if self.city in CITIES else CITIES[0]
        try:
            found, offered, thirds, self.late = await bank().db.read(_seen, slug=_slug(self), w=w)
        except NotFound:
            self.missing, self.ready = True, True
            self.sheet = Sheet(document=w("shop.product.missing"))
            return
        today = bank().clock.today()
        self.missing, self.city = False, city
        self.sheet = _sheet(found, thirds, w)
        self.path = [place(each, w.locale) for each in found.path]
        self.pictures = _pictures(found, w)
        self.plans = [plan(each, w) for each in offered]
        self.sellers = [seller(each, w, city=city, today=today) for each in found.offers]
        self.facts = [Fact(each.names[w.locale], each.values[w.locale]) for each in found.facts]
        self.ready = True


def _slug(state: Any) -> str:
    """The product that an address names; it proves nothing."""
    return forms.clean(str(state.router.url.path)).rstrip("/").rsplit("/", 1)[-1][:_LONGEST]


def _seen(unit: Unit, *, slug: str, w: Words) -> tuple[ProductView, list[TermView], Ranges, str]:
    found = products.product(unit, slug)
    offered = terms(unit, found.price) if found.price else []
    late = late_rule(unit, "plans.late_rule", w) if offered else ""
    return found, offered, without_interest(unit, months=MONTHS), late


def _sheet(found: ProductView, thirds: Ranges, w: Words) -> Sheet:
    price = found.price
    return Sheet(
        slug=found.slug,
        name=found.names[w.locale],
        document=showcase.product_title(w, found),
        text=found.texts[w.locale],
        price=money(price, w.locale) if price else "",
        old=money(found.old_price, w.locale) if found.old_price else "",
        monthly=money(payment_of(price, MONTHS), w.locale) if price and thirds.has(price) else "",
        stars=showcase.stars(found.rating_hundredths, w.locale) if found.reviews else "",
        fill=fill(found.rating_hundredths),
        reviews=w.count("shop.reviews", found.reviews) if found.reviews else "",
        best=found.offers[0].id if found.offers else 0,
        seller=found.offers[0].merchant.name if found.offers else "",
    )


def _pictures(found: ProductView, w: Words) -> list[Picture]:
    name, many = found.names[w.locale], len(found.pictures)
    if many == 1:
        return [Picture(found.pictures[0], name)]
    return [
        Picture(each, w("shop.product.picture", name=name, number=place, many=many))
        for place, each in enumerate(found.pictures, start=1)
    ]
