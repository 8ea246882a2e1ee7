"""The simulated phone beside any page: a button at the edge that opens the messages of this browser. Demos only."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.sim.peek import messages
from kaspi_web.ui.sim.state import PhoneState as S

_ID = "phone-panel"


def panel(w: Words) -> rx.Component:
    """The button, and the panel while it is open; both stay out of the page's own flow."""
    dot = rx.el.span(rx.el.span(w("sim.unread"), class_name="vh"), class_name="phone-dot")
    return rx.el.aside(
        rx.el.button(
            rx.el.span(icon("phone", 20), rx.cond(S.unread, dot), class_name="phone-sign"),
            w("sim.open"),
            type="button",
            class_name="phone-button",
            aria_expanded=rx.cond(S.opened, "true", "false"),
            aria_controls=_ID,
            on_click=S.toggle,
        ),
        rx.cond(S.opened, _opened(w)),
        aria_label=w("sim.title"),
        class_name="phone",
    )


def _opened(w: Words) -> rx.Component:
    head = rx.el.div(
        rx.el.h2(w("sim.title"), class_name="phone-title"),
        rx.el.button(
            icon("close", 20), type="button", class_name="tool", aria_label=w("common.close"), on_click=S.toggle
        ),
        class_name="phone-head",
    )
    return rx.el.div(head, messages(w), id=_ID, class_name="phone-panel")
