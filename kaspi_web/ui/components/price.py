"""Prices of goods: the price itself, what it was, and what a month of RED costs."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components.layout import Text, classes

_NBSP = "\u00a0"


def price(w: Words, now: Text, old: Text = "", *, large: bool = False) -> rx.Component:
    """The price, and the old one struck out where there is one; both are ready text."""
    struck = rx.el.s(rx.el.span(w("shop.old_price"), " ", class_name="vh"), old, class_name="num price-old")
    was = rx.cond(old, struck) if isinstance(old, rx.Var) else (struck if old else rx.fragment())
    return rx.el.span(
        rx.el.span(now, class_name="num price-now"), was, class_name=classes("price", "price-large" if large else "")
    )


def monthly(w: Words, payment: Text) -> rx.Component:
    """A month of RED and how many there are; that nothing is overpaid stands beside it."""
    times = rx.el.span(payment, _NBSP, w("shop.times_three"), class_name="num monthly-sum")
    return rx.el.span(times, rx.el.span(w("shop.no_overpay"), class_name="monthly-note"), class_name="monthly")
