"""A list of goods: of a category, of a search, of a seller."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout
from kaspi_web.ui.components.product_card import grid_skeleton, product_grid
from kaspi_web.ui.components.stars import rating
from kaspi_web.ui.shop import facets_part, parts
from kaspi_web.ui.shop.facets import FacetsState as F
from kaspi_web.ui.shop.lists import ListState as L


def category_page(w: Words) -> rx.Component:
    """Goods of a category."""
    head = (parts.path(w, L.path, L.title), layout.page_title(L.title), _below(w))
    return _page(w, *head, missing=w("shop.category.missing"))


def search_page(w: Words) -> rx.Component:
    """Goods that the words find, with the categories they are in."""
    instead = rx.cond(L.instead, rx.el.p(w("shop.search.instead"), " ", rx.el.strong(L.instead)))
    return _page(w, layout.page_title(L.title), instead, _places(w), missing=w("shop.search.all"))


def merchant_page(w: Words) -> rx.Component:
    """Goods of a seller."""
    said = rx.el.p(
        rating(w, L.seller.stars), rx.el.span(L.seller.reviews), rx.el.span(L.seller.delivery), class_name="seller-said"
    )
    return _page(w, layout.page_title(L.title), said, _places(w), missing=w("shop.merchant.missing"))


def _page(w: Words, *head: rx.Component, missing: str) -> rx.Component:
    shown = rx.cond(L.missing, parts.missing(w, missing), layout.stack(*head, _list(w)))
    return rx.el.div(
        parts.top(w, typed=L.typed),
        rx.cond(L.ready, shown, layout.loading(w, grid_skeleton(w))),
        class_name="shop shop-list",
    )


def _below(w: Words) -> rx.Component:
    chips = parts.category_chips(w, L.below, label=w("shop.categories"))
    return rx.cond(L.below.length() > 0, chips)


def _places(w: Words) -> rx.Component:
    links = rx.foreach(F.places, lambda each: actions.link(each.text, to=each.href, class_name="pick", key=each.href))
    row = "chips chips-scroll chips-hold"
    shown = rx.el.nav(links, aria_label=w("shop.categories"), class_name=row)
    # Until they are counted their room is kept, by nothing that has a name.
    return rx.cond(F.places.length() > 0, shown, rx.el.div(class_name=row))


def _list(w: Words) -> rx.Component:
    found = rx.el.div(
        facets_part.tools(w),
        facets_part.count(w),
        facets_part.chosen(w, narrowed=L.narrowed),
        rx.cond(L.goods_1.length() > 0, _goods(w), _nothing(w)),
        class_name="stack list-found",
    )
    return rx.el.div(facets_part.form(w), found, class_name="list-columns")


def _goods(w: Words) -> rx.Component:
    grid = product_grid(w, L.goods_1, L.goods_2, L.goods_3, L.goods_4, L.goods_5)
    # It stays the same element, so that the focus stays on it; shop.js looks at it anew when `data-more` changes.
    button = actions.button(
        w("shop.more"), kind="secondary", on_click=L.more, data_more=L.onward, class_name="list-more"
    )
    # So many stand on one page; those after them have an address of their own.
    link = actions.link_button(w("shop.more"), to=L.onward, kind="secondary")
    return layout.stack(grid, rx.cond(L.onward, rx.cond(L.room, button, link)))


def _nothing(w: Words) -> rx.Component:
    clear = actions.link_button(w("shop.filters.clear"), to=F.clear, wide=False)
    whole = actions.link_button(w("shop.missing.all"), to=f"/{w.locale}/shop", wide=False)
    return rx.cond(
        F.clear,
        layout.empty_state("search", w("shop.nothing_narrowed"), clear),
        layout.empty_state("search", w("shop.nothing"), whole),
    )
