"""Tiles of services: the picture of a category, rows that lead on, shelves of what is at hand."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text
from kaspi_web.ui.payments.catalogue import CATEGORIES


def category_icon(category: Text) -> rx.Component:
    """The picture of a category, also of one that is known only when the page runs."""
    if isinstance(category, str):
        return icon(category)
    return rx.match(category, *((name, icon(name)) for name in CATEGORIES), icon("payments"))


def category_tile(w: Words, category: str) -> rx.Component:
    """A category in the grid."""
    return ReactRouterLink.create(
        icon(category),
        rx.el.span(w(f"operations.category.{category}")),
        to=f"/{w.locale}/payments/c/{category}",
        class_name="category",
    )


def row(tile: rx.Var) -> rx.Component:
    """A service or an account as a row of a list."""
    note = rx.cond(tile.note, rx.el.span(tile.note, class_name="tile-note"))
    link = ReactRouterLink.create(
        rx.el.span(category_icon(tile.category), class_name="tile-icon"),
        rx.el.span(tile.title, note),
        icon("chevron-right", 20),
        to=tile.href,
        class_name="tile",
    )
    return rx.el.li(link, key=tile.key)


def rows(tiles: rx.Var) -> rx.Component:
    """Rows under one another."""
    return rx.el.ul(rx.foreach(tiles, row), class_name="stack stack-s")


def shelf(tiles: rx.Var) -> rx.Component:
    """What is at hand, side by side; the thumb pushes it along."""
    return rx.el.ul(rx.foreach(tiles, _on_shelf), class_name="shelf")


def _on_shelf(tile: rx.Var) -> rx.Component:
    link = ReactRouterLink.create(
        rx.el.span(category_icon(tile.category), class_name="tile-icon"),
        rx.el.span(tile.title, class_name="shelf-title"),
        rx.el.span(tile.note, class_name="tile-note num"),
        to=tile.href,
        class_name="shelf-item",
    )
    return rx.el.li(link, key=tile.key)
