"""How a deed stands: two discs and words, exactly as the bank's customers know them.

A solid green disc went through; a red disc with "!" has not. There is no third icon, and colour is never alone.
States are `done`, `on_way` and `refused`.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components.layout import Text, classes


def status_disc(state: Text, size: int = 20) -> rx.Component:
    """The disc of a state; its words must stand beside it, since the disc itself is silent."""
    if isinstance(state, rx.Var):
        return rx.cond(state == "done", _done(size), _todo(size))
    return _done(size) if state == "done" else _todo(size)


def _svg(*shapes: rx.Component, size: int, name: str) -> rx.Component:
    return rx.el.svg(
        *shapes, view_box="0 0 20 20", width=str(size), height=str(size), aria_hidden="true", class_name=f"disc {name}"
    )


def _done(size: int) -> rx.Component:
    return _svg(rx.el.circle(cx="10", cy="10", r="9"), size=size, name="disc-done")


def _todo(size: int) -> rx.Component:
    return _svg(
        rx.el.circle(cx="10", cy="10", r="9"),
        rx.el.path(d="M10 5v6", stroke_width="2.4", stroke_linecap="round"),
        rx.el.circle(cx="10", cy="14.4", r="1.5"),
        size=size,
        name="disc-todo",
    )


def status_words(w: Words, state: Text) -> Any:
    """The words of a state: Done, Not yet through, Did not go through."""
    if not isinstance(state, rx.Var):
        return w(f"status.{state}")
    return rx.match(state, ("done", w("status.done")), ("on_way", w("status.on_way")), w("status.refused"))


def result(w: Words, state: Text, title: Text, *more: Any, amount: Text | None = None) -> rx.Component:
    """The head of a result page: the disc, the h1, the sum and whatever else is said; changes are read out."""
    said = [rx.el.h1(title, id="title", tab_index=-1)]
    if amount is not None:
        said.append(rx.el.p(amount, class_name="result-sum"))
    return rx.el.div(status_disc(state, 72), *said, *more, role="status", class_name="result")


def history_row(w: Words, row: Any) -> rx.Component:
    """One operation: `href`, `title`, `detail`, `amount`, `is_in`, `state` and `balance` of a row of operations."""
    spoken = rx.cond(row.state == "done", rx.el.span(w("status.done"), ". ", class_name="vh"))
    body = ReactRouterLink.create(
        status_disc(row.state),
        rx.el.span(
            rx.el.span(row.title, class_name="operation-title"),
            rx.el.span(row.amount, class_name=rx.cond(row.is_in, "operation-sum num sum-in", "operation-sum num")),
            rx.el.span(spoken, row.detail, class_name="operation-detail"),
            rx.cond(row.balance, rx.el.span(row.balance, class_name="operation-balance num")),
            class_name="operation-body",
        ),
        to=row.href,
        class_name="operation",
        data_state=row.state,
    )
    return rx.el.li(body, key=row.key)


def history_list(w: Words, rows: Any) -> rx.Component:
    """Rows of operations from a Var of rows."""
    return rx.el.ul(rx.foreach(rows, lambda row: history_row(w, row)), class_name="operations")


def history_day(w: Words, day: Any) -> rx.Component:
    """A day with its rows: `title`, `total` and `rows` of a day (kaspi_web/ui/operations.py)."""
    head = rx.el.div(rx.el.h2(day.title), rx.el.span(day.total, class_name="day-total num"), class_name="day-head")
    return rx.el.section(head, history_list(w, day.rows), class_name=classes("card", "day"), key=day.title)
