"""The page of the basket: lines under their sellers, and the total that stays in sight."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.basket.state import BasketState as S
from kaspi_web.ui.components import actions, feedback, goods_lines, layout
from kaspi_web.ui.components.icons import icon

GUARD_MS = 700


def page(w: Words) -> rx.Component:
    """The basket, or what to do without one."""
    return rx.el.div(
        layout.back_link(w("shop.title"), f"/{w.locale}/shop"),
        layout.page_title(w("checkout.basket.title")),
        _undo(w),
        rx.cond(S.ready, rx.cond(S.basket.count, _full(w), _empty(w)), layout.skeleton(w, "row", count=3)),
        class_name="stack checkout",
    )


def _empty(w: Words) -> rx.Component:
    to_shop = actions.link_button(w("checkout.to_shop"), to=f"/{w.locale}/shop")
    # What was taken out last may be gone by the time it is put back.
    return layout.stack(
        feedback.form_error(S.errors["form"]), layout.empty_state("basket", w("checkout.basket.empty"), to_shop)
    )


def _full(w: Words) -> rx.Component:
    return rx.el.div(
        layout.stack(
            feedback.form_error(S.errors["quantity"]),
            rx.foreach(S.basket.groups, lambda group: _group(w, group)),
        ),
        rx.el.div(_bar(w), class_name="checkout-sum"),
        class_name="checkout-columns",
    )


def _bar(w: Words) -> rx.Component:
    said = rx.el.div(
        rx.el.span(S.basket.count, class_name="muted"),
        rx.el.span(S.basket.total, class_name="num total-sum"),
        class_name="total-said",
    )
    return rx.el.div(
        feedback.form_error(S.errors["form"]),
        rx.el.div(said, role="status"),
        actions.button(
            w("checkout.go_on"), on_click=S.order.throttle(GUARD_MS).temporal, disabled=~S.basket.can_be_ordered
        ),
        rx.el.p(
            rx.cond(S.basket.can_be_ordered, w("checkout.basket.note"), w("checkout.basket.blocked")),
            class_name="muted small total-note",
        ),
        class_name="total-bar",
    )


def _undo(w: Words) -> rx.Component:
    """What was taken out last; the place stands there before the words, so that they are read out."""
    said = rx.el.div(
        rx.el.span(w("checkout.removed"), " ", rx.el.strong(S.gone)),
        actions.button(w("checkout.put_back"), kind="secondary", wide=False, on_click=S.put_back),
        class_name="undo-line",
    )
    return rx.el.div(rx.cond(S.gone, said), role="status", class_name="found")


def _group(w: Words, group: Any) -> rx.Component:
    head = rx.el.div(
        rx.el.h2(ReactRouterLink.create(group.name, to=f"/{w.locale}/shop/m/" + group.slug, class_name="goods-link")),
        rx.el.p(icon("truck", 20), rx.el.span(group.delivery), class_name="muted small seller-delivery"),
        class_name="basket-seller",
    )
    problem = rx.cond(group.problem, _problem(group.problem))
    rows = goods_lines.lines(rx.foreach(group.lines, lambda line: _line(w, line)))
    heard = rx.el.span(": ", group.name, class_name="vh")
    alone = actions.button(
        w("checkout.order_of"), heard, kind="secondary", on_click=S.order_of(group.slug).throttle(GUARD_MS).temporal
    )
    return layout.card(head, problem, rows, rx.cond(group.can_be_ordered, alone), key=group.slug)


def _problem(said: Any) -> rx.Component:
    return rx.el.p(rx.el.span(icon("alert", 18), rx.el.span(said)), class_name="error")


def _apart(w: Words, line: Any) -> rx.Component:
    """The way to the checkout with this line alone."""
    heard = rx.el.span(": ", line.name, class_name="vh")
    button = actions.button(
        w("checkout.order_line"),
        heard,
        kind="quiet",
        wide=False,
        on_click=S.order_line(line.offer).throttle(GUARD_MS).temporal,
    )
    return rx.el.div(button, class_name="goods-do")


def _line(w: Words, line: Any) -> rx.Component:
    return goods_lines.line(
        goods_lines.thumb(line.picture),
        rx.el.div(
            goods_lines.named(w, line.name, line.slug),
            rx.cond(line.was, rx.el.span(w("checkout.price_changed"), class_name="small warn")),
            rx.cond(line.problem, _problem(line.problem)),
            class_name="goods-said",
        ),
        rx.el.div(
            goods_lines.was(w, line.was, line.total),
            rx.cond(line.price, rx.el.span(line.price, class_name="muted small num")),
            class_name="goods-sums",
        ),
        _stepper(w, line),
        rx.cond(line.is_apart, _apart(w, line)),
        key=line.offer,
    )


def _stepper(w: Words, line: Any) -> rx.Component:
    def step(name: str, label: str, on_click: Any, **props: Any) -> rx.Component:
        heard = rx.el.span(w(label), " ", line.name, class_name="vh")
        return rx.el.button(icon(name, 20), heard, type="button", class_name="step", on_click=on_click, **props)

    count = rx.el.span(line.quantity, class_name="num step-count", role="status")
    return rx.el.div(
        rx.el.div(
            step("minus", "checkout.fewer", S.fewer(line.offer)),
            count,
            step("plus", "checkout.more", S.more(line.offer), disabled=~line.can_more),
            class_name="stepper",
        ),
        step("trash", "checkout.remove", S.remove(line.offer)),
        class_name="goods-do",
    )
