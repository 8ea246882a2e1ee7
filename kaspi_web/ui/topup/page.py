"""Top up: the wallet's number, how it goes at a terminal, what is on its way."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout, status
from kaspi_web.ui.session import bank
from kaspi_web.ui.topup.state import Place
from kaspi_web.ui.topup.state import TopUpState as S


def page(w: Words) -> rx.Component:
    """Everything one needs before walking to a terminal."""
    return layout.stack(
        layout.page_title(w("topup.title")),
        rx.cond(S.ready, _content(w), layout.skeleton(w, "card", count=2)),
    )


def _content(w: Words) -> rx.Component:
    # Asked here: rows are drawn when the page has left its bank.
    demo = bank().settings.demo
    return layout.stack(
        rx.cond(
            S.incoming.length() > 0,
            layout.section(
                w("topup.incoming"),
                layout.card(status.history_list(w, S.incoming)),
                id="incoming",
            ),
        ),
        layout.card(
            rx.el.p(w("topup.number"), class_name="muted small"),
            rx.el.p(S.number, class_name="wallet-number num"),
            actions.copy_button(w, S.number, label=w("topup.copy")),
        ),
        layout.section(
            w("topup.how"),
            rx.el.ol(*(rx.el.li(w(f"topup.step.{step}")) for step in (1, 2, 3)), class_name="steps"),
            rx.el.p(w("topup.fee"), class_name="muted small"),
            id="how",
        ),
        layout.section(
            w("topup.places"),
            layout.card(rx.el.ul(rx.foreach(S.places, lambda each: _place(w, each, demo=demo)), class_name="places")),
            id="places",
        ),
    )


def _place(w: Words, each: Place, *, demo: bool) -> rx.Component:
    parts = [rx.el.span(each.name), rx.el.span(each.note, class_name="muted small")]
    if demo:
        opened = {"target": "_blank", "aria_label": w("topup.open") + ": " + each.name}
        parts.append(actions.link(w("topup.open"), to=each.href, reload=True, **opened))
    return rx.el.li(*parts, key=each.href)
