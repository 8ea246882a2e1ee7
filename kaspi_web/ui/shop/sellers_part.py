"""Who sells a product, how it comes to the buyer, and the ways to pay for it."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.price import price
from kaspi_web.ui.components.stars import rating
from kaspi_web.ui.shop.product import ProductState as P
from kaspi_web.ui.shop.sellers import CITIES

GUARD_MS = 700
"""A second tap so soon after the first is the same tap."""
_PLANS = ("red", "instalment", "credit")


def add(w: Words, offer: Any, seller: Any, *, kind: Any = "primary") -> rx.Component:
    """Puts this offer into the basket; a guest is led to sign in, and back here."""
    # Buttons of several sellers stand on one page: to those who listen each one names its own.
    text = rx.el.span(w("shop.add"), rx.el.span(", ", w("shop.add.seller", name=seller), class_name="vh"))
    button = actions.button(icon("basket", 20), text, kind=kind, on_click=P.add(offer).throttle(GUARD_MS).temporal)
    sign_in = actions.link_button(
        icon("basket", 20), text, to=f"/{w.locale}/login?next=/{w.locale}/shop/p/" + P.sheet.slug, kind=kind
    )
    return rx.cond(P.signed_in, button, sign_in)


def said(w: Words) -> rx.Component:
    """What became of the last tap; the place stands there before the words, so that they are read out."""
    done = feedback.notice("ok", rx.el.p(w("shop.added")), actions.link(w("shop.to_basket"), to=f"/{w.locale}/basket"))
    return rx.el.div(
        rx.cond(P.added, done),
        rx.cond(P.refused, feedback.notice("todo", rx.el.p(P.refused))),
        role="status",
        class_name="product-said",
    )


def plans(w: Words) -> rx.Component:
    """Every plan for the lowest price, beside one another."""
    head = rx.el.thead(
        rx.el.tr(*(rx.el.th(w(f"shop.plans.{each}"), scope="col") for each in ("plan", "monthly", "total")))
    )
    table = rx.el.table(head, rx.el.tbody(rx.foreach(P.plans, lambda each: _plan(w, each))), class_name="plans")
    late = rx.el.p(P.late, class_name="muted small")
    return rx.cond(P.plans.length() > 0, layout.section(w("shop.plans"), layout.card(table, late), id="plans"))


def _plan(w: Words, plan: Any) -> rx.Component:
    names = [(each, w(f"shop.plan.{each}")) for each in _PLANS]
    name = rx.match(plan.kind, *names, names[0][1])
    months = rx.el.span("× ", plan.months.to_string(), " ", w("shop.months_short"), class_name="num plan-months")
    free = rx.el.span(w("shop.no_overpay"), class_name="plan-free")
    rate = rx.el.span(w("shop.gesv"), " ", rx.el.span(plan.gesv, class_name="num"), class_name="plan-rate")
    return rx.el.tr(
        rx.el.th(rx.el.span(name, class_name="plan-name"), months, scope="row"),
        rx.el.td(plan.payment, class_name="num"),
        rx.el.td(rx.el.span(plan.total, class_name="num"), rx.cond(plan.gesv, rate, free)),
        key=plan.kind + plan.months.to_string(),
    )


def sellers(w: Words) -> rx.Component:
    """Offers, the cheapest first, as a buyer in the chosen city sees them."""
    rows = rx.el.ul(rx.foreach(P.sellers, lambda each: _seller(w, each)), class_name="stack stack-s")
    shown = layout.section(w("shop.sellers_title"), rows, id="sellers", action=_city(w))
    return rx.cond(P.sellers.length() > 0, shown)


def _city(w: Words) -> rx.Component:
    options = [rx.el.option(w(f"services.city.{each}"), value=each) for each in CITIES]
    choice = rx.el.select(
        *options, id="city", default_value=P.city, key=P.city, on_change=P.choose_city, class_name="input city"
    )
    return rx.el.div(
        rx.el.label(w("shop.city"), html_for="city", class_name="muted small"), choice, class_name="city-row"
    )


def _seller(w: Words, each: Any) -> rx.Component:
    name = ReactRouterLink.create(each.name, to=f"/{w.locale}/shop/m/" + each.slug, class_name="link seller-name")
    stars = rx.cond(each.stars, rating(w, each.stars, each.reviews))
    comes = rx.el.ul(
        rx.el.li(icon("truck", 20), rx.el.span(each.delivery)),
        rx.el.li(icon("store", 20), _pickup(w, each)),
        rx.cond(each.few, rx.el.li(icon("clock", 20), rx.el.span(each.few))),
        class_name="seller-comes small",
    )
    row = layout.card(
        rx.el.div(
            rx.el.div(name, stars, class_name="seller-head"), price(w, each.price, each.old), class_name="row between"
        ),
        comes,
        add(w, each.offer, each.name, kind="secondary"),
        class_name="seller",
    )
    return rx.el.li(row, key=each.offer.to_string())


def _pickup(w: Words, each: Any) -> rx.Component:
    points = rx.el.ul(
        rx.foreach(
            each.points,
            lambda point: rx.el.li(
                point.address, " ", rx.el.span(point.hours, class_name="num muted"), key=point.address
            ),
        ),
        class_name="seller-points",
    )
    folded = rx.el.details(rx.el.summary(each.pickup, icon("chevron-down", 16)), points)
    return rx.cond(each.points.length() > 0, folded, rx.el.span(each.pickup))
