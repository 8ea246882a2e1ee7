"""The home of the shop: sections, what is bought most, what costs less than it did."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout
from kaspi_web.ui.components.product_card import grid_skeleton, product_shelf
from kaspi_web.ui.shop import parts
from kaspi_web.ui.shop.state import ShopState as S


def page(w: Words) -> rx.Component:
    """What there is, by sections, and two shelves."""
    return rx.el.div(parts.top(w), rx.cond(S.ready, _home(w), layout.loading(w, grid_skeleton(w))), class_name="shop")


def _home(w: Words) -> rx.Component:
    return layout.stack(
        layout.stack(_head(w), parts.category_tiles(w, S.sections)),
        _shelf(w, w("shop.popular"), S.popular, id="popular", sort=""),
        _shelf(w, w("shop.deals"), S.deals, id="deals"),
        gap="l",
    )


def _head(w: Words) -> rx.Component:
    mine = actions.link(w("orders.title"), to=f"/{w.locale}/orders")
    return rx.el.div(layout.page_title(w("shop.title")), mine, class_name="section-head")


def _shelf(w: Words, title: str, goods: Any, *, id: str, sort: str | None = None) -> rx.Component:
    all_of_them = None if sort is None else actions.link(w("shop.all"), to=f"/{w.locale}/shop/search")
    shelf = layout.section(title, product_shelf(w, goods, label=title), id=id, action=all_of_them)
    return rx.cond(goods.length() > 0, shelf)
