"""The page of a contract: the facts, the yearly effective rate in a frame, schedule, late rule and signature."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.codes import code_form
from kaspi_web.ui.components import actions, dialog, feedback, layout
from kaspi_web.ui.orders.contract import ContractState as S
from kaspi_web.ui.sim.peek import peek

GUARD_MS = 700


def page(w: Words) -> rx.Component:
    """What the contract's step asks for."""
    return rx.match(
        S.step, ("", layout.loading(w, count=5)), ("missing", _missing(w)), ("over", _over(w)), _contract(w)
    )


def _missing(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("contract.missing")),
        rx.el.p(w("orders.missing.text")),
        actions.link_button(w("orders.title"), to=f"/{w.locale}/orders"),
    )


def _over(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("contract.over.title")),
        rx.el.p(w("contract.over.text")),
        actions.link_button(w("contract.to_purchase"), to=S.purchase),
    )


def _contract(w: Words) -> rx.Component:
    return layout.stack(
        layout.back_link(w("contract.to_purchase"), S.purchase),
        layout.page_title(w("contract.title")),
        rx.el.div(
            rx.cond(S.step == "signed", feedback.notice("ok", rx.el.p(w("contract.signed")))),
            role="status",
            class_name="found",
        ),
        rx.el.div(
            rx.el.p(w("contract.gesv"), class_name="gesv-name"),
            rx.el.p(S.sheet.gesv, class_name="gesv-figure num"),
            class_name="gesv",
        ),
        layout.card(
            layout.facts(
                layout.fact(w("contract.amount"), S.sheet.amount),
                layout.fact(w("contract.months"), S.sheet.months),
                layout.fact(w("contract.payment"), S.sheet.payment),
                layout.fact(w("contract.overpay"), S.sheet.overpay),
                layout.fact(w("contract.total"), S.sheet.total),
                layout.fact(w("contract.borrower"), S.sheet.borrower),
            )
        ),
        rx.foreach(S.sheet.plans, lambda plan: _schedule(w, plan)),
        layout.section(w("contract.rules"), _rules(w), id="rules"),
        rx.el.p(w("contract.number"), " ", rx.el.span(S.sheet.number, class_name="num"), class_name="muted small"),
        rx.cond(S.step != "signed", _to_sign(w)),
        _window(w),
    )


def _schedule(w: Words, plan: Any) -> rx.Component:
    names = ("number", "day", "payment", "principal", "interest", "left")
    head = rx.el.thead(rx.el.tr(*(rx.el.th(w(f"contract.schedule.{each}"), scope="col") for each in names)))
    body = rx.el.tbody(
        rx.foreach(
            plan.rows,
            lambda row: rx.el.tr(
                rx.el.td(row.number, class_name="schedule-number num"),
                rx.el.th(row.day, scope="row", class_name="schedule-day"),
                rx.el.td(row.payment, class_name="schedule-sum num"),
                *(_part(w, each, row[each]) for each in ("principal", "interest", "left")),
                key=row.number,
            ),
        )
    )
    return layout.card(
        rx.el.h2(plan.title),
        layout.facts(layout.fact(w("contract.amount"), plan.amount), layout.fact(w("contract.rate"), plan.rate)),
        rx.el.div(rx.el.table(head, body, aria_label=w("contract.schedule"), class_name="schedule")),
        class_name="stack stack-s",
        key=plan.key,
    )


def _part(w: Words, name: str, sum: Any) -> rx.Component:
    """A sum of a row beside its name, because the table's head is drawn nowhere."""
    called = rx.el.span(w(f"contract.schedule.{name}"), class_name="schedule-name", aria_hidden="true")
    return rx.el.td(called, sum, class_name="schedule-part num")


def _rules(w: Words) -> rx.Component:
    return rx.el.ul(
        *(rx.el.li(w(f"contract.rule.{each}")) for each in ("begins", "early")),
        rx.el.li(S.sheet.late),
        rx.el.li(w("contract.rule.back")),
        class_name="rules",
    )


def _to_sign(w: Words) -> rx.Component:
    return layout.stack(
        feedback.form_error(rx.cond(S.step == "read", S.errors["form"], "")),
        rx.el.p(w("contract.until"), " ", rx.el.strong(S.sheet.sign_until)),
        actions.button(w("contract.sign"), on_click=S.begin.throttle(GUARD_MS).temporal, money=True),
        actions.button(w("contract.decline"), kind="secondary", on_click=S.ask_decline),
    )


def _window(w: Words) -> rx.Component:
    code = layout.stack(
        layout.facts(
            layout.fact(w("contract.amount"), S.sheet.amount),
            layout.fact(w("contract.total"), S.sheet.total),
            layout.fact(w("contract.gesv_short"), S.sheet.gesv),
        ),
        rx.el.p(w("contract.code.lead"), class_name="muted"),
        code_form(w, state=S, submit=S.sign.throttle(GUARD_MS).temporal, resend=S.resend, money=True),
        actions.button(w("contract.code.back"), kind="quiet", on_click=S.change),
        peek(w),
    )
    decline = layout.stack(
        rx.el.p(w("contract.decline_note")),
        actions.button(
            w("contract.decline"), kind="danger", on_click=S.decline.throttle(GUARD_MS).temporal, money=True
        ),
        actions.button(w("contract.code.back"), kind="secondary", on_click=S.change),
    )
    return dialog.sheet(
        w,
        rx.cond(S.step == "decline", w("contract.decline.title"), w("contract.code.title")),
        rx.cond(S.step == "decline", decline, code),
        opened=(S.step == "code") | (S.step == "decline"),
        on_open_change=S.change,
    )
