"""The page of one payment: the bill, the sum, the window that confirms, the codes, the outcome."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.codes import code_form
from kaspi_web.ui.components import actions, choices, dialog, feedback, fields, layout, status
from kaspi_web.ui.payments import lines_page
from kaspi_web.ui.payments.intent import IntentState as S
from kaspi_web.ui.sim.peek import peek
from kaspi_web.ui.sources import Option
from kaspi_web.ui.star import star

GUARD_MS = 700
"""A second tap within this is the same tap; longer would swallow an honest one after a mended field."""


def page(w: Words) -> rx.Component:
    """What the intent's step asks for."""
    return rx.match(
        S.step,
        ("", layout.loading(w)),
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
            layout.facts(
                rx.cond(S.bill.account, layout.fact(S.bill.account_label, S.bill.account)),
                rx.cond(S.bill.owner, layout.fact(w("payments.owner"), S.bill.owner)),
                rx.cond(S.bill.address, layout.fact(w("payments.address"), S.bill.address)),
                rx.cond(S.bill.debt, layout.fact(S.bill.debt_label, S.bill.debt)),
            ),
            rx.cond(S.bill.debt_note, rx.el.p(S.bill.debt_note, class_name="muted small")),
        ),
        _form(w),
        _window(w),
    )


def _form(w: Words) -> rx.Component:
    return actions.event_form(
        S.propose,
        rx.cond(S.step == "amount", feedback.form_error(S.errors["form"])),
        lines_page.lines(w),
        rx.cond(S.tariffs.length() > 0, lines_page.menu(w, S.tariffs, error=S.errors["lines"])),
        rx.cond(S.bill.asks_amount, _amount(w)),
        choices.source_picker(w("payments.source"), rx.foreach(S.sources, _option), error=S.errors["source"]),
        rx.cond(
            S.bill.bonuses, fields.bonus_field(w, S.bill.bonuses, error=S.errors["bonus"], default_value=S.bill.bonus)
        ),
        actions.link(w("payments.add_card"), to=f"/{w.locale}/cards"),
        rx.el.p(S.bill.terms, " ", w("payments.code_note"), class_name="muted small"),
        actions.button(w("payments.pay"), type="submit"),
    )


def _amount(w: Words) -> rx.Component:
    return fields.amount_field(
        w("payments.amount"),
        hint=w("payments.amount_hint"),
        error=rx.cond(S.step == "amount", S.errors["amount"], ""),
        default_value=S.bill.amount,
    )


def _option(option: Option) -> rx.Component:
    card = choices.source_option(
        option.value,
        option.title,
        option.balance,
        reason=option.reason,
        disabled=option.disabled,
        checked=option.checked,
    )
    return rx.el.div(card, key=option.value)


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
        layout.facts(
            layout.fact(w("payments.review.payee"), S.bill.payee),
            rx.cond(S.bill.account, layout.fact(S.bill.account_label, S.bill.account)),
            rx.cond(
                S.review.lines.length() > 0,
                layout.fact(w("payments.review.lines"), rx.foreach(S.review.lines, lambda name: rx.el.div(name))),
            ),
            layout.fact(w("payments.review.amount"), S.review.amount),
            layout.fact(w("payments.review.fee"), S.review.fee),
            rx.cond(S.review.spent, layout.fact(w("source.bonus"), S.review.spent)),
            layout.fact(w("payments.review.source"), S.review.source),
            layout.fact(w("payments.review.bonus"), S.review.bonus),
        ),
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
        rx.cond(S.result.challenge, _challenge(w)),
        rx.cond(
            S.result.state == "done", layout.card(layout.summary_list((w("payments.result.bonus"), S.result.bonus)))
        ),
        actions.link_button(w("payments.result.receipt"), to=S.result.receipt),
        rx.cond(S.result.state == "done", star(w, S.result.receipt)),
        rx.cond(S.result.state == "refused", actions.link_button(w("payments.again"), to=S.result.again)),
        actions.link_button(w("home.title"), to=f"/{w.locale}/home", kind="secondary"),
    )


def _challenge(w: Words) -> rx.Component:
    """The code that the card's own bank asks for: 3-D Secure."""
    return layout.card(
        layout.stack(
            rx.el.p(w("payments.challenge.lead"), " ", rx.el.span(S.result.card, class_name="num"), class_name="muted"),
            actions.event_form(
                S.prove.throttle(GUARD_MS).temporal,
                fields.code_field(w("code.label"), error=S.errors["code"], auto_focus=True),
                actions.button(w("code.submit"), type="submit", money=True),
            ),
            peek(w),
        )
    )
