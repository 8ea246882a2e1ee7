"""What the page says back: notices, the list of mistakes, and the place that is read out."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text

_ICONS = {"info": "info", "ok": "check", "warn": "clock", "todo": "alert"}


def live_region(text: Any = "") -> rx.Component:
    """A place whose changes are read out politely; it must stand on the page before the first change."""
    return rx.el.div(text, role="status", aria_live="polite", class_name="vh")


def notice(kind: Literal["info", "ok", "warn", "todo"], *content: Any, role: str = "") -> rx.Component:
    """A coloured block with an icon and words."""
    props = {"role": role} if role else {}
    return rx.el.div(icon(_ICONS[kind], 20), rx.el.div(*content), class_name=f"notice notice-{kind}", **props)


def error_summary(w: Words, errors: Any, *fields: str | tuple[str, str]) -> rx.Component:
    """The mistakes of a form on top of it, each leading to its field; takes the focus when it appears.

    `errors` is a Var of dict[str, str] by field; `fields` are names, or (name, id of the control).
    """
    pairs = [(each, each) if isinstance(each, str) else each for each in fields]
    rows = [rx.cond(errors[name], rx.el.li(rx.el.a(errors[name], href=f"#{id}"))) for name, id in pairs]
    body = rx.el.div(
        rx.el.h2(w("errors.title"), id="error-summary-title"),
        rx.el.ul(*rows),
        tab_index=-1,
        aria_labelledby="error-summary-title",
        role="group",
        class_name="error-summary",
        data_error_summary="true",
    )
    return rx.cond(errors.length() > 0, body)


def form_error(error: Text) -> rx.Component:
    """A refusal that belongs to no single field, above the form's button."""
    said = notice("todo", rx.el.p(error))
    return rx.el.div(rx.cond(error, said) if isinstance(error, rx.Var) else (said if error else ""), role="alert")
