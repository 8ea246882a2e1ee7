"""What narrows a list: ticks with counts, prices and the order; a column on wide screens, a sheet on phones."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components import actions, fields
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.shop.asked import SORTS
from kaspi_web.ui.shop.facets import FacetsState as F

_ID = "filters"


def tools(w: Words) -> rx.Component:
    """The count, the way to the filters on phones, and the order."""
    opener = rx.el.button(
        icon("filter", 20),
        rx.el.span(w("shop.filters")),
        rx.cond(F.chips.length() > 0, rx.el.span(F.chips.length().to_string(), class_name="filter-count num")),
        type="button",
        class_name="button button-secondary filters-open",
        custom_attrs={"popoverTarget": _ID},
    )
    return rx.el.div(opener, _sort(w), class_name="list-tools")


def _sort(w: Words) -> rx.Component:
    options = [rx.el.option(w(f"shop.sort.{each}"), value=each) for each in SORTS]
    return rx.el.select(
        *options,
        name="sort",
        # It stands beside the list and belongs to the form of filters all the same.
        form=_ID,
        default_value=F.sort,
        key=F.visit.to_string() + F.sort,
        aria_label=w("shop.sort"),
        class_name="input list-sort",
    )


def count(w: Words) -> rx.Component:
    """How many there are; said again whenever that changes."""
    return rx.el.p(F.found, role="status", class_name="muted small list-count")


def chosen(w: Words, *, narrowed: Any) -> rx.Component:
    """What is narrowed by, each with the way to take it back; its room is kept while `narrowed`."""
    links = rx.foreach(
        F.chips,
        lambda chip: ReactRouterLink.create(
            rx.el.span(rx.el.span(w("shop.filters.remove"), " ", class_name="vh"), chip.text),
            icon("close", 16),
            to=chip.href,
            class_name="pick pick-on",
            key=chip.href,
        ),
    )
    clear = rx.cond(F.clear, actions.link(w("shop.filters.clear"), to=F.clear))
    return rx.cond(narrowed, rx.el.div(links, clear, class_name="chips chips-hold"))


def form(w: Words) -> rx.Component:
    """The filters; each tick is sent at once, the button is for those without scripts and shuts the sheet."""
    close = rx.el.button(
        icon("close"),
        type="button",
        class_name="tool",
        aria_label=w("common.close"),
        custom_attrs={"popoverTarget": _ID, "popoverTargetAction": "hide"},
    )
    head = rx.el.div(rx.el.h2(w("shop.filters")), close, class_name="sheet-head")
    show = rx.el.button(
        F.show,
        type="button",
        class_name="button button-primary button-wide filters-show",
        custom_attrs={"popoverTarget": _ID, "popoverTargetAction": "hide"},
    )
    return rx.el.form(
        head,
        # Another address has other ticks; those that the person has just set stay in place, and so does the focus.
        rx.fragment(_prices(w), rx.foreach(F.groups, lambda group: _group(w, group)), key=F.visit.to_string()),
        show,
        id=_ID,
        on_submit=F.narrow,
        aria_label=w("shop.filters"),
        class_name="filters",
        data_submits="true",
        custom_attrs={"popover": "auto"},
    )


def _prices(w: Words) -> rx.Component:
    ends = [
        rx.el.div(
            rx.el.label(w(f"shop.price.{name}"), html_for=f"price-{name}", class_name="small muted"),
            rx.el.input(
                id=f"price-{name}",
                name=name,
                type="text",
                input_mode="numeric",
                auto_complete="off",
                default_value=F.typed[name],
                placeholder=F.bounds[name],
                aria_describedby="prices-error",
                class_name="input",
            ),
        )
        for name in ("from", "to")
    ]
    return rx.el.fieldset(
        rx.el.legend(w("shop.price")),
        rx.el.div(*ends, class_name="price-ends"),
        fields.error_text("prices", F.errors["price_from"]),
        class_name="facet",
    )


def _group(w: Words, group: Any) -> rx.Component:
    ticks = rx.el.div(rx.foreach(group.ticks, _tick), class_name="facet-ticks")
    return rx.el.fieldset(rx.el.legend(group.title), ticks, class_name="facet", key=group.code)


def _tick(tick: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=tick.name, default_checked=tick.is_on),
        rx.el.span(tick.text),
        rx.el.span(tick.count, class_name="num muted small"),
        class_name="facet-tick",
        key=tick.name,
    )
