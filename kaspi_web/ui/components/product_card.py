"""A product in a list: one link with its picture, name, rating, price and a month of RED."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.papers.showcase import WIDTHS
from kaspi_web.ui.components.layout import Text
from kaspi_web.ui.components.price import monthly, price
from kaspi_web.ui.components.stars import rating

_IN_GRID = "(min-width: 1200px) 16rem, (min-width: 600px) 33vw, 50vw"


def picture(
    name: rx.Var, *, alt: Text = "", sizes: str = _IN_GRID, width: int = WIDTHS[0], first: bool = False
) -> rx.Component:
    """A square picture that holds its room before it has come; `first` is fetched at once, others when near."""
    when: dict[str, Any] = {"custom_attrs": {"fetchPriority": "high"}} if first else {"loading": "lazy"}
    address = {each: "/pictures/" + name + f"/{each}.webp" for each in WIDTHS}
    offered = rx.Var.create("")
    for each in WIDTHS:
        offered = offered + address[each] + f" {each}w" + ("" if each == WIDTHS[-1] else ", ")
    return rx.el.img(
        src=address[width],
        src_set=offered,
        sizes=sizes,
        width=str(width),
        height=str(width),
        alt=alt,
        decoding="async",
        class_name="picture",
        **when,
    )


def product_card(w: Words, good: rx.Var) -> rx.Component:
    """A `Good` as a card; the whole of it is one link."""
    link = ReactRouterLink.create(
        rx.el.span(rx.cond(good.picture, picture(good.picture)), class_name="good-picture"),
        rx.el.span(good.name, class_name="good-name"),
        rx.el.span(
            rx.cond(good.stars, rating(w, good.stars, good.reviews)),
            rx.cond(good.sellers, rx.el.span(good.sellers, class_name="good-sellers")),
            class_name="good-said",
        ),
        rx.cond(
            good.price,
            rx.el.span(
                price(w, good.price, good.old),
                rx.cond(good.monthly, monthly(w, good.monthly)),
                class_name="good-money",
            ),
            rx.el.span(w("shop.sold_out"), class_name="good-money muted"),
        ),
        to=f"/{w.locale}/shop/p/" + good.slug,
        class_name="good",
    )
    return rx.el.li(link, key=good.slug)


def product_grid(w: Words, *chunks: Any) -> rx.Component:
    """Pages of goods one after another, in one list."""
    rows = [rx.foreach(chunk, lambda good: product_card(w, good)) for chunk in chunks]
    return rx.el.ul(*rows, class_name="goods")


def product_shelf(w: Words, goods: Any, *, label: Text) -> rx.Component:
    """Goods side by side; the thumb pushes them along, the keyboard walks them."""
    return rx.el.ul(
        rx.foreach(goods, lambda good: product_card(w, good)), aria_label=label, class_name="shelf goods-shelf"
    )


def grid_skeleton(w: Words, count: int = 6) -> rx.Component:
    """Cards of the size of those that come."""
    shapes = [rx.el.li(rx.el.span(class_name="skeleton skeleton-good", aria_hidden="true")) for _ in range(count)]
    return rx.el.div(
        rx.el.span(w("common.loading"), class_name="vh"), rx.el.ul(*shapes, class_name="goods"), class_name="stack"
    )
