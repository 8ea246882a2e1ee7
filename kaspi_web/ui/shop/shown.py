"""What the shop's pages hold of goods: short views, ready in the reader's language, pictures by their name."""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.catalogue.views import CategoryView
from kaspi_web.ui.goods import MONTHS as MONTHS
from kaspi_web.ui.goods import Good as Good
from kaspi_web.ui.goods import fill as fill
from kaspi_web.ui.goods import good as good

_PAINTS = 9
"""Colours that a drawing comes in; neighbours in a list have different ones."""


@dataclass
class Place:
    """A category, as a link."""

    slug: str
    name: str
    picture: str = ""


def place(category: CategoryView, locale: str) -> Place:
    """A category in a language."""
    drawing = f"{category.picture}-{1 + category.id % _PAINTS}-1" if category.picture else ""
    return Place(category.slug, category.names[locale], drawing)
