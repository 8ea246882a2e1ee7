"""The page of a statement: what its files say, on screen."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.history.receipt_page import fact_row
from kaspi_web.ui.history.statement import Line
from kaspi_web.ui.history.statement import StatementState as S


def statement_page(w: Words) -> rx.Component:
    """Client, balances, sums by kinds and every row."""
    return layout.stack(
        layout.back_link(w("history.statement.back"), f"/{w.locale}/my-payments/history"),
        rx.cond(
            S.ready,
            _statement(w),
            rx.fragment(layout.page_title(w("papers.statement.page")), layout.skeleton(w, "row", count=4)),
        ),
    )


def _statement(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(rx.cond(S.title, S.title, w("papers.statement.page"))),
        feedback.form_error(S.errors["form"]),
        rx.cond(S.title, _paper(w)),
    )


def _paper(w: Words) -> rx.Component:
    return layout.stack(
        _files(w),
        layout.card(layout.facts(rx.foreach(S.head, fact_row))),
        rx.cond(
            S.totals.length() > 0,
            layout.section(w("papers.totals"), layout.card(layout.facts(rx.foreach(S.totals, fact_row))), id="totals"),
        ),
        layout.section(
            w("papers.rows"),
            rx.el.p(S.shortened, role="status", class_name="muted small"),
            rx.cond(S.lines.length() > 0, _table(w), rx.el.p(w("papers.empty"), class_name="muted")),
            id="rows",
        ),
    )


def _files(w: Words) -> rx.Component:
    return rx.el.div(
        *(
            actions.link_button(
                icon("download", 20), rx.el.span(text), to=to, kind="secondary", wide=False, reload=True
            )
            for text, to in ((w("history.statement.pdf"), S.pdf), (w("history.statement.csv"), S.csv))
        ),
        class_name="chips no-print",
    )


def _table(w: Words) -> rx.Component:
    columns = (w("papers.date"), w("papers.sum"), w("papers.operation"), w("papers.details"))
    head = rx.el.thead(rx.el.tr(*(rx.el.th(text, scope="col") for text in columns)))
    return layout.card(rx.el.table(head, rx.el.tbody(rx.foreach(S.lines, _row)), class_name="statement"))


def _row(line: Line) -> rx.Component:
    return rx.el.tr(
        rx.el.td(line.date, class_name="num"),
        rx.el.td(line.amount, class_name="num"),
        rx.el.td(line.kind),
        rx.el.td(line.details),
    )
