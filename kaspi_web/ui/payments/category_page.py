"""The page of a category, and that of mobile operators, which asks the number first."""

from __future__ import annotations

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, choices, feedback, fields, layout
from kaspi_web.ui.payments import tiles
from kaspi_web.ui.payments.category import CategoryState as S
from kaspi_web.ui.payments.category import MobileState as M
from kaspi_web.ui.payments.offered import CityGroup, Tile


def page(w: Words) -> rx.Component:
    """Services of the category that the address names."""
    return layout.stack(
        _back(w),
        rx.cond(S.ready, rx.cond(S.missing, missing(w), _services(w)), layout.loading(w)),
    )


def missing(w: Words) -> rx.Component:
    """There is no such category or service."""
    return layout.stack(
        layout.page_title(w("services.missing.title")),
        rx.el.p(w("services.missing.text")),
        actions.link_button(w("services.all"), to=f"/{w.locale}/payments"),
    )


def _back(w: Words) -> rx.Component:
    return layout.back_link(w("payments.title"), f"/{w.locale}/payments")


def _services(w: Words) -> rx.Component:
    onward = actions.link_button(w("services.all"), to=f"/{w.locale}/payments", wide=False)
    return layout.stack(
        layout.page_title(S.title),
        rx.cond(
            S.cities.length() > 0,
            layout.stack(rx.foreach(S.cities, _city)),
            layout.empty_state("payments", w("services.empty"), onward),
        ),
    )


def _city(group: CityGroup) -> rx.Component:
    title = rx.cond(group.title, rx.el.h2(group.title))
    return rx.el.section(title, tiles.rows(group.tiles), class_name="section", key=group.title)


def mobile_page(w: Words) -> rx.Component:
    """The number first; it suggests the operator, who may be changed."""
    return layout.stack(
        _back(w),
        layout.page_title(w("operations.category.mobile")),
        rx.cond(M.ready, _mobile(w), layout.skeleton(w, "row", count=4)),
    )


def _mobile(w: Words) -> rx.Component:
    return actions.event_form(
        M.check,
        feedback.form_error(M.errors["form"]),
        fields.phone_field(
            w("services.mobile.number"),
            name="account",
            hint=w("services.mobile.hint"),
            error=M.errors["account"],
            on_change=M.suggest.debounce(250),
        ),
        rx.cond(
            M.numbers.length() > 0,
            rx.el.div(
                rx.foreach(M.numbers, _number),
                role="group",
                aria_label=w("services.mobile.numbers"),
                class_name="chips",
            ),
        ),
        # Drawn anew with every proposal: what the person chooses themselves is theirs until then.
        rx.el.div(
            choices.source_picker(
                w("services.mobile.operator"),
                rx.foreach(M.operators, _operator),
                name="biller",
                error=M.errors["biller"],
                hint=w("services.mobile.ported"),
            ),
            key=M.suggested,
        ),
        actions.button(w("common.continue"), type="submit"),
    )


def _number(tile: Tile) -> rx.Component:
    return rx.el.button(
        tile.note, type="button", class_name="pick", data_fill="account", data_value=tile.note, key=tile.key
    )


def _operator(tile: Tile) -> rx.Component:
    option = choices.source_option(tile.key, tile.title, name="biller", checked=M.suggested == tile.key)
    return rx.el.div(option, key=tile.key)
