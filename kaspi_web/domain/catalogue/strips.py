"""Goods for the shelves of the shop's home that no list of its own has."""

from __future__ import annotations

from sqlmodel import col, select

from kaspi_web.domain.catalogue.models import Listed, Product
from kaspi_web.domain.catalogue.products import first_pictures
from kaspi_web.domain.catalogue.views import Card, card_of
from kaspi_web.kernel.database import Unit


def deals(unit: Unit, *, most: int) -> list[Card]:
    """What costs less than it did, the most bought first."""
    asked = (
        select(Product)
        .join(Listed, col(Listed.product_id) == Product.id)
        .where(Listed.is_out == 0, col(Product.old_price_tiyn).is_not(None))
        # As lists do it, so that their index ends the reading early.
        .order_by(col(Listed.is_out), col(Listed.popularity).desc(), col(Listed.product_id).desc())
        .limit(most)
    )
    rows = unit.exec(asked).all()
    found = [row for row in rows if row.id is not None]
    pictures = first_pictures(unit, product_ids=[row.id for row in found if row.id])
    return [card_of(row, pictures.get(row.id or 0, "")) for row in found]
