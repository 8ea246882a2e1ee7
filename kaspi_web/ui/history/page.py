"""My payments: the History tab, and the page of one receipt."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout, status
from kaspi_web.ui.history.state import Fact
from kaspi_web.ui.history.state import HistoryState as H
from kaspi_web.ui.history.state import ReceiptState as R


def history_page(w: Words) -> rx.Component:
    """Operations by days, newest first."""
    return layout.stack(
        rx.el.p(w("history.section"), class_name="muted small"),
        layout.page_title(w("history.title")),
        rx.cond(H.ready, _days(w), layout.skeleton(w, "row", count=4)),
    )


def _days(w: Words) -> rx.Component:
    return rx.cond(
        H.days.length() > 0,
        layout.stack(
            rx.foreach(H.days, lambda day: status.history_day(w, day)),
            rx.cond(H.older, actions.link_button(w("history.more"), to=H.older, kind="secondary")),
            rx.cond(H.newest, actions.link_button(w("history.newest"), to=H.newest, kind="quiet")),
        ),
        layout.empty_state(
            "history", w("history.empty"), actions.link_button(w("home.topup"), to=f"/{w.locale}/topup")
        ),
    )


def receipt_page(w: Words) -> rx.Component:
    """What happened, with every fact that a receipt needs."""
    return layout.stack(
        rx.cond(
            R.ready,
            rx.cond(
                R.missing,
                layout.stack(layout.page_title(w("receipt.missing.title")), rx.el.p(w("receipt.missing.text"))),
                _receipt(w),
            ),
            layout.skeleton(w, "row", count=4),
        ),
        actions.link_button(w("receipt.back"), kind="secondary", to=f"/{w.locale}/my-payments/history"),
    )


def _receipt(w: Words) -> rx.Component:
    return layout.card(
        status.result(w, R.state_word, R.title, rx.el.p(R.status, class_name="muted"), amount=R.amount),
        layout.facts(rx.foreach(R.facts, _fact)),
    )


def _fact(fact: Fact) -> rx.Component:
    return layout.fact(fact.name, fact.value)
