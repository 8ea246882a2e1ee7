"""The first page: what the wallet is for, and the way in."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout
from kaspi_web.ui.components.icons import icon

_POINTS = (("topup", "banknote"), ("pay", "bolt"), ("bonus", "bonus"))


def page(w: Words) -> rx.Component:
    """Three lines of value and one button."""
    return layout.stack(
        layout.page_title(w("welcome.title")),
        rx.el.p(w("welcome.lead"), class_name="lead"),
        rx.el.ul(*(_point(w, name, picture) for name, picture in _POINTS), class_name="points"),
        actions.link_button(w("welcome.register"), to=f"/{w.locale}/register"),
        rx.el.p(
            w("welcome.have_wallet"),
            " ",
            actions.inline_link(w("welcome.sign_in"), to=f"/{w.locale}/login"),
            class_name="center",
        ),
    )


def _point(w: Words, name: str, picture: str) -> rx.Component:
    return rx.el.li(rx.el.span(icon(picture), class_name="tile-icon"), rx.el.span(w(f"welcome.point.{name}")))
