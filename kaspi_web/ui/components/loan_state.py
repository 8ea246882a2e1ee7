"""How a payment of a plan stands, as a shape: its words stand beside it, so the shape itself is silent."""

from __future__ import annotations

import reflex as rx

from kaspi_web.ui.components.icons import icon


def loan_state(state: rx.Var) -> rx.Component:
    """The mark of paid, late, next, cancelled or coming."""
    mark = rx.match(
        state,
        ("paid", icon("check", 18)),
        ("late", icon("alert", 18)),
        ("next", icon("clock", 18)),
        ("cancelled", icon("close", 18)),
        rx.el.span(class_name="loan-coming"),
    )
    return rx.el.span(mark, class_name="loan-state", aria_hidden="true")
