"""What the shop's pages share: the line to search in, the way to the basket, the path of categories."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.product_card import picture
from kaspi_web.ui.shop.state import ShopState as S


def top(w: Words, *, typed: Any = "") -> rx.Component:
    """The line to search in, with the basket beside it."""
    return rx.el.div(_search(w, typed), _basket(w), class_name="shop-top")


def _search(w: Words, typed: Any) -> rx.Component:
    line = rx.el.input(
        id="shop-q",
        name="q",
        type="search",
        enter_key_hint="search",
        auto_complete="off",
        placeholder=w("shop.search.label"),
        aria_label=w("shop.search.label"),
        default_value=typed,
        # Another address asks for other words: then the field begins anew.
        key=typed,
        class_name="input",
    )
    find = actions.button(icon("search", 20), rx.el.span(w("shop.search.find"), class_name="vh"), type="submit")
    # Before the app is awake the browser sends the form by itself.
    return rx.el.form(
        line,
        find,
        action=f"/{w.locale}/shop/search",
        method="get",
        on_submit=S.find,
        role="search",
        class_name="shop-search",
    )


def _basket(w: Words) -> rx.Component:
    count = rx.el.span(
        S.basket, rx.el.span(" ", w("shop.basket.pieces"), class_name="vh"), class_name="shop-basket-count num"
    )
    return ReactRouterLink.create(
        icon("basket"),
        rx.el.span(w("shop.basket"), class_name="vh"),
        rx.cond(S.basket, count),
        to=f"/{w.locale}/basket",
        class_name="shop-basket",
    )


def path(w: Words, above: Any, here: Any) -> rx.Component:
    """The way down to where one is: the shop, categories, this."""
    places = rx.foreach(above, lambda each: _step(each.name, f"/{w.locale}/shop/c/" + each.slug))
    last = rx.el.li(rx.el.span(here, aria_current="page"))
    return rx.el.nav(
        rx.el.ol(_step(w("shop.title"), f"/{w.locale}/shop"), places, last),
        aria_label=w("shop.path"),
        class_name="path",
    )


def _step(name: Any, to: Any) -> rx.Component:
    return rx.el.li(ReactRouterLink.create(name, to=to), icon("chevron-right", 16), key=to)


def category_chips(w: Words, places: Any, *, label: str) -> rx.Component:
    """Categories as links in a row."""
    links = rx.foreach(
        places,
        lambda each: ReactRouterLink.create(
            each.name, to=f"/{w.locale}/shop/c/" + each.slug, class_name="pick", key=each.slug
        ),
    )
    return rx.el.nav(links, aria_label=label, class_name="chips chips-scroll")


def category_tiles(w: Words, places: Any) -> rx.Component:
    """Sections with their pictures."""
    return rx.el.ul(rx.foreach(places, lambda each: _tile(w, each)), class_name="sections")


def _tile(w: Words, each: Any) -> rx.Component:
    link = ReactRouterLink.create(
        rx.el.span(rx.cond(each.picture, picture(each.picture, sizes="8rem")), class_name="section-picture"),
        rx.el.span(each.name),
        to=f"/{w.locale}/shop/c/" + each.slug,
        class_name="section-tile",
    )
    return rx.el.li(link, key=each.slug)


def missing(w: Words, title: str) -> rx.Component:
    """There is no such thing in the shop."""
    return layout.stack(
        layout.page_title(title),
        rx.el.p(w("shop.missing.text")),
        actions.link_button(w("shop.missing.all"), to=f"/{w.locale}/shop"),
    )
