"""Pictures of one thing: a strip that the thumb pushes along, and small ones that lead to each (assets/js/shop.js)."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components.layout import Text
from kaspi_web.ui.components.product_card import picture

_LARGE = "(min-width: 1200px) 32rem, (min-width: 600px) 32rem, 100vw"


def gallery(w: Words, pictures: Any, *, label: Text) -> rx.Component:
    """`pictures` have a `name` and an `alt`; the arrow keys move the strip once it has the focus."""
    strip = rx.el.ul(
        rx.foreach(pictures, _large), id="gallery", tab_index=0, aria_label=label, class_name="gallery-strip"
    )
    small = rx.el.div(
        rx.foreach(pictures, lambda each, index: _small(w, each, index)),
        role="group",
        aria_label=w("shop.product.pictures"),
        class_name="gallery-small",
    )
    return rx.el.div(strip, rx.cond(pictures.length() > 1, small), class_name="gallery")


def _large(each: rx.Var, index: rx.Var) -> rx.Component:
    shown = picture(each.name, alt=each.alt, sizes=_LARGE, width=640, first=True)
    return rx.el.li(shown, key=each.name)


def _small(w: Words, each: rx.Var, index: rx.Var) -> rx.Component:
    return rx.el.button(
        picture(each.name, alt=each.alt, sizes="4rem"),
        type="button",
        class_name="gallery-pick",
        data_picture=index.to_string(),
        aria_current=rx.cond(index == 0, "true", "false"),
        key=each.name,
    )
