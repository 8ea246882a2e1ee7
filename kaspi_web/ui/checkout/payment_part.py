"""What is paid with: money, bonuses, cards and plans beside one another, and what a plan leaves to spend each month."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.checkout.state import CheckoutState as S
from kaspi_web.ui.components import actions, choices, fields, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.sources import Option


def payment(w: Words) -> rx.Component:
    """The block of payment."""
    return layout.section(
        w("checkout.payment"),
        choices.source_picker(
            w("checkout.source"),
            rx.foreach(S.options, _option),
            _plans(w, "red", w("checkout.plans.red")),
            _plans(w, "instalment", w("checkout.plans.instalment")),
            _plans(w, "credit", w("checkout.plans.credit")),
            error=S.errors["source"],
        ),
        rx.cond(S.needs.contains("red"), actions.link(w("checkout.join_red"), to=f"/{w.locale}/red")),
        rx.cond(S.needs.contains("iin"), actions.link(w("checkout.prove_iin"), to=f"/{w.locale}/identity")),
        rx.cond(S.total.have, _bonus(w)),
        rx.cond(S.burden.plan, _burden(w)),
        id="payment",
        action=actions.link(w("payments.add_card"), to=f"/{w.locale}/cards"),
    )


def _option(option: Option) -> rx.Component:
    card = choices.source_option(
        option.value,
        option.title,
        option.balance,
        reason=option.reason,
        disabled=option.disabled,
        checked=option.checked,
        on_change=S.choose_source,
    )
    return rx.el.div(card, key=option.value)


def _plans(w: Words, kind: str, title: str) -> rx.Component:
    """The terms of one kind, so that they can be compared."""
    rows = rx.foreach(S.plans, lambda plan: rx.cond(plan.kind == kind, _plan(plan)))
    return rx.cond(
        S.plans.length() > 0,
        rx.el.div(rx.el.p(title, class_name="plans-title"), rows, class_name="sources plans-of", data_kind=kind),
    )


def _plan(plan: Any) -> rx.Component:
    card = choices.source_option(
        plan.value,
        plan.title,
        plan.payment,
        reason=plan.note,
        disabled=plan.disabled,
        checked=plan.checked,
        on_change=S.choose_source,
    )
    return rx.el.div(card, key=plan.value)


def _bonus(w: Words) -> rx.Component:
    """A part in bonuses beside the source; where all is paid with them, there is no part to name."""
    return rx.el.div(
        fields.bonus_field(
            w, S.total.have, error=S.errors["bonus"], default_value=S.bonus, on_change=S.spend.debounce(500)
        ),
        rx.el.div(fields.quick_sum(w("checkout.bonus.all"), S.total.most, target="bonus"), class_name="chips"),
        class_name="stack stack-s bonus-part",
    )


def _burden(w: Words) -> rx.Component:
    """The months to come: other plans, this one, both; and what is left of the wallet of today after each."""
    names = ("month", "others", "this", "both", "left")
    head = rx.el.thead(rx.el.tr(*(rx.el.th(w(f"checkout.burden.{each}"), scope="col") for each in names)))
    body = rx.el.tbody(
        rx.foreach(
            S.burden.months,
            lambda each: rx.el.tr(
                rx.el.th(each.name, scope="row"),
                _part(w("checkout.burden.others"), each.others),
                _part(w("checkout.burden.this"), each.this),
                rx.el.td(each.total, class_name="num strong"),
                _left(w, each),
                key=each.name,
            ),
        )
    )
    return layout.card(
        rx.el.h3(w("checkout.burden.title")),
        layout.facts(
            layout.fact(w("checkout.burden.wallet"), S.burden.wallet),
            rx.cond(
                S.burden.overpay,
                rx.fragment(
                    layout.fact(w("checkout.burden.overpay"), S.burden.overpay),
                    layout.fact(w("checkout.burden.gesv"), S.burden.gesv),
                ),
                layout.fact(w("checkout.burden.overpay"), w("checkout.burden.none")),
            ),
        ),
        rx.el.table(head, body, aria_label=w("checkout.burden.title"), class_name="plan-table"),
        rx.el.p(w("checkout.burden.left_note"), class_name="muted small"),
        rx.el.p(w("checkout.burden.note"), class_name="muted small"),
        rx.el.p(S.burden.late, class_name="small"),
        class_name="stack stack-s",
        role="status",
    )


def _part(name: str, sum: Any) -> rx.Component:
    """A part of a month's sum; on phones, where the table has no head, with its name."""
    return rx.el.td(rx.el.span(name, class_name="part-name", aria_hidden="true"), rx.el.span(sum, class_name="num"))


def _left(w: Words, month: Any) -> rx.Component:
    """What the wallet of today has left after the month; that it does not reach is said in words too."""
    short = rx.el.span(
        icon("alert", 18),
        rx.el.span(month.left, rx.el.span(" ", w("checkout.burden.short"), class_name="vh")),
        class_name="num warn month-short",
    )
    name = rx.el.span(w("checkout.burden.left"), class_name="part-name", aria_hidden="true")
    return rx.el.td(
        name, rx.cond(month.is_short, short, rx.el.span(month.left, class_name="num")), class_name="month-left"
    )
