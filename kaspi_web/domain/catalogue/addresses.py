"""Addresses of everything that the shop shows, page by page: for the list that search engines are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.catalogue.models import Category, Product
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.kernel.database import Unit


def places(unit: Unit) -> tuple[Sequence[str], Sequence[str]]:
    """The words of every category and of every merchant who sells."""
    categories = unit.exec(select(Category.slug).order_by(col(Category.id))).all()
    return categories, unit.exec(select(Merchant.slug).where(col(Merchant.active)).order_by(col(Merchant.id))).all()


def last_page(unit: Unit, *, size: int) -> int:
    """The number of the last page of products, from 1 on; 0 when there are none. Pages are of `size` ids each."""
    return -(-(unit.exec(select(func.max(Product.id))).one() or 0) // size)


def products_of(unit: Unit, *, page: int, size: int) -> Sequence[tuple[str, datetime]]:
    """The words of a page's products with the moments of their last change, those that are shown only."""
    ids = col(Product.id).between((page - 1) * size + 1, page * size)
    return unit.exec(
        select(Product.slug, Product.changed_at).where(ids, col(Product.is_live)).order_by(col(Product.id))
    ).all()
