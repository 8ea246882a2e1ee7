"""What buyers say: the sum of it, each review, and the form of those who have received the product."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, feedback, fields, layout
from kaspi_web.ui.components.stars import star_bar, star_picker
from kaspi_web.ui.shop.reviews import ReviewsState as R


def reviews(w: Words) -> rx.Component:
    """The section of reviews."""
    said = rx.cond(R.summary.count, _all(w), rx.el.p(w("shop.reviews.none"), class_name="muted"))
    thanks = rx.el.div(rx.cond(R.written, feedback.notice("ok", rx.el.p(w("shop.review.written")))), role="status")
    return layout.section(
        w("shop.reviews_title"),
        thanks,
        rx.cond(R.ready, rx.fragment(said, rx.cond(R.may_write, _form(w)))),
        id="reviews",
    )


def _all(w: Words) -> rx.Component:
    summary = layout.card(
        rx.el.div(
            rx.el.span(R.summary.stars, class_name="reviews-mean num"),
            star_bar(w, w("shop.rating") + " " + R.summary.stars, R.summary.fill),
            rx.el.span(R.summary.count, class_name="muted small"),
            class_name="reviews-total",
        ),
        rx.el.ul(rx.foreach(R.summary.shares, lambda each: _share(w, each)), class_name="reviews-shares"),
        class_name="reviews-summary",
    )
    pages = (R.reviews_1, R.reviews_2, R.reviews_3, R.reviews_4)
    rows = rx.el.ul(*(rx.foreach(page, lambda each: _review(w, each)) for page in pages), class_name="reviews")
    more = rx.cond(R.has_more, actions.button(w("shop.reviews.more"), kind="secondary", on_click=R.more))
    return rx.el.div(summary, layout.stack(rows, more), class_name="reviews-columns")


def _share(w: Words, each: Any) -> rx.Component:
    bar = rx.el.span(
        rx.el.span(style={"width": each.percent.to_string() + "%"}), class_name="share-bar", aria_hidden="true"
    )
    said = rx.match(each.stars, *((stars, w.count("shop.stars", stars) + ":") for stars in range(1, 6)), "")
    stars = rx.el.span(
        rx.el.span(each.stars.to_string(), aria_hidden="true"), rx.el.span(said, class_name="vh"), class_name="num"
    )
    return rx.el.li(stars, bar, rx.el.span(each.count, class_name="num muted"), key=each.stars.to_string())


def _review(w: Words, each: Any) -> rx.Component:
    head = rx.el.div(
        rx.el.span(each.author, class_name="review-author"),
        rx.el.span(each.day, class_name="muted small"),
        class_name="row between",
    )
    text = rx.cond(each.words, rx.el.p(each.words, lang=each.locale, class_name="review-words"))
    return rx.el.li(head, star_bar(w, each.stars, each.fill), text, class_name="review", key=each.id.to_string())


def _form(w: Words) -> rx.Component:
    words = rx.el.textarea(
        id="words", name="words", rows="4", aria_describedby="words-hint words-error", class_name="input"
    )
    stars = rx.el.fieldset(
        rx.el.legend(w("shop.review.stars")),
        star_picker(w),
        fields.error_text("stars", R.errors["stars"]),
        id="stars",
        class_name="field",
    )
    return layout.card(
        rx.el.h3(w("shop.review.title")),
        actions.event_form(
            R.write.throttle(700),
            feedback.form_error(R.errors["form"]),
            stars,
            fields.field(
                w("shop.review.words"), words, id="words", hint=w("shop.review.hint"), error=R.errors["words"]
            ),
            actions.button(w("shop.review.send"), type="submit", wide=False),
        ),
    )
