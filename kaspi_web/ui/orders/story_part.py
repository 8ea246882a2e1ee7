"""The timeline of an order or of a whole purchase, newest first."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.ui.components import layout
from kaspi_web.ui.components.icons import icon

_ICONS = ("bonus", "wallet", "clock", "refresh", "truck", "alert", "check", "phone")


def story(title: str, events: Any) -> rx.Component:
    """A section with every event from a Var of `ui.orders.story.Told`."""
    rows = rx.el.ol(rx.foreach(events, _event), class_name="story")
    return layout.section(title, layout.card(rows), id="story")


def _event(event: Any) -> rx.Component:
    signs = [(name, icon(name, 20)) for name in _ICONS]
    return rx.el.li(
        rx.el.span(rx.match(event.icon, *signs, icon("receipt", 20)), class_name="story-sign"),
        rx.el.span(
            rx.el.span(event.text, class_name="story-text"),
            rx.cond(event.amount, rx.el.span(event.amount, class_name="num story-sum")),
            rx.cond(event.seller, rx.el.span(event.seller, class_name="small story-detail")),
            rx.cond(event.detail, rx.el.span(event.detail, class_name="small story-detail")),
            rx.el.span(event.when, class_name="muted small story-when num"),
            class_name="story-body",
        ),
        key=event.key,
    )
