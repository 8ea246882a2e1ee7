"""What buyers say of a product, and the form of those who have received it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from kaspi_web.domain.catalogue import products
from kaspi_web.domain.catalogue import reviews as reviewing
from kaspi_web.domain.catalogue.views import ReviewPage, ReviewView
from kaspi_web.domain.orders.received import received
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import long_day, number
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.papers import showcase
from kaspi_web.ui import forms
from kaspi_web.ui.doors import guest
from kaspi_web.ui.session import bank, locale_of, visitor_of
from kaspi_web.ui.shop.shown import fill

_PAGES = ("reviews_1", "reviews_2", "reviews_3", "reviews_4")
_LONGEST = 120


@dataclass
class Review:
    """What one buyer says."""

    id: int
    author: str
    day: str
    stars: str
    """In words, for those who listen."""
    fill: int
    words: str
    locale: str


@dataclass
class Share:
    """How many gave so many stars, and that as a part of all."""

    stars: int
    count: str
    percent: int


@dataclass
class Summary:
    """All reviews together."""

    count: str = ""
    stars: str = ""
    fill: int = 0
    shares: list[Share] = field(default_factory=list)


class ReviewsState(rx.State):
    """What stands under a product."""

    ready: bool = False
    summary: Summary = Summary()
    reviews_1: list[Review] = []
    reviews_2: list[Review] = []
    reviews_3: list[Review] = []
    reviews_4: list[Review] = []
    has_more: bool = False
    may_write: bool = False
    written: bool = False
    errors: dict[str, str] = {}
    _product: int = 0
    _before: int = 0
    _pages: int = 0

    @rx.event
    @guest
    async def load(self) -> None:
        """Show what is said of the product that the address names."""
        self.ready, self.written, self.errors = False, False, {}
        await self._show()

    @rx.event
    @guest
    async def more(self) -> None:
        """Show older reviews under those that are shown."""
        if self.has_more and self._pages < len(_PAGES):
            page = await bank().db.read(products.reviews, product_id=self._product, before=self._before)
            self._append(page)

    @rx.event
    async def write(self, form: dict[str, Any]) -> AsyncIterator[Any]:
        """Say what the product is like, once."""
        visitor = await visitor_of(self)
        if visitor is None or not self._product:
            return
        said = {
            "stars": _stars_in(form),
            "words": forms.text(form, "words", most=reviewing.MAX_WORDS + 1),
            "locale": locale_of(self),
        }
        who = {"customer_id": visitor.customer_id, "product_id": self._product}
        try:
            await bank().db.write(_written, **who, **said)
        except DomainError as refusal:
            forms.show(self, refusal)
            return
        await self._show()
        self.written, self.errors = True, {}
        yield

    async def _show(self) -> None:
        visitor = await visitor_of(self)
        try:
            seen = await bank().db.read(
                _seen, slug=_slug(self), customer_id=visitor.customer_id if visitor is not None else None
            )
        except NotFound:
            return
        self._product, page, self.may_write = seen
        self.summary = _summary(page, words(locale_of(self)))
        for name in _PAGES:
            setattr(self, name, [])
        self._pages = 0
        self._append(page)
        self.ready = True

    def _append(self, page: ReviewPage) -> None:
        w = words(locale_of(self))
        setattr(self, _PAGES[self._pages], [_review(each, w) for each in page.reviews])
        self._pages, self._before = self._pages + 1, page.next or 0
        self.has_more = bool(page.next) and self._pages < len(_PAGES)


def _slug(state: Any) -> str:
    return forms.clean(str(state.router.url.path)).rstrip("/").rsplit("/", 1)[-1][:_LONGEST]


def _stars_in(form: Any) -> int:
    typed = forms.text(form, "stars", most=2)
    return int(typed) if typed in ("1", "2", "3", "4", "5") else 0


def _seen(unit: Unit, *, slug: str, customer_id: int | None) -> tuple[int, ReviewPage, bool]:
    product_id = products.product(unit, slug).id
    page = products.reviews(unit, product_id=product_id)
    return product_id, page, customer_id is not None and _may_write(unit, customer_id, product_id)


def _may_write(unit: Unit, customer_id: int, product_id: int) -> bool:
    has_said = reviewing.has_reviewed(unit, customer_id=customer_id, product_id=product_id)
    return not has_said and received(unit, customer_id=customer_id, product_id=product_id)


def _written(unit: Unit, *, customer_id: int, product_id: int, **said: Any) -> None:
    has_it = received(unit, customer_id=customer_id, product_id=product_id)
    reviewing.write_review(unit, customer_id=customer_id, product_id=product_id, received=has_it, **said)


def _summary(page: ReviewPage, w: Words) -> Summary:
    if not page.total:
        return Summary()
    shares = [Share(stars, number(count, w.locale), 100 * count // page.total) for stars, count in page.stars.items()]
    shown = showcase.stars(page.rating_hundredths, w.locale)
    return Summary(w.count("shop.reviews", page.total), shown, fill(page.rating_hundredths), shares)


def _review(review: ReviewView, w: Words) -> Review:
    return Review(
        review.id,
        review.author,
        long_day(review.written_at.astimezone(ALMATY).date(), w.locale),
        w.count("shop.stars", review.stars),
        review.stars * 20,
        review.words,
        review.locale,
    )
