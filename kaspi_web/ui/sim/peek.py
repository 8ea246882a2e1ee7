"""The messages of the simulated phone as pages show them: the last ones beside a page that waits for a code."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.session import bank
from kaspi_web.ui.sim.state import Message
from kaspi_web.ui.sim.state import PhoneState as S


def peek(w: Words) -> rx.Component:
    """The last two messages to the numbers of this browser; nothing outside demos."""
    if not bank().settings.demo:
        return rx.fragment()
    return rx.el.aside(
        rx.el.h2(icon("phone"), w("sim.peek"), class_name="peek-title"),
        _list(w, S.messages[:2], w("sim.waiting"), aria_live="polite"),
        class_name="peek",
        aria_label=w("sim.peek"),
    )


def messages(w: Words) -> rx.Component:
    """The numbers of this browser and every message to them, newest first."""
    return rx.el.div(
        rx.foreach(S.numbers, lambda number: rx.el.p(number, class_name="phone-number num")),
        rx.cond(S.numbers.length() > 0, _identity_card(w)),
        _list(w, S.messages, w("sim.empty"), aria_live="polite"),
        class_name="phone-messages",
    )


def _identity_card(w: Words) -> rx.Component:
    """The way to the demo's identity card, which is a page of plain HTML: an IIN never passes a State."""
    # A page of its own, so that the form that asks for the number stays open.
    return actions.link(
        w("sim.card"),
        to=f"/sim/identity?l={w.locale}",
        reload=True,
        target="_blank",
        rel="noopener",
        class_name="phone-card",
    )


def _list(w: Words, shown: Any, nothing: str, **props: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            S.messages.length() > 0,
            rx.foreach(shown, lambda message: bubble(w, message)),
            rx.cond(
                S.numbers.length() > 0,
                rx.el.p(nothing, class_name="muted"),
                rx.cond(S.ready, rx.el.p(w("sim.no_number"), class_name="muted")),
            ),
        ),
        class_name="peek-list",
        **props,
    )


def bubble(w: Words, message: Message) -> rx.Component:
    """One message, with a button that copies its code."""
    return rx.el.div(
        rx.cond(message.sender != "", rx.el.p(message.sender, class_name="bubble-sender")),
        rx.el.p(message.phone, " · ", message.time, class_name="muted small num"),
        rx.el.p(message.text),
        rx.cond(
            message.code != "",
            actions.copy_button(w, message.code, label=w("sim.copy")),
        ),
        class_name="bubble",
        key=message.key,
    )
