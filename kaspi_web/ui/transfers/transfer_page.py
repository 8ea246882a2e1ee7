"""The page of one transfer: recipient, sum and source, the window that confirms, the codes, the outcome."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.codes import code_form
from kaspi_web.ui.components import actions, choices, dialog, feedback, fields, layout, status
from kaspi_web.ui.sim.peek import peek
from kaspi_web.ui.transfers.transfer import TransferState as S

GUARD_MS = 700
"""A second tap within this is the same tap; longer would swallow an honest one after a mended field."""


def page(w: Words) -> rx.Component:
    """What the transfer's step asks for."""
    return rx.match(
        S.step,
        ("", layout.loading(w)),
        ("missing", _over(w, "missing")),
        ("expired", _over(w, "expired")),
        ("bank_code", _bank_code(w)),
        ("result", _result(w)),
        _sending(w),
    )


def _over(w: Words, why: str) -> rx.Component:
    return layout.stack(
        layout.page_title(w(f"transfers.{why}.title")),
        rx.el.p(w(f"transfers.{why}.text")),
        actions.link_button(w("transfers.start_again"), to=f"/{w.locale}/transfers"),
    )


def _sending(w: Words) -> rx.Component:
    return layout.stack(
        layout.back_link(w("transfers.title"), f"/{w.locale}/transfers"),
        layout.page_title(S.draft.who, lead=S.draft.detail),
        rx.cond(S.draft.caution, feedback.notice("warn", rx.el.p(S.draft.caution))),
        _form(w),
        _window(w),
    )


def _form(w: Words) -> rx.Component:
    def here(name: str) -> Any:
        return rx.cond(S.step == "amount", S.errors[name], "")

    return actions.event_form(
        S.propose,
        feedback.form_error(here("form")),
        fields.amount_field(
            w("transfers.amount"),
            hint=rx.cond(S.draft.limit, S.draft.limit + " " + S.draft.limit_once, w("transfers.amount_hint")),
            error=here("amount"),
            default_value=S.draft.amount,
        ),
        choices.source_picker(w("transfers.from"), rx.foreach(S.accounts, _account), error=here("source")),
        rx.cond(
            S.draft.bonuses,
            fields.bonus_field(w, S.draft.bonuses, error=here("bonus"), default_value=S.draft.bonus),
        ),
        rx.cond(
            S.draft.takes_note,
            fields.text_field(
                "note",
                w("transfers.note"),
                hint=w("transfers.note_hint"),
                error=here("note"),
                default_value=S.draft.note,
                max_length=100,
                auto_complete="off",
            ),
        ),
        rx.el.p(w("transfers.terms"), class_name="muted small"),
        actions.button(w("common.continue"), type="submit"),
    )


def _account(each: Any) -> rx.Component:
    return rx.el.div(
        choices.source_option(
            each.value,
            each.title,
            each.balance,
            reason=each.reason,
            disabled=each.disabled,
            checked=each.checked,
        ),
        key=each.value,
    )


def _window(w: Words) -> rx.Component:
    return dialog.sheet(
        w,
        rx.cond(S.step == "code", w("transfers.code.title"), w("transfers.review.title")),
        rx.cond(S.step == "code", _code(w), _review(w)),
        opened=(S.step == "review") | (S.step == "code"),
        on_open_change=S.change,
    )


def _review(w: Words) -> rx.Component:
    return layout.stack(
        feedback.form_error(S.errors["form"]),
        layout.facts(
            *_recipient(w),
            layout.fact(w("transfers.amount"), S.review.amount),
            layout.fact(w("transfers.fee"), S.review.fee),
            rx.cond(S.review.spent, layout.fact(w("source.bonus"), S.review.spent)),
            layout.fact(w("transfers.from"), S.review.source),
            layout.fact(w("transfers.arrives"), S.review.arrives),
        ),
        rx.cond(S.draft.caution, feedback.notice("warn", rx.el.p(S.draft.caution))),
        rx.el.p(w("transfers.not_yet"), class_name="muted small"),
        dialog.foot(
            actions.button(
                rx.el.span(w("transfers.send", amount=S.review.amount), class_name="figures"),
                on_click=S.send.throttle(GUARD_MS).temporal,
                money=True,
            ),
            actions.button(w("transfers.change"), kind="secondary", on_click=S.change),
        ),
    )


def _recipient(w: Words) -> tuple[rx.Component, ...]:
    return (
        layout.fact(w("transfers.to"), S.draft.who),
        rx.cond(S.draft.detail, layout.fact(w("transfers.to_detail"), S.draft.detail)),
    )


def _code(w: Words) -> rx.Component:
    return layout.stack(
        rx.el.p(w("transfers.code.lead"), class_name="muted"),
        code_form(w, state=S, submit=S.confirm.throttle(GUARD_MS).temporal, resend=S.resend, money=True),
        actions.button(w("transfers.change"), kind="quiet", on_click=S.change),
        peek(w),
    )


def _bank_code(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("transfers.bank_code.title"), lead=w("transfers.bank_code.lead")),
        layout.card(layout.summary_list((w("transfers.to"), S.draft.who), (w("transfers.amount"), S.outcome.amount))),
        actions.event_form(
            S.prove.throttle(GUARD_MS).temporal,
            fields.code_field(w("code.label"), error=S.errors["code"], auto_focus=True),
            feedback.form_error(S.errors["form"]),
            actions.button(w("code.submit"), type="submit", money=True),
        ),
        actions.button(w("transfers.cancel"), kind="secondary", on_click=S.undo.throttle(GUARD_MS).temporal),
        peek(w),
    )


def _result(w: Words) -> rx.Component:
    return layout.stack(
        status.result(w, S.outcome.state, S.outcome.title, rx.el.p(S.outcome.text), amount=S.outcome.amount),
        # Outside of what is read out by itself: a countdown that speaks every second would be heard and nothing else.
        rx.cond(
            S.outcome.undo_at > 0,
            rx.el.p(
                w("transfers.undo_left"),
                " ",
                rx.el.strong(class_name="num", data_remaining="true"),
                data_not_before=S.outcome.undo_at,
                class_name="countdown",
            ),
        ),
        layout.card(layout.facts(*_recipient(w))),
        feedback.form_error(S.errors["form"]),
        rx.cond(
            S.outcome.can_undo,
            actions.button(w("transfers.undo"), kind="danger", money=True, on_click=S.undo.throttle(GUARD_MS).temporal),
        ),
        rx.cond(
            S.outcome.can_send_now,
            actions.button(
                w("transfers.send_now"), kind="secondary", money=True, on_click=S.send_now.throttle(GUARD_MS).temporal
            ),
        ),
        rx.cond(S.outcome.asked_back, feedback.notice("info", rx.el.p(S.outcome.asked_back))),
        # While it can be undone, that is what the page is about.
        rx.cond(S.outcome.can_undo, "", actions.link_button(w("payments.result.receipt"), to=S.outcome.receipt)),
        rx.cond(S.outcome.can_ask_back, _asking_back(w)),
        actions.link_button(w("home.title"), to=f"/{w.locale}/home", kind="secondary"),
    )


def _asking_back(w: Words) -> rx.Component:
    return layout.stack(
        actions.button(w("transfers.ask_back"), kind="quiet", on_click=S.ask_back.throttle(GUARD_MS).temporal),
        rx.el.p(w("transfers.ask_back_hint"), class_name="muted small"),
        gap="s",
    )
