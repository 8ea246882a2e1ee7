"""The windows over an order's page: cancelling, refusing a parcel, giving back; each says what becomes of money."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, choices, dialog, feedback, fields, layout
from kaspi_web.ui.orders.state import OrderState as S

GUARD_MS = 700


def window(w: Words) -> rx.Component:
    """Whichever window is open."""
    title = rx.match(
        S.asked,
        ("line", w("orders.cancel_line.title")),
        ("parcel", w("orders.refuse.title")),
        ("return", w("orders.return.title")),
        w("orders.cancel.title"),
    )
    body = rx.match(S.asked, ("line", _line(w)), ("parcel", _parcel(w)), ("return", _return(w)), _cancel(w))
    return dialog.sheet(w, title, body, opened=S.asked != "", on_open_change=S.close)


def _keep(w: Words) -> rx.Component:
    return actions.button(w("orders.keep"), kind="secondary", on_click=S.close)


def _cancel(w: Words) -> rx.Component:
    return layout.stack(
        feedback.form_error(S.errors["form"]),
        rx.el.p(S.order.notes.cancel),
        actions.button(w("orders.cancel"), kind="danger", on_click=S.cancel.throttle(GUARD_MS).temporal, money=True),
        _keep(w),
    )


def _parcel(w: Words) -> rx.Component:
    refuse = S.refuse_parcel.throttle(GUARD_MS).temporal
    return layout.stack(
        feedback.form_error(S.errors["form"]),
        rx.el.p(S.order.notes.parcel),
        actions.button(w("orders.refuse"), kind="danger", on_click=refuse, money=True),
        _keep(w),
    )


def _line(w: Words) -> rx.Component:
    return actions.event_form(
        S.cancel_line.throttle(GUARD_MS).temporal,
        feedback.form_error(S.errors["form"]),
        rx.el.p(rx.el.strong(S.line.name)),
        _pieces(w),
        rx.el.p(S.order.notes.line, class_name="muted small"),
        dialog.foot(actions.button(w("orders.cancel_line"), type="submit", kind="danger", money=True), _keep(w)),
    )


def _pieces(w: Words) -> rx.Component:
    """How many of them; one piece needs no choice."""
    choice = rx.el.select(
        rx.foreach(S.pieces, lambda each: rx.el.option(each, value=each)),
        # Another name than the field's: Reflex reads a field by its id, and of one piece there is no such element.
        id="line-pieces",
        name="pieces",
        default_value=S.pieces[S.pieces.length() - 1],
        aria_describedby="line-pieces-error",
        class_name="input",
    )
    one = rx.fragment(
        rx.el.input(type="hidden", name="pieces", value="1"), fields.error_text("line-pieces", S.errors["pieces"])
    )
    return rx.cond(
        S.pieces.length() > 1, fields.field(w("orders.pieces"), choice, id="line-pieces", error=S.errors["pieces"]), one
    )


def _return(w: Words) -> rx.Component:
    words = rx.el.textarea(
        id="words",
        name="words",
        rows="3",
        max_length=500,
        aria_describedby="words-hint words-error",
        class_name="input",
    )
    return actions.event_form(
        S.give_back.throttle(GUARD_MS).temporal,
        feedback.form_error(S.errors["form"]),
        rx.el.p(rx.el.strong(S.line.name)),
        _pieces(w),
        choices.source_picker(
            w("orders.return.why"),
            rx.foreach(S.order.return_until, _reason),
            name="reason",
            error=S.errors["reason"],
        ),
        fields.field(
            w("orders.return.words"),
            words,
            id="words",
            hint=w("orders.return.words_hint"),
            error=S.errors["words"],
        ),
        rx.el.p(S.order.notes.give_back, class_name="muted small"),
        dialog.foot(actions.button(w("orders.return.send"), type="submit", money=True), _keep(w)),
    )


def _reason(until: Any) -> rx.Component:
    card = choices.source_option(
        until.reason, until.title, name="reason", reason=until.note, disabled=until.is_over, checked=False
    )
    return rx.el.div(card, key=until.reason)
