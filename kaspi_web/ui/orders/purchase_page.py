"""The page of a purchase: what became of it, what comes when, and what is still to do."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, fields, layout, status
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.orders.purchase import PurchaseState as S
from kaspi_web.ui.orders.sign import sign
from kaspi_web.ui.orders.story_part import story
from kaspi_web.ui.sim.peek import peek

GUARD_MS = 700


def page(w: Words) -> rx.Component:
    """What became of the purchase that the address names."""
    return rx.cond(S.ready, rx.cond(S.result.state, _result(w), _missing(w)), layout.loading(w))


def _missing(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("purchases.missing.title")),
        rx.el.p(w("orders.missing.text")),
        actions.link_button(w("orders.title"), to=f"/{w.locale}/orders"),
    )


def _result(w: Words) -> rx.Component:
    return layout.stack(
        feedback.form_error(S.errors["form"]),
        status.result(w, S.result.state, S.result.title, rx.el.p(S.result.text), amount=S.result.amount),
        rx.cond(S.result.challenge, _challenge(w)),
        rx.cond(S.result.sign_until, _to_sign(w)),
        rx.el.ul(rx.foreach(S.result.orders, _part), class_name="stack stack-s"),
        layout.card(
            layout.facts(
                layout.fact(w("purchases.source"), S.result.source),
                rx.cond(S.result.spent, layout.fact(w("checkout.total.bonus_spent"), S.result.spent)),
                rx.cond(S.result.bonus, layout.fact(w("checkout.total.bonus"), S.result.bonus)),
            )
        ),
        rx.cond(S.result.to_basket, actions.link_button(w("checkout.to_basket"), to=f"/{w.locale}/basket")),
        rx.cond(
            S.result.contract & (S.result.sign_until == ""),
            actions.link_button(w("contract.open"), to=S.result.contract, kind="secondary"),
        ),
        rx.cond(
            S.result.receipt,
            actions.link_button(w("payments.result.receipt"), to=S.result.receipt, kind="secondary"),
        ),
        story(w("purchases.story"), S.result.events),
        actions.link_button(w("orders.title"), to=f"/{w.locale}/orders", kind="secondary"),
        actions.link(w("purchases.to_shop"), to=f"/{w.locale}/shop"),
    )


def _part(part: Any) -> rx.Component:
    body = ReactRouterLink.create(
        sign(part.disc),
        rx.el.span(
            rx.el.span(part.seller, class_name="order-title"),
            rx.el.span(part.amount, class_name="num order-sum"),
            rx.el.span(part.goods, class_name="order-goods"),
            rx.el.span(part.status, class_name="order-status"),
            rx.cond(part.comes, rx.el.span(part.comes, class_name="order-comes")),
            class_name="order-body",
        ),
        icon("chevron-right", 20),
        to=part.href,
        class_name="order-card",
        data_state=part.disc,
    )
    return rx.el.li(body, key=part.href)


def _to_sign(w: Words) -> rx.Component:
    return layout.card(
        layout.stack(
            rx.el.p(w("contract.waits"), " ", rx.el.strong(S.result.sign_until)),
            actions.link_button(w("contract.read"), to=S.result.contract),
        )
    )


def _challenge(w: Words) -> rx.Component:
    """The code that the card's own bank asks for: 3-D Secure."""
    return layout.card(
        layout.stack(
            rx.el.p(w("payments.challenge.lead"), " ", rx.el.span(S.result.challenge, class_name="num")),
            actions.event_form(
                S.prove.throttle(GUARD_MS).temporal,
                fields.code_field(w("code.label"), error=S.errors["code"], auto_focus=True),
                actions.button(w("code.submit"), type="submit", money=True),
            ),
            peek(w),
        )
    )
