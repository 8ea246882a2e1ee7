"""The page of RED: for those who think of joining, for whom it declined, and for members."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.loan_state import loan_state
from kaspi_web.ui.plan_tiles import plan_list
from kaspi_web.ui.red import joining
from kaspi_web.ui.red.shown import Bill
from kaspi_web.ui.red.state import RedState as S
from kaspi_web.ui.repaying_part import automatic, payments_made, repay


def page(w: Words) -> rx.Component:
    """What the visitor's step asks for."""
    return rx.match(
        S.step,
        ("", layout.stack(layout.page_title(w("plans.red.title")), layout.skeleton(w, "card", count=2))),
        ("guest", joining.guest(w)),
        ("declined", joining.declined(w)),
        ("shut", joining.shut(w)),
        _member(w),
    )


def _member(w: Words) -> rx.Component:
    return layout.stack(
        layout.page_title(w("plans.red.title")),
        rx.el.div(
            rx.cond(S.is_new, feedback.notice("ok", rx.el.p(rx.el.strong(S.club.approved)), rx.el.p(S.club.why))),
            role="status",
            class_name="repay-said",
        ),
        rx.el.div(
            layout.stack(_late(), _limit(w), _next(w), repay(w), automatic(w)),
            layout.stack(_bills(w), _purchases(w), payments_made(w), _rules(w), gap="l"),
            class_name="plan-columns",
        ),
        gap="m",
        class_name="plans-page",
    )


def _late() -> rx.Component:
    said = feedback.notice("todo", rx.foreach(S.club.late, lambda each: rx.el.p(each)))
    return rx.cond(S.club.late.length() > 0, said)


def _limit(w: Words) -> rx.Component:
    """What is free, and the limit as a bar; the words below say what the bar shows."""
    bar = rx.el.div(
        rx.el.span(class_name="limit-used", style={"width": S.club.used_part.to_string() + "%"}),
        rx.el.span(class_name="limit-kept", style={"width": S.club.kept_part.to_string() + "%"}),
        class_name="limit-bar",
        aria_hidden="true",
    )
    parts = (("used", S.club.used), ("kept", S.club.kept), ("free", S.club.free))
    names = {"used": w("plans.red.used"), "kept": w("plans.red.reserved"), "free": w("plans.red.free_part")}
    legend = rx.el.dl(
        *(
            rx.el.div(
                rx.el.dt(rx.el.span(class_name=f"limit-dot limit-{name}", aria_hidden="true"), names[name]),
                rx.el.dd(sum, class_name="num"),
            )
            for name, sum in parts
        ),
        class_name="limit-parts",
    )
    return rx.el.section(
        rx.el.h2(w("plans.red.free_now"), id="limit-title", class_name="balance-label"),
        rx.el.p(S.club.free, class_name="balance-sum"),
        rx.el.p(w("plans.red.limit"), " ", rx.el.span(S.club.limit, class_name="num"), class_name="muted small"),
        bar,
        legend,
        aria_labelledby="limit-title",
        class_name="card balance limit",
    )


def _next(w: Words) -> rx.Component:
    shown = layout.card(
        rx.el.h2(w("plans.red.next"), class_name="balance-label"),
        rx.el.p(S.club.next_sum, class_name="next-sum num"),
        rx.el.p(S.club.next_day, class_name="muted"),
        class_name="next-bill",
    )
    none = rx.cond(S.club.late.length() == 0, rx.el.p(S.club.nothing, class_name="muted"))
    return rx.cond(S.club.next_sum, shown, none)


def _bills(w: Words) -> rx.Component:
    rows = layout.card(rx.el.ul(rx.foreach(S.club.bills, _bill), class_name="bills"))
    return rx.cond(S.club.bills.length() > 0, layout.section(w("plans.red.bills"), rows, id="bills"))


def _bill(bill: Bill) -> rx.Component:
    return rx.el.li(
        loan_state(bill.state),
        rx.el.span(bill.day, class_name="bill-day"),
        rx.el.span(bill.sum, class_name="bill-sum num"),
        rx.el.span(bill.note, class_name="bill-note"),
        key=bill.day,
        data_state=bill.state,
    )


def _purchases(w: Words) -> rx.Component:
    none = layout.empty_state(
        "shop", w("plans.red.no_orders"), actions.link_button(w("plans.to_shop"), to=f"/{w.locale}/shop", wide=False)
    )
    shown = rx.cond(S.club.plans.length() > 0, plan_list(w, S.club.plans), none)
    return layout.section(
        w("plans.red.orders"), shown, id="purchases", action=actions.link(w("plans.title"), to=f"/{w.locale}/plans")
    )


def _rules(w: Words) -> rx.Component:
    """The same rules as before joining, folded away."""
    return rx.el.details(
        rx.el.summary(w("plans.red.rules"), icon("chevron-down", 20), class_name="link"),
        layout.stack(rx.el.p(S.club.why, class_name="muted"), joining.rules()),
        class_name="more-filters",
    )
