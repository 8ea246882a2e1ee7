"""The simulated phone as a page of its own."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, fields, layout
from kaspi_web.ui.sim.peek import bubble
from kaspi_web.ui.sim.state import PhoneState as S


def page(w: Words) -> rx.Component:
    """Every message, newest first."""
    return layout.stack(
        layout.page_title(w("sim.title")),
        rx.el.p(w("sim.lead"), class_name="muted"),
        actions.event_form(
            S.choose,
            fields.phone_field(w("sim.filter"), error=S.errors["phone"]),
            actions.button(w("sim.show"), type="submit", kind="secondary"),
        ),
        rx.el.section(
            rx.cond(
                S.messages.length() > 0,
                rx.foreach(S.messages, lambda message: bubble(w, message)),
                rx.el.p(w("sim.empty"), class_name="muted"),
            ),
            class_name="phone-screen",
            aria_live="polite",
        ),
    )
