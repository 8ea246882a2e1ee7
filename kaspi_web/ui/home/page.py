"""Home: the balance, quick actions, the latest operations."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout, money, status
from kaspi_web.ui.home.state import HomeState as S


def page(w: Words) -> rx.Component:
    """The balance first, calm below."""
    return rx.fragment(
        layout.page_title(w("home.title")),
        rx.cond(S.ready, _content(w), layout.skeleton(w, "card", count=2)),
    )


def _content(w: Words) -> rx.Component:
    return layout.stack(
        money.balance_card(
            w("home.balance"),
            S.balance,
            actions.link(
                rx.el.span(w("bonus.title"), ": ", class_name="vh"), money.bonus_chip(S.bonus), to=f"/{w.locale}/bonus"
            ),
            actions.link(w("balance.link"), to=f"/{w.locale}/balance"),
        ),
        money.quick_actions(
            money.quick_action("topup", w("home.topup"), f"/{w.locale}/topup"),
            money.quick_action("payments", w("home.pay"), f"/{w.locale}/payments"),
            money.quick_action("transfers", w("home.transfer"), f"/{w.locale}/transfers"),
            money.quick_action("history", w("home.history"), f"/{w.locale}/my-payments/history"),
        ),
        money.service_tile("card", w("cards.title"), f"/{w.locale}/cards"),
        layout.section(
            w("home.last"),
            rx.cond(S.rows.length() > 0, layout.card(status.history_list(w, S.rows)), _empty(w)),
            id="latest",
            action=rx.cond(S.rows.length() > 0, actions.link(w("home.all"), to=f"/{w.locale}/my-payments/history")),
        ),
        gap="l",
    )


def _empty(w: Words) -> rx.Component:
    onward = actions.link_button(w("home.topup"), to=f"/{w.locale}/topup", wide=False)
    return layout.empty_state("topup", w("home.empty"), onward)
