"""Plans in lists, on their own page and on that of RED: what was bought, what is left, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.domain.loans.plans import PlanView
from kaspi_web.domain.orders.financed import financed
from kaspi_web.domain.orders.views import OrderCard
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money, short_day
from kaspi_web.kernel.database import Unit
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.product_card import picture


@dataclass
class Tile:
    """A plan in a list."""

    href: str
    title: str
    kind: str
    sum: str
    note: str
    is_late: bool
    picture: str = ""


def tiles(unit: Unit, plans: list[PlanView], *, customer_id: int, w: Words) -> list[Tile]:
    """The customer's plans, called by what was bought."""
    orders = financed(unit, customer_id=customer_id, subjects=[each.subject for each in plans])
    today = unit.clock.today()
    return [_tile(each, orders.get(each.subject), today, w) for each in plans]


def _tile(plan: PlanView, order: OrderCard | None, today: date, w: Words) -> Tile:
    kind = kind_words(plan, w)
    is_owed = plan.state == "active"
    return Tile(
        href=f"/{w.locale}/plans/{plan.public_id}",
        title=order.names[w.locale] if order else kind,
        kind=f"{kind} · {order.merchant}" if order else "",
        sum=w("plans.left", sum=money(plan.left, w.locale)) if is_owed else money(plan.amount, w.locale),
        note=state_words(plan, today, w),
        is_late=plan.is_late,
        picture=order.picture if order else "",
    )


def kind_words(plan: PlanView, w: Words) -> str:
    """What kind of plan it is."""
    return w(f"plans.kind.{plan.kind}", months=plan.months)


def state_words(plan: PlanView, today: date, w: Words) -> str:
    """How a plan stands: what comes next, what is late, or what it waits for."""
    if plan.next_on is not None:
        key = "plans.late" if plan.is_late else "plans.next"
        return w(key, day=short_day(plan.next_on, today, w.locale), sum=money(plan.next_sum, w.locale))
    if plan.closed_on is not None:
        return w("plans.state.closed", day=short_day(plan.closed_on, today, w.locale))
    return w(f"plans.state.{plan.state}") if plan.state in ("signing", "reserved") else ""


def plan_list(w: Words, plans: rx.Var) -> rx.Component:
    """Tiles under each other."""
    return rx.el.ul(rx.foreach(plans, _drawn), class_name="plan-tiles")


def _drawn(plan: Tile) -> rx.Component:
    shown = rx.cond(
        plan.picture,
        rx.el.span(picture(plan.picture, sizes="3rem"), class_name="plan-picture"),
        rx.el.span(icon("payments"), class_name="tile-icon"),
    )
    note = rx.cond(
        plan.is_late,
        rx.el.span(icon("alert", 18), rx.el.span(plan.note), class_name="plan-late"),
        rx.el.span(plan.note, class_name="tile-note"),
    )
    body = ReactRouterLink.create(
        shown,
        rx.el.span(
            rx.el.span(plan.title, class_name="plan-name"),
            rx.cond(plan.kind, rx.el.span(plan.kind, class_name="tile-note")),
            rx.el.span(plan.sum, class_name="plan-sum num"),
            rx.cond(plan.note, note),
        ),
        icon("chevron-right", 20),
        to=plan.href,
        class_name="tile",
    )
    return rx.el.li(body, key=plan.href)
