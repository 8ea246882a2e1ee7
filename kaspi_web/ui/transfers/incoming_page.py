"""The page of a transfer that came in."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, layout
from kaspi_web.ui.transfers.incoming import IncomingState as S

_GUARD_MS = 700


def page(w: Words) -> rx.Component:
    """Who sent how much, and the answer to a request to return it."""
    return layout.stack(
        layout.back_link(w("transfers.title"), f"/{w.locale}/transfers"),
        rx.cond(
            S.ready,
            rx.cond(S.missing, _missing(w), _transfer(w)),
            layout.stack(layout.page_title(w("transfers.incoming.title")), layout.skeleton(w, "row", count=3)),
        ),
    )


def _missing(w: Words) -> rx.Component:
    return layout.stack(layout.page_title(w("transfers.missing.title")), rx.el.p(w("transfers.missing.text")))


def _transfer(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("transfers.incoming.title")),
        layout.card(
            layout.facts(
                layout.fact(w("transfers.sender"), S.transfer.sender),
                layout.fact(w("transfers.amount"), S.transfer.amount),
                layout.fact(w("transfers.time"), S.transfer.arrived),
                rx.cond(S.transfer.note, layout.fact(w("transfers.words"), S.transfer.note)),
            )
        ),
        rx.el.div(rx.cond(S.transfer.asked, feedback.notice("info", rx.el.p(S.transfer.asked))), role="status"),
        feedback.form_error(S.errors["form"]),
        rx.cond(S.transfer.is_open, _answers(w)),
    )


def _answers(w: Words) -> rx.Component:
    return actions.actions(
        actions.button(
            rx.el.span(w("transfers.give_back", amount=S.transfer.amount), class_name="figures"),
            money=True,
            on_click=S.give_back.throttle(_GUARD_MS).temporal,
        ),
        actions.button(
            w("transfers.decline"), kind="secondary", money=True, on_click=S.decline.throttle(_GUARD_MS).temporal
        ),
    )
