"""Payments: what can be paid, and the page of one kind of service."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, choices, feedback, fields, layout, money
from kaspi_web.ui.payments.state import Choice, Saved
from kaspi_web.ui.payments.state import ServiceState as S

CATEGORIES = {"electricity": "bolt"}
"""The kinds of service that work today, with their pictures."""


def page(w: Words) -> rx.Component:
    """The kinds of service."""
    tiles = (
        rx.el.li(money.service_tile(picture, w(f"payments.category.{name}"), f"/{w.locale}/payments/{name}"))
        for name, picture in CATEGORIES.items()
    )
    return layout.stack(
        layout.page_title(w("payments.title")),
        layout.section(w("payments.utilities"), rx.el.ul(*tiles, class_name="stack stack-s"), id="utilities"),
    )


def service_page(w: Words, category: str) -> rx.Component:
    """Whose bill, and which account."""
    return layout.stack(
        layout.back_link(w("payments.title"), f"/{w.locale}/payments"),
        layout.page_title(w(f"payments.category.{category}")),
        rx.cond(S.ready, _form(w), layout.skeleton(w, "row", count=4)),
    )


def _form(w: Words) -> rx.Component:
    return actions.event_form(
        S.check,
        feedback.form_error(S.errors["form"]),
        choices.source_picker(w("payments.provider"), rx.foreach(S.choices, _choice), name="biller"),
        fields.text_field(
            "account",
            w("payments.account"),
            hint=w("payments.account_hint"),
            error=S.errors["account"],
            input_mode="numeric",
            auto_complete="off",
            list="saved-accounts",
        ),
        rx.el.datalist(rx.foreach(S.saved, _saved), id="saved-accounts"),
        actions.button(w("payments.check"), type="submit"),
    )


def _choice(choice: Choice) -> rx.Component:
    example = rx.el.span(choice.example, class_name="num muted small")
    option = choices.source_option(choice.slug, choice.name, example, name="biller", checked=S.chosen == choice.slug)
    return rx.el.div(option, key=choice.slug)


def _saved(saved: Saved) -> rx.Component:
    return rx.el.option(saved.biller, value=saved.account, key=saved.account)
