"""Ratings: a figure beside a star, and five stars filled as far as it goes."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text


def rating(w: Words, stars: Text, reviews: Text = "") -> rx.Component:
    """`4,8` beside a star with the number of reviews; those who listen hear what the figures are."""
    count = rx.el.span(rx.el.span(w("shop.reviews_count"), class_name="vh"), reviews, class_name="rating-count")
    shown = rx.cond(reviews, count) if isinstance(reviews, rx.Var) else (count if reviews else rx.fragment())
    return rx.el.span(
        icon("star", 16, class_name="star-full"),
        rx.el.span(w("shop.rating"), class_name="vh"),
        rx.el.span(stars, class_name="rating-stars"),
        shown,
        class_name="rating num",
    )


def star_bar(w: Words, label: Text, fill: Any) -> rx.Component:
    """Five stars, `fill` percent of them full; `label` says the same in words."""
    row = [icon("star", 20) for _ in range(5)]
    full = rx.el.span(*[icon("star", 20) for _ in range(5)], class_name="stars-full", style={"width": _percent(fill)})
    return rx.el.span(*row, full, class_name="stars", role="img", aria_label=label)


def _percent(fill: Any) -> Any:
    return fill.to_string() + "%" if isinstance(fill, rx.Var) else f"{fill}%"


def star_picker(w: Words, *, name: str = "stars") -> rx.Component:
    """One to five stars as radio buttons; the words of each are read out."""
    each = [
        rx.el.label(
            rx.el.input(type="radio", name=name, value=str(number)),
            icon("star", 28),
            rx.el.span(w.count("shop.stars", number), class_name="vh"),
            class_name="star-pick",
        )
        for number in range(1, 6)
    ]
    return rx.el.div(*each, class_name="star-picker")
