"""The pages that take a balance apart: every move of the wallet, and one entry down to its postings."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.balance.state import BalanceState as B
from kaspi_web.ui.balance.state import EntryState as E
from kaspi_web.ui.balance.state import Move, Posted
from kaspi_web.ui.components import actions, layout


def balance_page(w: Words) -> rx.Component:
    """The wallet's postings, newest first, each with the balance after it."""
    return layout.stack(
        layout.page_title(w("balance.title"), lead=w("balance.lead")),
        rx.cond(B.ready, _moves(w), layout.skeleton(w, "row", count=4)),
    )


def _moves(w: Words) -> rx.Component:
    return layout.stack(
        layout.card(layout.facts(layout.fact(w("balance.now"), B.now))),
        rx.cond(
            B.moves.length() > 0,
            layout.card(rx.el.ul(rx.foreach(B.moves, _move), class_name="operations")),
            layout.empty_state("wallet", w("balance.empty")),
        ),
        rx.cond(B.older, actions.link_button(w("balance.more"), to=B.older, kind="secondary")),
        rx.cond(B.newest, actions.link_button(w("balance.newest"), to=B.newest, kind="quiet")),
    )


def _move(move: Move) -> rx.Component:
    body = ReactRouterLink.create(
        rx.el.span(
            rx.el.span(move.title, class_name="operation-title"),
            rx.el.span(move.amount, class_name=rx.cond(move.is_in, "operation-sum num sum-in", "operation-sum num")),
            rx.el.span(move.detail, class_name="operation-detail"),
            rx.el.span(move.balance, class_name="operation-balance num"),
            class_name="operation-body",
        ),
        to=move.href,
        class_name="operation operation-plain",
    )
    return rx.el.li(body, key=move.key)


def entry_page(w: Words) -> rx.Component:
    """One entry with all of its postings."""
    return layout.stack(
        layout.back_link(w("balance.back"), f"/{w.locale}/balance"),
        rx.cond(E.ready, rx.cond(E.missing, _missing(w), _entry(w)), layout.skeleton(w, "row", count=3)),
    )


def _missing(w: Words) -> rx.Component:
    return layout.stack(layout.page_title(w("balance.missing.title")), rx.el.p(w("balance.missing.text")))


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
