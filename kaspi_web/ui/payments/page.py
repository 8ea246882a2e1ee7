"""Payments: the search line, what is at hand, and every category."""

from __future__ import annotations

from collections.abc import Callable

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, fields, layout
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.payments import tiles
from kaspi_web.ui.payments.catalogue import GROUPS
from kaspi_web.ui.payments.state import PaymentsState as S


def page(w: Words) -> rx.Component:
    """What can be paid; while something is searched for, only what fits it."""
    return layout.stack(
        layout.page_title(w("payments.title")),
        _search(w),
        rx.el.p(S.found, role="status", class_name="found muted small"),
        rx.cond(S.searches, _results(w), _everything(w)),
        gap="l",
    )


def _search(w: Words) -> rx.Component:
    line = rx.el.input(
        id="q",
        name="q",
        type="search",
        enter_key_hint="search",
        auto_complete="off",
        default_value=S.query,
        on_change=S.look_for.debounce(250),
        data_query="q",
        class_name="input",
    )
    find = actions.button(
        icon("search", 20), rx.el.span(w("services.find"), class_name="vh"), type="submit", wide=False
    )
    # Another address asks for other words: then the field begins anew.
    row = rx.el.div(rx.fragment(line, key=S.visit.to_string()), find, class_name="search-row")
    return actions.event_form(S.find, fields.field(w("services.search"), row, id="q"), role="search")


def _results(w: Words) -> rx.Component:
    return rx.cond(
        S.results.length() > 0,
        tiles.rows(S.results),
        layout.stack(
            rx.el.div(rx.el.p(w("services.nothing")), role="status"),
            layout.section(w("services.all"), _groups(w, rx.el.h3), id="all"),
        ),
    )


def _everything(w: Words) -> rx.Component:
    change = actions.link(w("favourites.change"), to=f"/{w.locale}/payments/favourites")
    return layout.stack(
        rx.cond(
            S.favourites.length() > 0,
            layout.section(w("favourites.title"), tiles.shelf(S.favourites), id="favourites", action=change),
        ),
        rx.cond(
            S.lately.length() > 0,
            layout.section(w("services.lately"), tiles.shelf(S.lately), id="lately"),
        ),
        _groups(w, rx.el.h2),
        gap="l",
    )


def _groups(w: Words, heading: Callable[..., rx.Component]) -> rx.Component:
    groups = (
        rx.el.section(
            heading(w(f"services.group.{group}"), id=f"group-{group}"),
            rx.el.ul(*(rx.el.li(tiles.category_tile(w, name)) for name in names), class_name="categories"),
            aria_labelledby=f"group-{group}",
            class_name="section group",
        )
        for group, names in GROUPS.items()
    )
    return layout.stack(*groups)
