"""Windows over the page, on Radix primitives: the focus stays inside, Escape closes, the title names them."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_radix.primitives.dialog import dialog

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text


def sheet(w: Words, title: Text, *children: Any, opened: Any, on_open_change: Any, lead: Text = "") -> rx.Component:
    """A window that is open while `opened` is true: a sheet from below on phones.

    `on_open_change` is a handler of one bool: Escape, the veil and the cross ask it to close.
    """
    close = dialog.close(
        rx.el.button(icon("close"), type="button", class_name="tool", aria_label=w("common.close")), as_child=True
    )
    # Radix wants a description, or to be told that there is none.
    described = dialog.description(lead, class_name="muted") if not isinstance(lead, str) or lead else None
    content = dialog.content(
        rx.el.div(dialog.title(rx.el.h2(title), as_child=True), close, class_name="sheet-head"),
        *([described] if described is not None else []),
        *children,
        class_name="sheet",
        **({} if described is not None else {"aria_describedby": ""}),
    )
    return dialog.root(
        dialog.portal(dialog.overlay(class_name="veil"), content), open=opened, on_open_change=on_open_change
    )


def foot(*buttons: Any) -> rx.Component:
    """The buttons at the end of a window, in sight however long it is; the main one first."""
    return rx.el.div(*buttons, class_name="sheet-foot")
