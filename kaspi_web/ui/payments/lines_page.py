"""How the lines of a bill and the tariffs of a menu are drawn."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import choices, layout
from kaspi_web.ui.payments.lines import LineRow, Tariff
from kaspi_web.ui.payments.lines_state import LinesState as L


def lines(w: Words) -> rx.Component:
    """Every line with its own sum, and what they come to; nothing for a bill of one sum."""
    return rx.cond(
        L.lines.length() > 0,
        layout.stack(
            layout.section(w("payments.lines"), rx.foreach(L.lines, lambda line: _line(w, line)), id="lines"),
            rx.el.div(
                rx.el.span(w("payments.lines.total")),
                rx.el.strong(L.total, class_name="num", id="total", role="status"),
                class_name="line-total",
            ),
        ),
    )


def _line(w: Words, line: LineRow) -> rx.Component:
    head = rx.el.label(
        rx.el.input(
            type="checkbox",
            id="take-" + line.code,
            name="take-" + line.code,
            default_checked=line.taken,
            key=line.ticks.to_string(),
            on_change=lambda taken: L.take([line.code, taken]),
        ),
        rx.el.span(line.name, class_name="line-name"),
        rx.el.span(line.shown, class_name="num"),
        html_for="take-" + line.code,
        class_name="check line-head",
    )
    facts = rx.el.ul(rx.foreach(line.facts, lambda fact: rx.el.li(fact)), class_name="line-facts muted small")
    return rx.el.div(
        head,
        facts,
        rx.el.div(
            rx.cond(line.meter, _reading(w, line)),
            rx.cond(
                line.is_fixed,
                rx.el.input(type="hidden", name="pay-" + line.code, default_value=line.amount),
                _sum(w, line),
            ),
            class_name="line-fields",
        ),
        class_name="card line",
        key=line.code,
    )


def _reading(w: Words, line: LineRow) -> rx.Component:
    return _small_field(
        "reading-" + line.code,
        w("payments.line.reading"),
        line.reading_error,
        hint=line.meter,
        default_value=line.reading,
        input_mode="numeric",
        on_blur=lambda typed: L.read_meter([line.code, typed]),
    )


def _sum(w: Words, line: LineRow) -> rx.Component:
    return rx.el.div(
        _small_field(
            "pay-" + line.code,
            w("payments.line.sum"),
            line.error,
            default_value=line.amount,
            input_mode="decimal",
            on_blur=lambda typed: L.write_sum([line.code, typed]),
        ),
        key=line.version.to_string(),
    )


def _small_field(id: Any, label: str, error: Any, *, hint: Any = None, **props: Any) -> rx.Component:
    hints = [] if hint is None else [rx.el.p(hint, class_name="hint")]
    return rx.el.div(
        rx.el.label(label, html_for=id),
        *hints,
        rx.el.input(
            id=id,
            name=id,
            type="text",
            auto_complete="off",
            aria_invalid=rx.cond(error, "true", "false"),
            aria_describedby=id + "-error",
            class_name="input",
            **props,
        ),
        rx.el.div(rx.cond(error, rx.el.span(error)), id=id + "-error", role="alert", class_name="error"),
        class_name="field",
    )


def menu(w: Words, tariffs: Any, *, error: Any) -> rx.Component:
    """The tariffs to choose from, with their prices."""
    return choices.source_picker(w("payments.tariffs"), rx.foreach(tariffs, _tariff), name="tariff", error=error)


def _tariff(tariff: Tariff) -> rx.Component:
    option = choices.source_option(tariff.id, tariff.name, tariff.amount, name="tariff", checked=tariff.checked)
    return rx.el.div(option, key=tariff.id)
