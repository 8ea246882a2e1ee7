"""The page of one service: how the account is named, what else it asks, what was paid before."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, choices, feedback, fields, layout
from kaspi_web.ui.payments.category_page import missing
from kaspi_web.ui.payments.offered import Field, Tile
from kaspi_web.ui.payments.service import ServiceState as S


def page(w: Words) -> rx.Component:
    """Whose bill, and which account."""
    return rx.cond(
        S.ready,
        rx.cond(S.missing, missing(w), _service(w)),
        layout.loading(w),
    )


def _service(w: Words) -> rx.Component:
    return layout.stack(
        layout.back_link(w("payments.title"), S.form.back),
        layout.page_title(S.form.title, lead=S.form.note),
        rx.cond(S.form.ways.length() > 1, _ways(w)),
        _form(w),
    )


def _ways(w: Words) -> rx.Component:
    return rx.el.div(rx.foreach(S.form.ways, _way), role="group", aria_label=w("services.way"), class_name="chips")


def _way(way: Field) -> rx.Component:
    chip = choices.choice_button(way.label, pressed=S.way.name == way.name, on_click=S.choose(way.name))
    return rx.fragment(chip, key=way.name)


def _form(w: Words) -> rx.Component:
    account = fields.text_field(
        "account",
        S.way.label,
        hint=S.way.hint,
        error=S.errors["account"],
        input_mode=S.way.input_mode,
        auto_complete="off",
        spell_check=False,
        default_value=S.way.value,
    )
    # Another way, or another address, begins with an empty field.
    asked = rx.el.div(account, key=S.visit.to_string() + S.way.name)
    return actions.event_form(
        S.check,
        feedback.form_error(rx.cond(S.errors["form"], S.errors["form"], S.errors["way"])),
        rx.el.input(type="hidden", name="way", value=S.way.name, read_only=True),
        rx.cond(S.way.asks, asked, feedback.notice("info", rx.el.p(w("services.own_iin")))),
        rx.cond(S.form.saved.length() > 0, _saved(w)),
        rx.foreach(S.form.extra, _extra),
        actions.button(w("payments.check"), type="submit"),
    )


def _saved(w: Words) -> rx.Component:
    chips = rx.foreach(S.form.saved, _saved_account)
    return rx.el.nav(
        rx.el.p(w("services.saved"), class_name="muted small"),
        rx.el.div(chips, class_name="chips"),
        aria_label=w("services.saved"),
        class_name="stack stack-s",
    )


def _saved_account(tile: Tile) -> rx.Component:
    return rx.fragment(actions.inline_link(tile.note, to=tile.href, class_name="pick num"), key=tile.key)


def _extra(field: Field) -> rx.Component:
    # Its name is known only when the page runs, so the field is put together here.
    control = rx.el.input(
        id=field.name,
        name=field.name,
        type="text",
        input_mode=field.input_mode,
        auto_complete="off",
        default_value=field.value,
        aria_describedby=f"{field.name}-hint {field.name}-error",
        aria_invalid=rx.cond(S.errors[field.name], "true", "false"),
        class_name="input",
    )
    shown = fields.field(field.label, control, id=f"{field.name}", hint=field.hint, error=S.errors[field.name])
    return rx.el.div(shown, key=S.visit.to_string() + field.name)
