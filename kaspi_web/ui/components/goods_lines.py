"""Goods in lines: a small picture, the name that leads to the product, and what stands beside it."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components.product_card import picture


def thumb(name: Any) -> rx.Component:
    """The picture in a frame that holds its room, also where there is none."""
    return rx.el.span(rx.cond(name, picture(name, sizes="4rem")), class_name="thumb")


def named(w: Words, name: Any, slug: Any) -> rx.Component:
    """The name as a link to its product; plain where the product is gone."""
    return rx.cond(
        slug,
        ReactRouterLink.create(name, to=f"/{w.locale}/shop/p/" + slug, class_name="goods-name goods-link"),
        rx.el.span(name, class_name="goods-name"),
    )


def was(w: Words, before: Any, now: Any) -> rx.Component:
    """A price; one that changed shows the old one struck out before the new one."""
    old = rx.el.s(rx.el.span(w("shop.old_price"), " ", class_name="vh"), before, class_name="price-old")
    return rx.el.span(rx.cond(before, old), rx.el.span(now), class_name="num goods-price")


def line(*content: Any, key: Any) -> rx.Component:
    """One line: picture, words, figures."""
    return rx.el.li(*content, class_name="goods-line", key=key)


def lines(*rows: Any) -> rx.Component:
    """Lines of goods."""
    return rx.el.ul(*rows, class_name="goods-lines")
