"""The sign of an order: what is under way is no trouble, so the red mark is kept for what waits for the buyer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.ui.components import status
from kaspi_web.ui.components.icons import icon


def sign(disc: Any) -> rx.Component:
    """A green disc for what was received, a red one for what the buyer must do, a parcel, or a cross for the end."""
    return rx.el.span(
        rx.match(
            disc,
            ("done", status.status_disc("done")),
            ("todo", status.status_disc("refused")),
            ("over", icon("close", 20)),
            icon("parcel", 20),
        ),
        class_name="order-sign",
        data_sign=disc,
    )
