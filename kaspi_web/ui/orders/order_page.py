"""The page of an order: where it stands and what to do next, its lines, sums, returns, and everything that happened."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, goods_lines, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.orders import counter_part, windows
from kaspi_web.ui.orders.sign import sign
from kaspi_web.ui.orders.state import OrderState as S
from kaspi_web.ui.orders.story_part import story


def page(w: Words) -> rx.Component:
    """The order that the address names."""
    return rx.cond(S.ready, rx.cond(S.order.id, _order(w), _missing(w)), layout.loading(w, count=5))


def _missing(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("orders.missing.title")),
        rx.el.p(w("orders.missing.text")),
        actions.link_button(w("orders.title"), to=f"/{w.locale}/orders"),
    )


def _order(w: Words) -> rx.Component:
    return rx.el.div(
        layout.back_link(w("orders.title"), f"/{w.locale}/orders"),
        layout.page_title(w("orders.number", code=S.order.code)),
        rx.cond(S.asked == "", feedback.form_error(S.errors["form"])),
        rx.el.div(
            layout.stack(_standing(w), _goods(w), rx.cond(S.returns.length() > 0, _returns(w)), gap="l"),
            layout.stack(counter_part.counter(w), _sums(w), story(w("orders.story"), S.events), gap="l"),
            class_name="checkout-columns",
        ),
        windows.window(w),
        class_name="stack checkout",
    )


def _standing(w: Words) -> rx.Component:
    """Where it stands, and what the buyer does next."""
    return layout.card(
        rx.el.div(
            sign(S.order.disc),
            rx.el.div(
                rx.el.p(S.order.status, class_name="order-stands"),
                rx.cond(S.order.comes, rx.el.p(S.order.comes, class_name="muted")),
                rx.cond(S.order.reason, rx.el.p(S.order.reason, class_name="muted")),
            ),
            class_name="order-standing",
            role="status",
        ),
        rx.cond(S.order.hint, feedback.notice("info", rx.el.p(S.order.hint))),
        rx.cond(S.order.next, actions.link_button(w("orders.next"), to=S.order.next)),
        layout.facts(
            layout.fact(w("orders.seller"), actions.link(S.order.seller, to=f"/{w.locale}/shop/m/" + S.order.slug)),
            layout.fact(rx.cond(S.order.hours, w("orders.point"), w("orders.address")), S.order.place),
            rx.cond(S.order.hours, layout.fact(w("orders.hours"), S.order.hours)),
        ),
        rx.cond(S.order.may_cancel, actions.button(w("orders.cancel"), kind="secondary", on_click=S.ask_cancel)),
        rx.cond(S.order.may_refuse_parcel, actions.button(w("orders.refuse"), kind="secondary", on_click=S.ask_refuse)),
        class_name="stack",
    )


def _goods(w: Words) -> rx.Component:
    rows = goods_lines.lines(rx.foreach(S.lines, lambda line: _line(w, line)))
    return layout.section(w("orders.goods"), layout.card(rows), id="goods")


def _line(w: Words, line: Any) -> rx.Component:
    thumb = rx.cond(line.is_goods, goods_lines.thumb(line.picture), rx.el.span(icon("truck"), class_name="thumb"))

    def deed(text: str, on_click: Any) -> rx.Component:
        heard = rx.el.span(": ", line.name, class_name="vh")
        return actions.button(text, heard, kind="quiet", wide=False, on_click=on_click)

    review = actions.link(w("orders.review"), to=f"/{w.locale}/shop/p/" + line.slug + "#reviews")
    return goods_lines.line(
        thumb,
        rx.el.div(
            rx.cond(
                line.is_goods,
                goods_lines.named(w, line.name, line.slug),
                rx.el.span(w("checkout.delivery_line"), class_name="goods-name"),
            ),
            rx.cond(line.dropped, rx.el.span(line.dropped, class_name="small warn")),
            class_name="goods-said",
        ),
        rx.el.div(
            rx.el.span(line.total, class_name="num goods-price"),
            rx.cond(line.many, rx.el.span(line.many, class_name="muted small num")),
            class_name="goods-sums",
        ),
        rx.cond(
            (line.may_cancel > 0) | (line.may_return > 0) | line.may_review,
            rx.el.div(
                rx.cond(line.may_cancel > 0, deed(w("orders.cancel_line"), S.ask_line(line.number))),
                rx.cond(line.may_return > 0, deed(w("orders.return"), S.ask_return(line.number))),
                rx.cond(line.may_review, review),
                class_name="goods-do",
            ),
        ),
        key=line.number.to_string(),
    )


def _sums(w: Words) -> rx.Component:
    return layout.section(
        w("orders.sums"),
        layout.card(
            layout.facts(
                layout.fact(w("orders.amount"), S.order.amount),
                rx.cond(S.order.money, layout.fact(S.order.source, S.order.money)),
                rx.cond(S.order.bonus, layout.fact(w("checkout.total.bonus_spent"), S.order.bonus)),
                rx.cond(S.order.left, layout.fact(w("orders.left"), S.order.left)),
                rx.cond(S.order.promised, layout.fact(w("orders.promised"), S.order.promised)),
            ),
            rx.el.div(
                rx.cond(S.order.plan, actions.link(w("orders.plan"), to=S.order.plan)),
                rx.cond(S.order.receipt, actions.link(w("payments.result.receipt"), to=S.order.receipt)),
                actions.link(w("orders.purchase"), to=S.order.purchase),
                class_name="order-links",
            ),
        ),
        id="sums",
    )


def _returns(w: Words) -> rx.Component:
    rows = rx.el.ul(rx.foreach(S.returns, lambda each: _return(w, each)), class_name="stack stack-s")
    return layout.section(w("orders.returns"), rows, id="returns")


def _return(w: Words, each: Any) -> rx.Component:
    withdraw = actions.button(
        w("orders.return.withdraw"),
        rx.el.span(": ", each.title, class_name="vh"),
        kind="quiet",
        wide=False,
        on_click=S.withdraw(each.id),
    )
    body = layout.card(
        rx.el.p(each.title, class_name="strong"),
        rx.el.p(each.state),
        rx.el.p(each.said, class_name="muted small"),
        rx.cond(each.refusal, rx.el.p(each.refusal, class_name="small")),
        rx.cond(each.sums, rx.el.p(each.sums, class_name="small")),
        rx.cond(each.bring_to, rx.el.p(each.bring_to, class_name="small")),
        rx.cond(each.may_withdraw, withdraw),
        class_name="stack stack-s",
    )
    return rx.el.li(body, key=each.id)
