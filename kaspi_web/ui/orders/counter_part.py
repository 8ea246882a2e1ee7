"""The simulated seller beside an order of a demo: the buyer stands at the counter, and types the code for the seller.

Forms of plain HTML to /sim/seller/{order}, so that no State ever holds the code; shop.js sends them without leaving
the page and says what came of it.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, fields, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.orders.state import OrderState as S
from kaspi_web.ui.session import bank
from kaspi_web.ui.sim.peek import peek


def counter(w: Words) -> rx.Component:
    """What can be done at the counter now; nothing outside demos."""
    if not bank().settings.demo:
        return rx.fragment()
    said = {f"data_said_{name}": w(f"orders.counter.said.{name}") for name in ("done", "code", "refused", "silent")}
    body = rx.el.aside(
        rx.el.h2(icon("store", 20), w("orders.counter"), class_name="peek-title"),
        rx.cond(S.order.is_new, _deeds(w, "out_of_stock")),
        rx.cond(S.order.is_ready, _ready(w)),
        rx.cond(S.order.in_transit, _deeds(w, "not_taken")),
        rx.foreach(S.returns, lambda each: _of_return(w, each)),
        rx.el.p("", role="status", class_name="small counter-said", **said),
        class_name="peek counter",
        aria_label=w("orders.counter"),
    )
    is_open = S.order.is_new | S.order.is_ready | S.order.in_transit
    return rx.cond(is_open | (S.returns.length() > 0), body)


def _form(*children: Any) -> rx.Component:
    return actions.native_form("/sim/seller/" + S.order.id, *children, data_counter="true")


def _hidden(name: str, value: Any) -> rx.Component:
    return rx.el.input(type="hidden", name=name, value=value)


def _deeds(w: Words, *deeds: str) -> rx.Component:
    forms = [_form(_hidden("deed", deed), _button(w(f"orders.counter.{deed}"))) for deed in deeds]
    return layout.stack(*forms, gap="s")


def _button(text: str) -> rx.Component:
    return actions.button(text, type="submit", kind="secondary")


def _ready(w: Words) -> rx.Component:
    """I am here: the seller asks the bank for the code; the code comes by SMS and is said to the seller."""
    code = fields.text_field(
        "code",
        w("orders.counter.code_label"),
        id="counter-code",
        input_mode="numeric",
        auto_complete="one-time-code",
        max_length=4,
        class_name="code-input",
    )
    return layout.stack(
        _deeds(w, "here"),
        _form(_hidden("deed", "code"), code, _button(w("orders.counter.code"))),
        peek(w),
        gap="s",
    )


def _of_return(w: Words, each: Any) -> rx.Component:
    def deed(name: str, *more: Any) -> rx.Component:
        return _form(_hidden("deed", name), _hidden("return", each.id), *more, _button(w(f"orders.counter.{name}")))

    refused = deed("refuse_return", _hidden("words", w("orders.counter.words")))
    return rx.el.div(
        rx.cond(each.is_asked, layout.stack(deed("accept_return"), refused, gap="s")),
        rx.cond(each.is_approved, deed("receive_return")),
        key=each.id,
    )
