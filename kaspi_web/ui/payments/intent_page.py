"""The page of one payment: the bill, the sum, the window that confirms, the code, the outcome."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.codes import code_form
from kaspi_web.ui.components import actions, choices, dialog, feedback, fields, layout, status
from kaspi_web.ui.payments.intent import IntentState as S
from kaspi_web.ui.sim.peek import peek

GUARD_MS = 700
"""A second tap within this is the same tap; longer would swallow an honest one after a mended field."""


def page(w: Words) -> rx.Component:
    """What the intent's step asks for."""
    return rx.match(
        S.step,
        ("", layout.skeleton(w, "row", count=4)),
        ("missing", _over(w, "missing")),
        ("expired", _over(w, "expired")),
        ("result", _result(w)),
        _paying(w),
    )


def _over(w: Words, why: str) -> rx.Component:
    return layout.stack(
        layout.page_title(w(f"payments.{why}.title")),
        rx.el.p(w(f"payments.{why}.text")),
        actions.link_button(w("payments.again"), to=f"/{w.locale}/payments"),
    )


def _paying(w: Words) -> rx.Component:
    return layout.stack(
        layout.back_link(w("payments.title"), S.bill.back),
        layout.page_title(S.bill.payee),
        layout.card(
            layout.summary_list(
                *[
                    (w("payments.account"), S.bill.account),
                    (w("payments.owner"), S.bill.owner),
                    (w("payments.address"), S.bill.address),
                    (S.bill.debt_label, S.bill.debt),
                ]
            ),
            rx.cond(S.bill.debt_note, rx.el.p(S.bill.debt_note, class_name="muted small")),
        ),
        _amount(w),
        _window(w),
    )


def _amount(w: Words) -> rx.Component:
    return actions.event_form(
        S.propose,
        rx.cond(S.step == "amount", feedback.form_error(S.errors["form"])),
        fields.amount_field(
            w("payments.amount"),
            hint=w("payments.amount_hint"),
            error=rx.cond(S.step == "amount", S.errors["amount"], ""),
            default_value=S.bill.amount,
        ),
        choices.source_picker(
            w("payments.source"),
            choices.source_option("wallet", w("source.wallet"), S.bill.wallet, checked=True),
            choices.source_option("bonus", w("source.bonus"), reason=w("source.later"), disabled=True),
            choices.source_option("card", w("source.card"), reason=w("source.later"), disabled=True),
            error=S.errors["source"],
        ),
        rx.el.p(S.bill.terms, " ", w("payments.code_note"), class_name="muted small"),
        actions.button(w("payments.pay"), type="submit"),
    )


def _window(w: Words) -> rx.Component:
    return dialog.sheet(
        w,
        rx.cond(S.step == "code", w("payments.code.title"), w("payments.review.title")),
        rx.cond(S.step == "code", _code(w), _review(w)),
        opened=(S.step == "review") | (S.step == "code"),
        on_open_change=S.change,
    )


def _review(w: Words) -> rx.Component:
    return layout.stack(
        feedback.form_error(S.errors["form"]),
        layout.summary_list(
            *[
                (w("payments.review.payee"), S.bill.payee),
                (w("payments.review.account"), S.bill.account),
                (w("payments.review.amount"), S.review.amount),
                (w("payments.review.fee"), S.review.fee),
                (w("payments.review.source"), w("source.wallet")),
                (w("payments.review.bonus"), S.review.bonus),
            ]
        ),
        rx.el.p(w("payments.review.not_yet"), class_name="muted small"),
        actions.button(
            rx.el.span(w("payments.review.pay", amount=S.review.amount), class_name="figures"),
            on_click=S.pay.throttle(GUARD_MS).temporal,
            money=True,
        ),
        actions.button(w("payments.review.change"), kind="secondary", on_click=S.change),
    )


def _code(w: Words) -> rx.Component:
    return layout.stack(
        rx.el.p(w("payments.code.lead"), class_name="muted"),
        code_form(w, state=S, submit=S.confirm.throttle(GUARD_MS).temporal, resend=S.resend, money=True),
        actions.button(w("payments.review.change"), kind="quiet", on_click=S.change),
        peek(w),
    )


def _result(w: Words) -> rx.Component:
    return layout.stack(
        feedback.form_error(S.errors["form"]),
        status.result(w, S.result.state, S.result.title, rx.el.p(S.result.text), amount=S.result.amount),
        rx.cond(
            S.result.state == "done", layout.card(layout.summary_list((w("payments.result.bonus"), S.result.bonus)))
        ),
        actions.link_button(w("payments.result.receipt"), to=S.result.receipt),
        actions.link_button(w("home.title"), to=f"/{w.locale}/home", kind="secondary"),
    )
