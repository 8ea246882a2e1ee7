"""The pages that take a balance apart: every move of the wallet or a card, and one entry down to its postings."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui import paging
from kaspi_web.ui.balance.state import BalanceState as B
from kaspi_web.ui.balance.state import EntryState as E
from kaspi_web.ui.balance.state import Posted
from kaspi_web.ui.components import layout


def balance_page(w: Words) -> rx.Component:
    """The wallet's postings, newest first, each with the balance after it."""
    return layout.stack(
        layout.page_title(w("balance.title"), lead=w("balance.lead")),
        rx.cond(B.ready, _moves(w), layout.skeleton(w, "row", count=4)),
    )


def card_page(w: Words) -> rx.Component:
    """The same for one of the reader's own cards."""
    return layout.stack(
        layout.back_link(w("balance.card.back"), f"/{w.locale}/cards"),
        rx.cond(
            B.ready,
            rx.cond(
                B.missing,
                _missing(w("balance.card.missing.title"), w("balance.card.missing.text")),
                layout.stack(layout.page_title(w("balance.card.title"), lead=w("balance.card.lead")), _moves(w)),
            ),
            layout.loading(w),
        ),
    )


def _moves(w: Words) -> rx.Component:
    return layout.stack(
        layout.card(
            layout.facts(
                rx.cond(B.card, layout.fact(w("balance.card"), B.card)),
                layout.fact(w("balance.now"), B.now),
            )
        ),
        rx.cond(
            B.moves.length() > 0,
            paging.lines(B.moves),
            layout.empty_state("wallet", rx.cond(B.card, w("balance.card.empty"), w("balance.empty"))),
        ),
        paging.links((w("balance.more"), B.older), (w("balance.newest"), B.newest)),
    )


def entry_page(w: Words) -> rx.Component:
    """One entry with all of its postings."""
    missing = _missing(w("balance.missing.title"), w("balance.missing.text"))
    return layout.stack(
        rx.cond(
            E.back,
            layout.back_link(w("balance.card.to"), E.back),
            layout.back_link(w("balance.back"), f"/{w.locale}/balance"),
        ),
        rx.cond(E.ready, rx.cond(E.missing, missing, _entry(w)), layout.loading(w, count=3)),
    )


def _missing(title: str, text: str) -> rx.Component:
    return layout.stack(layout.page_title(title), rx.el.p(text))


def _entry(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(E.title),
        layout.card(layout.summary_list((w("balance.entry.what"), E.deed), (w("balance.entry.time"), E.time))),
        layout.section(
            w("balance.entry.postings"),
            rx.el.ul(rx.foreach(E.postings, lambda each: _posted(w, each)), class_name="card postings"),
            rx.el.p(w("balance.entry.rule"), class_name="muted small"),
            id="postings",
        ),
    )


def _posted(w: Words, posted: Posted) -> rx.Component:
    return rx.el.li(
        rx.el.span(rx.el.span(w("balance.from"), ": ", class_name="muted"), posted.origin),
        rx.el.span(rx.el.span(w("balance.to"), ": ", class_name="muted"), posted.goal),
        rx.el.span(posted.amount, class_name="num operation-sum"),
    )
