"""The part of a page that pays a plan back: ways to pay, the window, the switch of automatic payment, what was paid."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, choices, dialog, feedback, fields, layout, status
from kaspi_web.ui.repaying import RepayState as S
from kaspi_web.ui.repayments import Day, Fact, Made, Way

GUARD_MS = 700
"""A second tap within this is the same tap."""


def repay(w: Words) -> rx.Component:
    """What may be paid now, and word of what was paid just now."""
    said = feedback.notice(
        "ok", rx.el.p(S.paid.text), actions.link(w("payments.result.receipt"), to=S.paid.href), role=""
    )
    whole = layout.section(
        w("plans.repay.title"),
        rx.cond(S.offer.ways.length() > 0, layout.card(_form(w))),
        _window(w),
        id="repay",
    )
    return rx.fragment(
        rx.el.div(rx.cond(S.paid.text, said), role="status", class_name="repay-said"),
        rx.cond(S.offer.ways.length() > 0, whole),
    )


def _form(w: Words) -> rx.Component:
    return actions.event_form(
        S.propose,
        choices.source_picker(w("plans.repay.what"), rx.foreach(S.offer.ways, _way), name="way", error=S.errors["way"]),
        rx.el.div(
            fields.amount_field(w("plans.repay.amount"), hint=S.offer.most, error=S.errors["amount"]),
            class_name="repay-sum",
        ),
        rx.el.p(S.offer.wallet, class_name="muted small figures"),
        _trouble(w),
        actions.button(w("common.continue"), type="submit"),
        id="repay-form",
    )


def _way(way: Way) -> rx.Component:
    card = choices.source_option(way.value, way.title, way.sum, name="way", reason=way.note, checked=way.checked)
    return rx.el.div(card, key=way.value + way.sum)


def _trouble(w: Words) -> rx.Component:
    """What stands in the way of the whole form; where money is missing, the way to get some."""
    short = feedback.notice("todo", rx.el.p(S.errors["short"]), actions.link(w("home.topup"), to=f"/{w.locale}/topup"))
    other = feedback.notice("todo", rx.el.p(S.errors["form"]))
    return rx.el.div(rx.cond(S.errors["short"], short), rx.cond(S.errors["form"], other), role="alert")


def _window(w: Words) -> rx.Component:
    return dialog.sheet(w, w("payments.review.title"), _review(w), opened=S.step == "review", on_open_change=S.change)


def _review(w: Words) -> rx.Component:
    changes = layout.stack(
        rx.el.h3(w("plans.review.coming"), id="coming-title"),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    *(
                        rx.el.th(w(each), scope="col")
                        for each in ("plans.row.day", "plans.review.before", "plans.review.after")
                    )
                )
            ),
            rx.el.tbody(rx.foreach(S.review.days, _day)),
            aria_labelledby="coming-title",
            class_name="coming",
        ),
        gap="s",
    )
    return layout.stack(
        rx.el.p(S.review.amount, class_name="result-sum"),
        layout.facts(rx.foreach(S.review.facts, _fact)),
        rx.cond(S.review.days.length() > 0, changes),
        rx.el.p(w("payments.review.not_yet"), class_name="muted small"),
        dialog.foot(
            actions.button(
                rx.el.span(w("payments.review.pay", amount=S.review.amount), class_name="figures"),
                on_click=S.pay.throttle(GUARD_MS).temporal,
                money=True,
            ),
            actions.button(w("payments.review.change"), kind="secondary", on_click=S.change),
        ),
    )


def _fact(fact: Fact) -> rx.Component:
    return layout.fact(fact.name, fact.value)


def _day(day: Day) -> rx.Component:
    return rx.el.tr(
        rx.el.th(day.day, scope="row"),
        rx.el.td(day.before, class_name="num"),
        rx.el.td(day.after, class_name=rx.cond(day.is_other, "num is-other", "num")),
        key=day.day,
    )


def automatic(w: Words) -> rx.Component:
    """The switch of automatic payment, with what it does."""
    is_on = S.offer.is_automatic
    switch = rx.el.button(
        rx.el.span(
            rx.el.span(w("plans.auto.title"), id="auto-title", class_name="switch-title"),
            rx.el.span(w("plans.auto.text"), id="auto-text", class_name="tile-note"),
        ),
        rx.el.span(
            rx.el.span(rx.cond(is_on, w("plans.auto.on"), w("plans.auto.off")), class_name="switch-word"),
            rx.el.span(class_name="switch-track", aria_hidden="true"),
            class_name="switch-state",
            aria_hidden="true",
        ),
        type="button",
        role="switch",
        aria_checked=rx.cond(is_on, "true", "false"),
        aria_labelledby="auto-title",
        aria_describedby="auto-text",
        class_name="switch card",
        on_click=S.set_automatic(~is_on).throttle(GUARD_MS).temporal,
    )
    return rx.cond(S.offer.can_switch, switch)


def payments_made(w: Words) -> rx.Component:
    """What was paid, newest first, each with its receipt."""
    rows = layout.card(rx.el.ul(rx.foreach(S.offer.made, lambda each: _made(w, each)), class_name="operations"))
    return layout.section(
        w("plans.history"),
        rx.cond(S.offer.made.length() > 0, rows, rx.el.p(w("plans.history.none"), class_name="muted")),
        id="made",
    )


def _made(w: Words, made: Made) -> rx.Component:
    body = ReactRouterLink.create(
        status.status_disc("done"),
        rx.el.span(
            rx.el.span(made.title, class_name="operation-title"),
            rx.el.span(made.sum, class_name="operation-sum num"),
            rx.el.span(rx.el.span(w("status.done"), ". ", class_name="vh"), made.time, class_name="operation-detail"),
            class_name="operation-body",
        ),
        to=made.href,
        class_name="operation",
    )
    return rx.el.li(body, key=made.href)
