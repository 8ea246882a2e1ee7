"""Goods in a list, ready in the reader's language: for the shop's pages and whoever else shows some of them."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.catalogue.views import Card
from kaspi_web.domain.loans.ranges import Ranges
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money, number
from kaspi_web.kernel.schedules import payment_of
from kaspi_web.papers.showcase import stars

MONTHS = 3
"""Of the payments that stand on cards, which cost nothing."""


@dataclass
class Good:
    """A product in a list."""

    slug: str
    name: str
    picture: str
    price: str
    """Empty when nobody has it."""
    old: str = ""
    monthly: str = ""
    """One of three payments without interest; empty where nothing like that is offered."""
    stars: str = ""
    fill: int = 0
    """The rating as a part of five stars, in percent."""
    reviews: str = ""
    sellers: str = ""


def good(card: Card, w: Words, thirds: Ranges) -> Good:
    """A card in a language; `thirds` are the sums that may be paid in three months."""
    price = card.price
    return Good(
        slug=card.slug,
        name=card.names[w.locale],
        picture=card.picture,
        price=money(price, w.locale) if price else "",
        old=money(card.old_price, w.locale) if card.old_price else "",
        monthly=money(payment_of(price, MONTHS), w.locale) if price and thirds.has(price) else "",
        stars=stars(card.rating_hundredths, w.locale) if card.reviews else "",
        fill=fill(card.rating_hundredths),
        reviews=number(card.reviews, w.locale) if card.reviews else "",
        sellers=w.count("shop.sellers", card.sellers) if card.sellers > 1 else "",
    )


def fill(hundredths: int) -> int:
    """A rating as a part of five stars, in percent."""
    return hundredths // 5
