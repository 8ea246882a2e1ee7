"""The simulated phone beside a page that waits for a code: demos only."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.session import bank
from kaspi_web.ui.sim.state import Message
from kaspi_web.ui.sim.state import PhoneState as S


def peek(w: Words) -> rx.Component:
    """The last messages of the number that this page is about; nothing outside demos."""
    if not bank().settings.demo:
        return rx.fragment()
    return rx.el.aside(
        rx.el.h2(icon("phone"), w("sim.peek"), class_name="peek-title"),
        rx.el.div(
            rx.cond(
                S.messages.length() > 0,
                rx.foreach(S.messages[:2], lambda message: bubble(w, message)),
                rx.el.p(w("sim.waiting"), class_name="muted"),
            ),
            aria_live="polite",
            class_name="peek-list",
        ),
        class_name="peek",
        aria_label=w("sim.peek"),
        on_mount=S.load_mine,
    )


def bubble(w: Words, message: Message) -> rx.Component:
    """One message, with a button that copies its code."""
    return rx.el.div(
        rx.el.p(message.phone, " · ", message.time, class_name="muted small num"),
        rx.el.p(message.text),
        rx.cond(
            message.code != "",
            actions.copy_button(w, message.code, label=w("sim.copy")),
        ),
        class_name="bubble",
        key=message.key,
    )
