"""What the page of a product says of its sellers and of ways to pay, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from babel.dates import format_date

from kaspi_web.domain.catalogue.views import OfferView, PointView
from kaspi_web.domain.checkout.fetching import CITIES as CITIES
from kaspi_web.domain.checkout.fetching import LOCAL, TODOOR, planned_on
from kaspi_web.domain.loans.offers import TermView
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money, number, percent
from kaspi_web.papers import showcase

_FEW = 5
"""Fewer pieces than this are worth a word."""


@dataclass
class Point:
    """A place where it can be fetched."""

    address: str
    hours: str


@dataclass
class Seller:
    """What one seller asks, and how it comes to the buyer."""

    offer: int
    name: str
    slug: str
    stars: str
    reviews: str
    price: str
    old: str
    delivery: str
    few: str = ""
    pickup: str = ""
    points: list[Point] = field(default_factory=list)


@dataclass
class Plan:
    """A way to pay in parts."""

    kind: str
    months: int
    payment: str
    total: str
    gesv: str = ""
    """The yearly effective rate; empty where nothing is overpaid."""


def seller(offer: OfferView, w: Words, *, city: str, today: date) -> Seller:
    """An offer as a buyer in this city sees it."""
    here = [point for point in offer.points if point.city == city]
    merchant = offer.merchant
    return Seller(
        offer=offer.id,
        name=merchant.name,
        slug=merchant.slug,
        stars=showcase.stars(merchant.rating_hundredths, w.locale) if merchant.reviews else "",
        reviews=number(merchant.reviews, w.locale) if merchant.reviews else "",
        price=money(offer.price, w.locale),
        old=money(offer.old_price, w.locale) if offer.old_price else "",
        delivery=_delivery(offer, w, city=city, today=today),
        few=w.count("shop.few", offer.free) if offer.free < _FEW else "",
        pickup=w.count("shop.pickup", len(here)) if here else w("shop.pickup.none"),
        points=[_point(each, w.locale) for each in here],
    )


def _delivery(offer: OfferView, w: Words, *, city: str, today: date) -> str:
    mode = LOCAL if any(point.city == city for point in offer.points) else TODOOR
    costs = offer.merchant.delivery_of(offer.price)
    said = money(costs, w.locale) if costs else w("shop.delivery.free_word")
    return w("shop.delivery", day=format_date(planned_on(mode, today=today), "d MMMM", locale=w.locale), costs=said)


def _point(point: PointView, locale: str) -> Point:
    return Point(point.addresses[locale], point.hours)


def plan(term: TermView, w: Words) -> Plan:
    """A term in a language."""
    gesv = percent(term.gesv, w.locale) if term.rate else ""
    return Plan(term.kind, term.months, money(term.payment, w.locale), money(term.total, w.locale), gesv)
