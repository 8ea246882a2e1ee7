"""The page of one plan: what is left, paying, the schedule, the terms."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, layout
from kaspi_web.ui.components.loan_state import loan_state
from kaspi_web.ui.plans.shown import Row
from kaspi_web.ui.plans.state import PlanState as S
from kaspi_web.ui.repaying_part import automatic, payments_made, repay
from kaspi_web.ui.repayments import Fact


def page(w: Words) -> rx.Component:
    """A plan for its owner, and the same words for everybody else's as for none."""
    return layout.stack(
        layout.back_link(w("plans.title"), f"/{w.locale}/plans"),
        rx.cond(
            S.ready,
            rx.cond(S.missing, _missing(w), _plan(w)),
            layout.stack(layout.page_title(w("plans.plan")), layout.skeleton(w, "card", count=2)),
        ),
        class_name="plans-page",
    )


def _missing(w: Words) -> rx.Component:
    return layout.stack(layout.page_title(w("plans.missing.title")), rx.el.p(w("plans.missing.text")))


def _plan(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(S.plan.title, lead=rx.cond(S.plan.title != S.plan.kind, S.plan.kind, "")),
        rx.cond(S.plan.late, feedback.notice("todo", rx.el.p(S.plan.late))),
        rx.el.div(
            layout.stack(
                _left(w),
                rx.cond(S.plan.contract, actions.link_button(w("plans.to_contract"), to=S.plan.contract)),
                rx.cond(S.plan.is_red & S.plan.is_active, _together(w)),
                repay(w),
                automatic(w),
            ),
            layout.stack(_schedule(w), _terms(w), rx.cond(S.plan.is_red, rx.fragment(), payments_made(w)), gap="l"),
            class_name="plan-columns",
        ),
    )


def _left(w: Words) -> rx.Component:
    bar = rx.el.div(
        rx.el.span(class_name="limit-paid", style={"width": S.plan.paid_part.to_string() + "%"}),
        class_name="limit-bar",
        aria_hidden="true",
    )
    return rx.el.section(
        rx.el.h2(w("plans.balance"), id="left-title", class_name="balance-label"),
        rx.el.p(S.plan.left, class_name="balance-sum"),
        bar,
        rx.el.p(S.plan.paid_of, class_name="muted small figures"),
        rx.cond(S.plan.stands, rx.el.p(S.plan.stands, class_name="figures")),
        aria_labelledby="left-title",
        class_name="card balance limit",
    )


def _together(w: Words) -> rx.Component:
    return feedback.notice(
        "info", rx.el.p(w("plans.together")), actions.link(w("plans.to_bill"), to=f"/{w.locale}/red")
    )


def _schedule(w: Words) -> rx.Component:
    heads = [
        rx.el.th(w("plans.row.number"), scope="col"),
        rx.el.th(w("plans.row.day"), scope="col"),
        rx.el.th(w("plans.row.sum"), scope="col"),
        rx.cond(S.plan.has_interest, rx.el.th(w("plans.row.principal"), scope="col")),
        rx.cond(S.plan.has_interest, rx.el.th(w("plans.row.interest"), scope="col")),
        rx.el.th(w("plans.row.state"), scope="col"),
    ]
    table = rx.el.table(
        rx.el.thead(rx.el.tr(*heads)),
        rx.el.tbody(rx.foreach(S.plan.rows, lambda row: _row(w, row))),
        aria_labelledby="schedule-title",
        class_name="schedule",
    )
    return layout.section(
        w("plans.schedule"),
        rx.cond(S.plan.is_expected, rx.el.p(w("plans.schedule.expected"), class_name="muted small")),
        layout.card(table),
        id="schedule",
    )


def _row(w: Words, row: Row) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.number, class_name="schedule-number num"),
        rx.el.th(row.day, scope="row", class_name="schedule-day"),
        rx.el.td(row.sum, class_name="schedule-sum num"),
        rx.cond(S.plan.has_interest, _part(w("plans.row.principal"), row.principal)),
        rx.cond(S.plan.has_interest, _part(w("plans.row.interest"), row.interest)),
        rx.el.td(loan_state(row.state), rx.el.span(row.note), class_name="schedule-state"),
        key=row.number,
        data_state=row.state,
    )


def _part(name: str, sum: rx.Var) -> rx.Component:
    """A part of the payment; on phones, where the table has no head, with its name."""
    return rx.el.td(
        rx.el.span(name, class_name="schedule-name", aria_hidden="true"), sum, class_name="schedule-part num"
    )


def _terms(w: Words) -> rx.Component:
    order = layout.fact(w("plans.terms.order"), actions.link(S.plan.order_words, to=S.plan.order))
    return layout.section(
        w("plans.terms"),
        layout.card(layout.facts(rx.cond(S.plan.order, order), rx.foreach(S.plan.facts, _fact))),
        id="terms",
    )


def _fact(fact: Fact) -> rx.Component:
    return layout.fact(fact.name, fact.value)
