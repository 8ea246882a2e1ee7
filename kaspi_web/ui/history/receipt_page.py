"""The page of one receipt: what happened, with every fact, and what to do with it."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout, status
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.history.state import Fact
from kaspi_web.ui.history.state import ReceiptState as R
from kaspi_web.ui.star import star


def receipt_page(w: Words) -> rx.Component:
    """A receipt for its owner, and the same words for everybody else's as for none."""
    return layout.stack(
        rx.cond(R.ready, rx.cond(R.missing, _missing(w), _receipt(w)), layout.loading(w)),
        actions.link_button(w("receipt.back"), kind="secondary", to=f"/{w.locale}/my-payments/history"),
    )


def _missing(w: Words) -> rx.Component:
    return layout.stack(layout.page_title(w("receipt.missing.title")), rx.el.p(w("receipt.missing.text")))


def _receipt(w: Words) -> rx.Component:
    return layout.stack(
        layout.card(
            status.result(w, R.state_word, R.title, rx.el.p(R.status, class_name="muted"), amount=R.amount),
            layout.facts(rx.foreach(R.facts, fact_row)),
            class_name="paper",
        ),
        _uses(w),
    )


def _uses(w: Words) -> rx.Component:
    """What a receipt is good for: paying again, keeping, showing."""
    return rx.el.div(
        rx.cond(R.repeat, actions.link_button(icon("history", 20), rx.el.span(w("receipt.repeat")), to=R.repeat)),
        rx.cond(
            R.transfer, actions.link_button(icon("transfers", 20), rx.el.span(w("receipt.transfer")), to=R.transfer)
        ),
        rx.cond(R.plan, actions.link_button(icon("clock", 20), rx.el.span(w("receipt.plan")), to=R.plan)),
        star(w),
        rx.el.div(
            actions.link_button(
                icon("download", 20), rx.el.span(w("receipt.pdf")), to=R.pdf, kind="secondary", wide=False, reload=True
            ),
            actions.button(
                icon("receipt", 20), rx.el.span(w("receipt.print")), kind="secondary", wide=False, data_print="true"
            ),
            actions.button(
                icon("share", 20),
                rx.el.span(w("receipt.share")),
                kind="secondary",
                wide=False,
                data_share=R.pdf,
                data_copied=w("receipt.shared"),
            ),
            class_name="chips",
        ),
        class_name="stack stack-s no-print",
    )


def fact_row(fact: Fact) -> rx.Component:
    """A name and its value."""
    return layout.fact(fact.name, fact.value)
