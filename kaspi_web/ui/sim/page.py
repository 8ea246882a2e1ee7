"""The simulated phone as a page of its own."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import layout
from kaspi_web.ui.sim.peek import messages


def page(w: Words) -> rx.Component:
    """What the panel shows, with more room."""
    return layout.stack(
        layout.page_title(w("sim.title"), lead=w("sim.lead")),
        rx.el.section(messages(w), class_name="phone-screen", aria_label=w("sim.title")),
    )
