"""What buyers say of products: stars and words, once for each buyer and product; the rating follows."""

from __future__ import annotations

import unicodedata

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from kaspi_web.domain.catalogue.models import Product, Review
from kaspi_web.domain.catalogue.views import LOCALES, ReviewPage, ReviewView
from kaspi_web.domain.customers import service as customers
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, NotFound, Refused

PAGE = 10
MAX_WORDS = 2000


class StarsMissing(Invalid):
    """One to five stars are to be given."""

    code, field = "review_stars_missing", "stars"


class ReviewTooLong(Invalid):
    """More than 2 000 characters."""

    code, field = "review_too_long", "words"


class NotReceived(Refused):
    """Only who has received the product may say what it is like."""

    code = "review_not_received"


class AlreadyReviewed(Refused):
    """This buyer has said it before."""

    code = "review_already_written"


def reviews(unit: Unit, *, product_id: int, before: int | None = None) -> ReviewPage:
    """Ten reviews, the newest first, those older than `before`; with the count of each number of stars."""
    mine = Review.product_id == product_id
    asked = select(Review).where(mine).order_by(col(Review.id).desc()).limit(PAGE + 1)
    rows = list(unit.exec(asked.where(col(Review.id) < before) if before else asked))
    shown = tuple(_view(row) for row in rows[:PAGE])
    counted = dict(unit.exec(select(Review.stars, func.count()).where(mine).group_by(col(Review.stars))).all())
    stars = {number: counted.get(number, 0) for number in range(5, 0, -1)}
    more = shown[-1].id if len(rows) > PAGE else None
    return ReviewPage(shown, more, sum(stars.values()), rating_of(stars), stars)


def rating_of(stars: dict[int, int]) -> int:
    """The mean in hundredths of a star, rounded half up; 0 without reviews."""
    total = sum(stars.values())
    return (200 * sum(number * count for number, count in stars.items()) + total) // (2 * total) if total else 0


def write_review(
    unit: Unit, *, customer_id: int, product_id: int, stars: int, words: str, locale: str, received: bool
) -> ReviewView:
    """Say what a product is like; `received` is whether a purchase of it was handed over to the customer.

    Raises StarsMissing, ReviewTooLong, NotReceived, AlreadyReviewed or NotFound; then nothing is written.
    """
    said = unicodedata.normalize("NFC", words.strip())
    if type(stars) is not int or not 1 <= stars <= 5:
        raise StarsMissing
    if len(said) > MAX_WORDS:
        raise ReviewTooLong(most=MAX_WORDS)
    if not received:
        raise NotReceived
    _lock(unit, product_id)
    row = Review(
        product_id=product_id,
        customer_id=customer_id,
        author=customers.card(unit, customer_id=customer_id).masked_name[:40],
        stars=stars,
        words=said,
        locale=locale if locale in LOCALES else "ru",
        written_at=unit.clock.now(),
    )
    unit.add(row)
    try:
        unit.flush()
    except IntegrityError:
        raise AlreadyReviewed from None
    _recount(unit, product_id)
    return _view(row)


def has_reviewed(unit: Unit, *, customer_id: int, product_id: int) -> bool:
    """Whether the customer has said what the product is like."""
    mine = (Review.product_id == product_id, Review.customer_id == customer_id)
    return unit.exec(select(Review.id).where(*mine)).first() is not None


def _lock(unit: Unit, product_id: int) -> None:
    # Whoever counts waits for whoever has just written, or one of the two would be left out of the rating.
    if unit.exec(select(Product.id).where(Product.id == product_id).with_for_update()).one_or_none() is None:
        raise NotFound


def _recount(unit: Unit, product_id: int) -> None:
    asked = select(Review.stars, func.count()).where(Review.product_id == product_id).group_by(col(Review.stars))
    stars = dict(unit.exec(asked).all())
    values = {"rating_hundredths": rating_of(stars), "reviews": sum(stars.values())}
    unit.exec(update(Product).where(col(Product.id) == product_id).values(**values))


def _view(row: Review) -> ReviewView:
    assert row.id is not None
    return ReviewView(row.id, row.author, row.stars, row.words, row.locale, row.written_at)
