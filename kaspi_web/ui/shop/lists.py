"""Lists of goods: of a category, of a search, of a seller; where the list stands is in its address."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from kaspi_web.domain.catalogue import listing, products
from kaspi_web.domain.catalogue.views import CategoryView
from kaspi_web.domain.loans.ranges import without_interest
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.domain.merchants.queries import MerchantView
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, Invalid, NotFound
from kaspi_web.papers import showcase
from kaspi_web.ui import forms
from kaspi_web.ui.doors import guest
from kaspi_web.ui.session import bank, locale_of
from kaspi_web.ui.shop.asked import Wish, wish_in
from kaspi_web.ui.shop.facets import FacetsState
from kaspi_web.ui.shop.shown import MONTHS, Good, Place, good, place
from kaspi_web.ui.shop.state import ShopState
from kaspi_web.ui.shop.subjects import Subject, here_of, listed, subject_of

_PAGES = ("goods_1", "goods_2", "goods_3", "goods_4", "goods_5")
"""Each page of the list has a var of its own, so that the next one does not send those before it again."""
_FRESH_S = 600.0
"""Whoever comes back within this time finds the list as it was left."""


@dataclass
class Seller:
    """What the page of a seller says of them."""

    stars: str = ""
    reviews: str = ""
    delivery: str = ""


@dataclass
class Head:
    """What stands above a list."""

    title: str
    document: str
    path: list[Place] = field(default_factory=list)
    below: list[Place] = field(default_factory=list)
    seller: Seller = field(default_factory=Seller)


@dataclass
class Found:
    """One page of a list, and what to ask for the next one."""

    goods: list[Good] = field(default_factory=list)
    after: str = ""
    instead: str = ""


class ListState(rx.State):
    """What a list of goods shows."""

    ready: bool = False
    missing: bool = False
    title: str = ""
    document: str = ""
    """The title of the document."""
    typed: str = ""
    """The words that are searched for."""
    instead: str = ""
    """What was looked for, when what was typed had a slip of the pen."""
    narrowed: bool = False
    """Whether filters are on; what they are called is known a little later."""
    path: list[Place] = []
    below: list[Place] = []
    seller: Seller = Seller()
    goods_1: list[Good] = []
    goods_2: list[Good] = []
    goods_3: list[Good] = []
    goods_4: list[Good] = []
    goods_5: list[Good] = []
    onward: str = ""
    """The address of the goods after those that are shown; empty at the end."""
    room: bool = True
    """Whether the next goods have room here; else they are on a page of their own."""
    _address: str = ""
    """Whose goods are shown: it changes with them and never before."""
    _about: str = ""
    _next: str = ""
    _pages: int = 0
    _at: float = 0.0

    @rx.event
    @guest
    async def load(self) -> Any:
        """Show the list that the address asks for; one that was left a moment ago stands as it was."""
        address = _address(self)
        if self.ready and address == self._address and time.monotonic() - self._at < _FRESH_S:
            yield FacetsState.count
            yield ShopState.count
            return
        # Of another category, seller or search nothing stays; the same list narrowed stands until the next goods are
        # there, and with it the form of filters, in which a person may be at work.
        subject, wish = subject_of(self), wish_in(self.router.url.query_parameters)
        about = Wish(q=wish.q).to(here_of(self))
        self.ready = self.ready and about == self._about
        yield
        # Reading may fail, or be given up for the next page: until it is done, all stays as it was shown.
        try:
            head, found = await bank().db.read(_seen, subject=subject, wish=wish, locale=locale_of(self))
        except NotFound:
            self._address, self._about, self._next = "", "", ""
            self.missing, self.ready = True, True
            self.document = words(locale_of(self))(f"shop.{subject.kind}.missing")
            return
        except Exception:
            self.ready = False
            yield
            raise
        self._address, self._about, self._at = address, about, time.monotonic()
        self._show(head, found, wish)
        yield FacetsState.count
        yield ShopState.count

    @rx.event
    @guest
    async def more(self) -> None:
        """Show the next goods under those that are shown."""
        address, wish = _address(self), wish_in(self.router.url.query_parameters)
        if not (self.ready and self._next and self.room) or address != self._address:
            return
        try:
            found = await bank().db.read(
                _goods, subject=subject_of(self), wish=wish, after=self._next, locale=locale_of(self)
            )
        except DomainError:
            return
        if address == self._address:
            self._append(found, wish)

    def _show(self, head: Head, found: Found, wish: Wish) -> None:
        self.missing, self.title, self.document = False, head.title, head.document
        self.path, self.below, self.seller = head.path, head.below, head.seller
        self.typed, self.narrowed, self.instead = wish.q, wish.is_narrowed, found.instead
        for name in _PAGES:
            setattr(self, name, [])
        self._pages = 0
        self._append(found, wish)
        self.ready = True

    def _append(self, found: Found, wish: Wish) -> None:
        setattr(self, _PAGES[self._pages], found.goods)
        self._pages, self._next = self._pages + 1, found.after
        self.room = self._pages < len(_PAGES)
        self.onward = wish.to(here_of(self), after=found.after) if found.after else ""


def _address(state: Any) -> str:
    return forms.clean(f"{state.router.url.path}?{state.router.url.query}")[:8_000]


def _seen(unit: Unit, *, subject: Subject, wish: Wish, locale: str) -> tuple[Head, Found]:
    head = _head(unit, subject, wish, words(locale))
    try:
        return head, _goods(unit, subject=subject, wish=wish, after=wish.after, locale=locale)
    except (Invalid, NotFound):
        # An address that no page of ours wrote: nothing fits it, and the filters say why or can be cleared.
        return head, Found()


def _goods(unit: Unit, *, subject: Subject, wish: Wish, after: str, locale: str) -> Found:
    found = listing.page(unit, listed(subject, wish, locale), after=after)
    w, thirds = words(locale), without_interest(unit, months=MONTHS)
    return Found([good(card, w, thirds) for card in found.cards], found.next or "", found.instead)


def _head(unit: Unit, subject: Subject, wish: Wish, w: Words) -> Head:
    if subject.kind == "category":
        return _head_of_category(products.categories(unit), subject.slug, w)
    if subject.kind == "merchant":
        return _head_of_merchant(merchants.by_slug(unit, slug=subject.slug), w)
    title = w("shop.search.title", words=wish.q) if wish.q else w("shop.search.all")
    return Head(title, title)


def _head_of_category(tree: list[CategoryView], slug: str, w: Words) -> Head:
    """Raises NotFound for a category that there is not."""
    by_slug = {each.slug: each for each in tree}
    if slug not in by_slug:
        raise NotFound
    this, above = by_slug[slug], []
    while parent := by_slug.get((above[0] if above else this).parent):
        above.insert(0, parent)
    return Head(
        this.names[w.locale],
        showcase.category_title(w, this),
        path=[place(each, w.locale) for each in above],
        below=[place(each, w.locale) for each in tree if each.parent == slug],
    )


def _head_of_merchant(merchant: MerchantView, w: Words) -> Head:
    costs, free = money(merchant.delivery, w.locale), money(merchant.free_delivery_from, w.locale)
    said = w("shop.delivery.free") if not merchant.delivery else w("shop.merchant.delivery", costs=costs, free=free)
    reviews = w.count("shop.reviews", merchant.reviews)
    seller = Seller(showcase.stars(merchant.rating_hundredths, w.locale), reviews, said)
    return Head(merchant.name, showcase.merchant_title(w, merchant), seller=seller)
