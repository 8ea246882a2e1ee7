"""Home: the balance, quick actions, what falls due, the latest operations; below them a few goods."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout, money, status
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.product_card import product_shelf
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
        rx.cond(S.due.href, _due()),
        layout.stack(
            rx.cond(S.order.href, money.service_tile("truck", S.order.title, S.order.href, note=_order(w))),
            money.service_tile("card", w("cards.title"), f"/{w.locale}/cards"),
            money.service_tile("bonus", w("plans.red.title"), f"/{w.locale}/red", note=S.red),
            money.service_tile("receipt", w("home.plans"), f"/{w.locale}/plans"),
            gap="s",
        ),
        layout.section(
            w("home.last"),
            rx.cond(S.rows.length() > 0, layout.card(status.history_list(w, S.rows)), _empty(w)),
            id="latest",
            action=rx.cond(S.rows.length() > 0, actions.link(w("home.all"), to=f"/{w.locale}/my-payments/history")),
        ),
        _shop(w),
        gap="l",
    )


def _due() -> rx.Component:
    """What is overdue, or falls due within a week: one line that leads to paying it."""
    return ReactRouterLink.create(
        rx.cond(S.due.is_late, icon("alert"), icon("clock")),
        rx.el.span(
            rx.el.span(S.due.title, class_name="due-title"),
            rx.el.span(S.due.detail, class_name="due-detail"),
        ),
        rx.el.span(S.due.sum, class_name="due-sum num"),
        to=S.due.href,
        class_name=rx.cond(S.due.is_late, "due due-late", "due"),
    )


def _order(w: Words) -> rx.Component:
    return rx.el.span(w("home.order"), " · ", S.order.detail)


def _shop(w: Words) -> rx.Component:
    shelf = layout.section(
        w("nav.shop"),
        product_shelf(w, S.goods, label=w("nav.shop")),
        id="shop",
        action=actions.link(w("home.all"), to=f"/{w.locale}/shop"),
    )
    return rx.cond(S.goods.length() > 0, shelf)


def _empty(w: Words) -> rx.Component:
    onward = actions.link_button(w("home.topup"), to=f"/{w.locale}/topup", wide=False)
    return layout.empty_state("topup", w("home.empty"), onward)
