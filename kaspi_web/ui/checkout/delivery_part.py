"""How the goods of each seller come: the city and the street once, then a way for each."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.checkout.fetching import CITIES
from kaspi_web.i18n import Words
from kaspi_web.ui.checkout.state import CheckoutState as S
from kaspi_web.ui.components import choices, fields, goods_lines, layout
from kaspi_web.ui.components.icons import icon


def delivery(w: Words) -> rx.Component:
    """The block of delivery."""
    return layout.section(
        w("checkout.delivery"),
        layout.card(_city(w), rx.cond(S.brings, _address(w)), class_name="stack"),
        fields.error_text("fetching", S.errors["fetching"]),
        fields.error_text("point", S.errors["point"]),
        rx.foreach(S.sellers, lambda each: _seller(w, each)),
        id="fetching",
    )


def _city(w: Words) -> rx.Component:
    options = [rx.el.option(w(f"services.city.{each}"), value=each) for each in CITIES]
    choice = rx.el.select(
        *options,
        id="city",
        name="city",
        default_value=S.city,
        key=S.city,
        on_change=S.choose_city,
        auto_complete="address-level2",
        aria_describedby="city-error",
        class_name="input",
    )
    return fields.field(w("checkout.city"), choice, id="city", error=S.errors["city"])


def _address(w: Words) -> rx.Component:
    """Where to bring it; another city has a field of its own, because its addresses are others."""
    field = fields.text_field(
        "address",
        w("checkout.address"),
        hint=w("checkout.address_hint"),
        error=S.errors["address"],
        default_value=S.address,
        on_blur=S.keep_address,
        auto_complete="street-address",
        max_length=200,
    )
    return rx.el.div(field, rx.cond(S.former.length() > 0, _former(w)), class_name="stack stack-s", key=S.city)


def _former(w: Words) -> rx.Component:
    """Addresses of earlier orders, each of them one tap."""
    picks = rx.foreach(
        S.former, lambda each: fields.quick_text(each, target="address", on_click=S.keep_address(each), key=each)
    )
    return rx.el.div(
        rx.el.p(w("checkout.address_before"), id="address-before", class_name="small muted"),
        rx.el.div(picks, role="group", aria_labelledby="address-before", class_name="chips"),
        class_name="stack stack-s",
    )


def _seller(w: Words, seller: Any) -> rx.Component:
    head = rx.el.div(
        rx.el.h3(seller.name), rx.el.span(seller.total, class_name="num seller-sum"), class_name="seller-line"
    )
    problem = rx.el.p(rx.el.span(icon("alert", 18), rx.el.span(seller.problem)), class_name="error")
    ways = rx.el.fieldset(
        rx.el.legend(rx.el.span(seller.name, ": ", class_name="vh"), w("checkout.way"), class_name="small muted"),
        rx.el.div(rx.foreach(seller.ways, lambda way: _way(seller, way)), class_name="sources"),
        rx.cond(seller.no_pickup, rx.el.p(seller.no_pickup, class_name="muted small")),
        class_name="field",
    )
    return layout.card(
        head,
        goods_lines.lines(rx.foreach(seller.goods, lambda each: _good(w, each))),
        rx.cond(seller.problem, problem, ways),
        class_name="stack stack-s",
        key=seller.slug + S.city,
    )


def _good(w: Words, good: Any) -> rx.Component:
    return goods_lines.line(
        goods_lines.thumb(good.picture),
        rx.el.span(
            rx.el.span(good.name, class_name="goods-name"),
            rx.cond(good.was, rx.el.span(w("checkout.price_changed"), class_name="small warn")),
            class_name="goods-said",
        ),
        rx.el.span(
            goods_lines.was(w, good.was, good.total),
            rx.el.span(good.many, class_name="muted small num"),
            class_name="goods-sums",
        ),
        key=good.key,
    )


def _way(seller: Any, way: Any) -> rx.Component:
    card = choices.source_option(
        way.value,
        way.title,
        way.cost,
        name="way-" + seller.slug,
        reason=way.note,
        checked=way.checked,
        on_change=S.choose_way,
    )
    return rx.el.div(card, key=way.value)
