"""The star that stands on receipts and results."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text
from kaspi_web.ui.payments.favourites import StarState as S


def star(w: Words, receipt: Text = "") -> rx.Component:
    """Keeps the account of a bill payment as a favourite; nothing is shown where there is no account to keep.

    `receipt` is the receipt's address, or empty on the page of the receipt itself. One page has one star at the most.
    """
    button = actions.button(
        icon("star", 20, class_name="star"),
        rx.cond(S.is_on, w("favourites.star.on"), w("favourites.star.off")),
        kind="secondary",
        on_click=S.toggle(receipt),
        aria_pressed=rx.cond(S.is_on, "true", "false"),
    )
    shown = rx.cond(S.offered, button)
    return rx.el.div(shown, rx.el.div(rx.cond(S.error, rx.el.p(S.error)), role="alert"), on_mount=S.look(receipt))
