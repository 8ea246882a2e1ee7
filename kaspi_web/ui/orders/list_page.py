"""The page of all orders."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui import paging
from kaspi_web.ui.components import actions, choices, goods_lines, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.orders.listing import OrdersState as S
from kaspi_web.ui.orders.sign import sign


def page(w: Words) -> rx.Component:
    """Orders, newest first, and the ways to narrow them."""
    chips = choices.choice_chips(rx.foreach(S.chips, _chip), label=w("orders.show"))
    return layout.stack(
        layout.back_link(w("shop.title"), f"/{w.locale}/shop"),
        layout.page_title(w("orders.title")),
        rx.cond(S.ready, layout.stack(chips, rx.cond(S.rows.length() > 0, _list(w), _empty(w))), _skeleton(w)),
    )


def _skeleton(w: Words) -> rx.Component:
    return layout.skeleton(w, "row", count=4)


def _list(w: Words) -> rx.Component:
    return layout.stack(
        rx.el.ul(rx.foreach(S.rows, _row), class_name="stack stack-s"),
        paging.links((w("orders.older"), S.older), (w("orders.newest"), S.newest)),
    )


def _empty(w: Words) -> rx.Component:
    """No orders at all, or none of the kind that was asked for: then all of them are one tap away."""
    everything = actions.link_button(w("orders.show_all"), to=f"/{w.locale}/orders", kind="secondary")
    shop = actions.link_button(w("checkout.to_shop"), to=f"/{w.locale}/shop")
    return rx.match(
        S.narrowed,
        *((each, layout.empty_state("parcel", w(f"orders.empty.{each}"), everything)) for each in ("open", "archive")),
        layout.empty_state("parcel", w("orders.empty"), shop),
    )


def _chip(chip: Any) -> rx.Component:
    return ReactRouterLink.create(
        chip.text,
        to=chip.href,
        class_name="pick",
        key=chip.href,
        aria_current=rx.cond(chip.is_on, "true", rx.Var("undefined")),
    )


def _row(row: Any) -> rx.Component:
    body = ReactRouterLink.create(
        goods_lines.thumb(row.picture),
        rx.el.span(
            rx.el.span(row.title, class_name="order-title"),
            rx.el.span(row.amount, class_name="num order-sum"),
            rx.el.span(row.name, class_name="order-goods"),
            rx.el.span(sign(row.disc), rx.el.span(row.status), class_name="order-status"),
            rx.el.span(row.said, class_name="order-comes"),
            class_name="order-body",
        ),
        icon("chevron-right", 20),
        to=row.href,
        class_name="order-card",
        data_state=row.disc,
    )
    return rx.el.li(body, key=row.href)
