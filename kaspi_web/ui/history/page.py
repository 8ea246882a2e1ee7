"""My payments: the History tab with its filters."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui import paging
from kaspi_web.ui.components import actions, choices, fields, layout, status
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.history.state import Chip
from kaspi_web.ui.history.state import HistoryState as H


def history_page(w: Words) -> rx.Component:
    """Operations by days, newest first, and the ways to narrow them."""
    return layout.stack(
        rx.el.p(w("history.section"), class_name="muted small"),
        layout.page_title(w("history.title")),
        _search(w),
        rx.cond(H.ready, _list(w), layout.skeleton(w, "row", count=4)),
    )


def _search(w: Words) -> rx.Component:
    line = fields.search_field("q", w("history.search"), default_value=H.typed["q"], key=H.typed["q"])
    find = actions.button(
        icon("search", 20), rx.el.span(w("history.find")), type="submit", kind="secondary", wide=False
    )
    return actions.event_form(H.find, rx.el.div(line, find, class_name="find"), role="search")


def _list(w: Words) -> rx.Component:
    return layout.stack(
        _chips(H.shows, w("history.show")),
        _more(w),
        rx.el.p(H.found, role="status", class_name="muted small"),
        rx.cond(H.unfiltered, actions.link(w("history.clear"), to=H.unfiltered)),
        rx.cond(H.days.length() > 0, _days(w), rx.cond(H.unfiltered, _nothing(w), _empty(w))),
        _statement(w),
        actions.link(w("balance.link"), to=f"/{w.locale}/balance"),
    )


def _statement(w: Words) -> rx.Component:
    """The statement for the days that are shown: as a page and as files."""
    files = ((w("history.statement.pdf"), H.pdf), (w("history.statement.csv"), H.csv))
    return layout.section(
        w("history.statement"),
        rx.el.div(
            actions.link_button(w("history.statement.open"), to=H.statement, kind="secondary", wide=False),
            *(actions.link_button(text, to=to, kind="secondary", wide=False, reload=True) for text, to in files),
            class_name="chips",
        ),
        id="statement",
    )


def _chips(chips: rx.Var, label: str) -> rx.Component:
    return choices.choice_chips(rx.foreach(chips, _chip), label=label)


def _chip(chip: Chip) -> rx.Component:
    return ReactRouterLink.create(
        chip.text,
        to=chip.href,
        class_name="pick",
        key=chip.href,
        aria_current=rx.cond(chip.is_on, "true", rx.Var("undefined")),
    )


def _more(w: Words) -> rx.Component:
    """Period and category, folded away until somebody asks for them."""
    return rx.el.details(
        rx.el.summary(w("history.more_filters"), icon("chevron-down", 20), class_name="link"),
        layout.stack(
            _chips(H.periods, w("history.period")),
            _dates(w),
            rx.el.p(w("history.category"), class_name="muted small"),
            _chips(H.categories, w("history.category")),
        ),
        open=H.is_open,
        class_name="more-filters",
    )


def _dates(w: Words) -> rx.Component:
    days = [
        fields.text_field(
            name, w(f"history.{name}"), type="date", default_value=H.typed[name], key=H.typed[name], error=error
        )
        for name, error in (("from", ""), ("to", H.errors["to"]))
    ]
    return actions.event_form(
        H.find,
        rx.el.div(*days, class_name="dates"),
        actions.button(w("history.set_dates"), type="submit", kind="secondary", wide=False),
    )


def _days(w: Words) -> rx.Component:
    return layout.stack(
        rx.foreach(H.days, lambda day: status.history_day(w, day)),
        paging.links((w("history.more"), H.older), (w("history.newest"), H.newest)),
    )


def _nothing(w: Words) -> rx.Component:
    """Filters that nothing fits are not a list that is empty: the way out is to clear them."""
    return layout.empty_state("search", w("history.nothing"), actions.link_button(w("history.clear"), to=H.unfiltered))


def _empty(w: Words) -> rx.Component:
    return layout.empty_state(
        "history", w("history.empty"), actions.link_button(w("home.topup"), to=f"/{w.locale}/topup")
    )
