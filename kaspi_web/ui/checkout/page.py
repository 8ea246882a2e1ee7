"""The page of a checkout: how the goods come, what is paid with, the total that stays in sight, the code."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.checkout import delivery_part, payment_part
from kaspi_web.ui.checkout.state import CheckoutState as S
from kaspi_web.ui.codes import code_form
from kaspi_web.ui.components import actions, dialog, feedback, layout
from kaspi_web.ui.sim.peek import peek

GUARD_MS = 700
"""A second tap within this is the same tap; longer would swallow an honest one after a mended field."""
_FIELDS = (
    "fetching",
    ("point", "fetching"),
    "city",
    "address",
    "source",
    "bonus",
    ("form", "total"),
)


def page(w: Words) -> rx.Component:
    """What the checkout's step asks for."""
    return rx.match(
        S.step,
        ("", layout.stack(layout.page_title(w("checkout.title")), layout.skeleton(w, "row", count=5))),
        ("missing", _over(w, "missing")),
        ("expired", _over(w, "expired")),
        ("bought", _bought(w)),
        _choosing(w),
    )


def _over(w: Words, why: str) -> rx.Component:
    return layout.stack(
        layout.page_title(w(f"checkout.{why}.title")),
        rx.el.p(w(f"checkout.{why}.text")),
        actions.link_button(w("checkout.to_basket"), to=f"/{w.locale}/basket"),
    )


def _bought(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("checkout.bought.title")),
        rx.el.p(w("checkout.bought.text")),
        actions.link_button(w("checkout.bought.open"), to=S.purchase),
    )


def _choosing(w: Words) -> rx.Component:
    return rx.el.div(
        layout.back_link(w("checkout.basket.title"), f"/{w.locale}/basket"),
        layout.page_title(w("checkout.title")),
        rx.cond(S.step == "choose", feedback.error_summary(w, S.errors, *_FIELDS)),
        _changes(w),
        actions.event_form(
            S.order.throttle(GUARD_MS).temporal,
            rx.el.div(delivery_part.delivery(w), payment_part.payment(w), class_name="stack stack-l"),
            rx.el.div(_total(w), _bar(w), class_name="checkout-sum"),
        ),
        _window(w),
        class_name="stack checkout",
    )


def _changes(w: Words) -> rx.Component:
    """Prices that are others than the buyer has seen: nothing was ordered, the button has the new sum."""
    row = rx.foreach(
        S.changes,
        lambda each: rx.el.li(
            each.name,
            ": ",
            rx.el.span(rx.el.s(each.before), " → ", rx.el.strong(each.now), class_name="num"),
            key=each.name,
        ),
    )
    prices = feedback.notice(
        "warn", rx.el.p(w("checkout.prices_changed")), rx.el.ul(row, class_name="changes"), rx.el.p(w("checkout.check"))
    )
    sum_only = feedback.notice("warn", rx.el.p(S.notice))
    return rx.el.div(
        rx.cond(S.changes.length() > 0, prices, rx.cond(S.notice, sum_only)), role="alert", class_name="found"
    )


def _total(w: Words) -> rx.Component:
    return layout.section(
        w("checkout.total"),
        layout.card(
            layout.facts(
                layout.fact(w("checkout.total.goods"), S.total.goods),
                layout.fact(w("checkout.total.delivery"), S.total.delivery),
                layout.fact(w("checkout.total.fee"), w("checkout.total.no_fee")),
                rx.cond(S.total.spent, layout.fact(w("checkout.total.bonus_spent"), S.total.spent)),
                rx.cond(S.total.money, layout.fact(w("checkout.total.money"), S.total.money)),
                rx.cond(S.total.bonus, layout.fact(w("checkout.total.bonus"), S.total.bonus)),
            ),
            rx.el.p(w("checkout.total.bonus_note"), class_name="muted small"),
        ),
        id="total",
    )


def _bar(w: Words) -> rx.Component:
    """The sum and the one button; what stands in its way is said above it."""
    return rx.el.div(
        feedback.form_error(rx.cond(S.step == "choose", S.errors["form"], "")),
        rx.cond(
            S.can_be_ordered,
            rx.el.div(
                # Beside the words that it repeats, so that a tap buys for the sum that was read.
                rx.el.input(type="hidden", name="sum", value=S.total.sum),
                actions.button(
                    rx.el.span(w("checkout.order", amount=S.total.amount), class_name="figures"),
                    type="submit",
                    money=True,
                ),
                rx.el.p(w("checkout.order_note"), class_name="muted small total-note"),
                class_name="stack stack-s",
            ),
            layout.stack(
                rx.el.p(w("checkout.cannot"), class_name="small"),
                actions.link_button(w("checkout.to_basket"), to=f"/{w.locale}/basket"),
                gap="s",
            ),
        ),
        class_name="total-bar",
    )


def _window(w: Words) -> rx.Component:
    """The code from an SMS, over the same page."""
    code = layout.stack(
        layout.facts(layout.fact(w("checkout.total.amount"), S.total.amount)),
        rx.el.p(w("checkout.code.lead"), class_name="muted"),
        code_form(w, state=S, submit=S.confirm.throttle(GUARD_MS).temporal, resend=S.resend, money=True),
        actions.button(w("checkout.code.change"), kind="quiet", on_click=S.change),
        peek(w),
    )
    return dialog.sheet(w, w("checkout.code.title"), code, opened=S.step == "code", on_open_change=S.change)
