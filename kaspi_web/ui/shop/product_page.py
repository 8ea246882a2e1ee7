"""The page of a product."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, layout
from kaspi_web.ui.components.gallery import gallery
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.price import monthly, price
from kaspi_web.ui.components.stars import rating
from kaspi_web.ui.shop import parts, reviews_part, sellers_part
from kaspi_web.ui.shop.product import ProductState as P


def page(w: Words) -> rx.Component:
    """Pictures, price, ways to pay, sellers, facts, reviews."""
    shown = rx.cond(P.missing, parts.missing(w, w("shop.product.missing")), _product(w))
    return rx.el.div(parts.top(w), rx.cond(P.ready, shown, _skeleton(w)), class_name="shop shop-product")


def _skeleton(w: Words) -> rx.Component:
    shapes = rx.el.div(
        rx.el.span(class_name="skeleton skeleton-picture", aria_hidden="true"),
        layout.skeleton(w, "row", count=4),
        class_name="product-columns",
    )
    return layout.loading(w, shapes)


def _product(w: Words) -> rx.Component:
    pictures = rx.cond(P.pictures.length() > 0, gallery(w, P.pictures, label=P.sheet.name))
    return rx.el.div(
        parts.path(w, P.path, P.sheet.name),
        rx.el.div(rx.el.div(pictures, class_name="product-pictures"), _offer(w), class_name="product-columns"),
        sellers_part.sellers(w),
        rx.el.div(_facts(w), _text(w), class_name="product-halves"),
        reviews_part.reviews(w),
        class_name="stack stack-l",
    )


def _offer(w: Words) -> rx.Component:
    told = rx.el.a(
        rating(w, P.sheet.stars), rx.el.span(P.sheet.reviews), href="#reviews", class_name="link product-told"
    )
    sold = rx.fragment(
        rx.el.div(
            price(w, P.sheet.price, P.sheet.old, large=True),
            rx.cond(P.sheet.monthly, monthly(w, P.sheet.monthly)),
            class_name="product-price",
        ),
        sellers_part.add(w, P.sheet.best, P.sheet.seller),
        sellers_part.said(w),
        sellers_part.plans(w),
    )
    return rx.el.div(
        layout.page_title(P.sheet.name),
        rx.cond(P.sheet.reviews, told),
        rx.cond(P.sheet.price, sold, _sold_out(w)),
        class_name="stack product-offer",
    )


def _sold_out(w: Words) -> rx.Component:
    similar = rx.foreach(
        P.path[-1:],
        lambda each: actions.link_button(
            w("shop.product.similar"), to=f"/{w.locale}/shop/c/" + each.slug, kind="secondary", key=each.slug
        ),
    )
    return layout.stack(rx.el.p(icon("info", 20), w("shop.product.none"), class_name="product-none"), similar)


def _facts(w: Words) -> rx.Component:
    rows = layout.facts(rx.foreach(P.facts, _fact))
    return rx.cond(P.facts.length() > 0, layout.section(w("shop.product.facts"), layout.card(rows), id="facts"))


def _fact(each: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(each.name), rx.el.dd(each.value), key=each.name)


def _text(w: Words) -> rx.Component:
    text = rx.el.p(P.sheet.text, class_name="product-text")
    return rx.cond(P.sheet.text, layout.section(w("shop.product.text"), text, id="text"))
