"""Which goods a customer has said something about already."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from kaspi_web.domain.catalogue.models import Product, Review
from kaspi_web.kernel.database import Unit


def reviewed(unit: Unit, *, customer_id: int, products: Iterable[str]) -> set[str]:
    """Those of the products, by their slugs, that the customer has reviewed."""
    slugs = {each for each in products if each}
    if not slugs:
        return set()
    mine = select(Product.slug).join(Review, col(Review.product_id) == Product.id)
    return set(unit.exec(mine.where(Review.customer_id == customer_id, col(Product.slug).in_(slugs))))
