"""The page of bonuses."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui import paging
from kaspi_web.ui.bonus.state import BonusState as S
from kaspi_web.ui.components import actions, layout, money

_EARNS_NOTHING = ("with_bonus", "transfers", "topups", "refunds")


def page(w: Words) -> rx.Component:
    """The balance, what it is made of, and the rules."""
    return layout.stack(
        layout.page_title(w("bonus.title"), lead=w("bonus.lead")),
        rx.cond(S.ready, _content(w), layout.skeleton(w, "card", count=2)),
    )


def _content(w: Words) -> rx.Component:
    return layout.stack(
        money.balance_card(w("bonus.balance"), money.amount(S.balance)),
        actions.link_button(w("bonus.spend"), to=f"/{w.locale}/payments"),
        layout.section(w("bonus.moves"), _moves(w), id="moves"),
        layout.section(w("bonus.rules"), layout.card(*_rules(w)), id="rules"),
        gap="l",
    )


def _moves(w: Words) -> rx.Component:
    shown = layout.stack(
        paging.lines(S.moves),
        paging.links((w("bonus.older"), S.older), (w("bonus.newest"), S.newest)),
    )
    return rx.cond(S.moves.length() > 0, shown, layout.empty_state("bonus", w("bonus.empty")))


def _rules(w: Words) -> list[rx.Component]:
    rules = rx.el.ul(rx.foreach(S.rules, lambda rule: rx.el.li(rule, key=rule)), class_name="rules")
    nothing = (rx.el.li(w(f"bonus.nothing.{each}")) for each in _EARNS_NOTHING)
    return [
        rx.cond(S.rules.length() > 0, rules, rx.el.p(w("bonus.no_rules"))),
        rx.el.p(w("bonus.specific"), class_name="muted small"),
        rx.el.p(w("bonus.rounding")),
        rx.el.p(w("bonus.refund")),
        rx.el.h3(w("bonus.nothing")),
        rx.el.ul(*nothing, class_name="rules"),
    ]
