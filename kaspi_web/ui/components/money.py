"""What shows money and the ways to use it: the balance, bonuses, quick actions, services."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text, classes


def amount(text: Text, class_name: str = "") -> rx.Component:
    """A sum, ready written: figures of one width, never broken or cut."""
    return rx.el.span(text, class_name=classes("num", class_name))


def hidden_amount(w: Words, text: Text, hidden: Any) -> rx.Component:
    """A sum that leaves the page altogether while `hidden` is true; dots stand in for it."""
    dots = rx.el.span(rx.el.span("•••", aria_hidden="true"), rx.el.span(w("sums.hidden"), class_name="vh"))
    return rx.cond(hidden, dots, amount(text))


def balance_card(label: Text, sum: Any, *more: Any) -> rx.Component:
    """What there is to spend; `sum` is ready text or a part (`hidden_amount`), `more` stands under it."""
    return rx.el.section(
        rx.el.h2(label, id="balance-label", class_name="balance-label"),
        rx.el.p(sum, class_name="balance-sum"),
        *more,
        aria_labelledby="balance-label",
        class_name="card balance",
    )


def bonus_chip(text: Text) -> rx.Component:
    """Bonuses, ready written."""
    return rx.el.span(icon("bonus", 16), amount(text), class_name="chip chip-bonus")


def quick_actions(*items: rx.Component) -> rx.Component:
    """Up to four `quick_action` in a row."""
    return rx.el.ul(*(rx.el.li(each) for each in items), class_name="quick-actions")


def quick_action(icon_name: str, text: Text, to: Text) -> rx.Component:
    """An icon over a word that leads to the start of a deed."""
    return ReactRouterLink.create(
        rx.el.span(icon(icon_name), class_name="tile-icon"), rx.el.span(text), to=to, class_name="quick-action"
    )


def service_tile(icon_name: str, text: Text, to: Text, note: Any = None) -> rx.Component:
    """A row that leads on: a service, a saved account, a terminal."""
    return ReactRouterLink.create(
        rx.el.span(icon(icon_name), class_name="tile-icon"),
        _two_lines(text, note),
        icon("chevron-right", 20),
        to=to,
        class_name="tile",
    )


def tile_button(icon_name: str, text: Text, *, note: Any = None, **props: Any) -> rx.Component:
    """The same look for a button."""
    return rx.el.button(
        rx.el.span(icon(icon_name), class_name="tile-icon"),
        _two_lines(text, note),
        icon("chevron-right", 20),
        type="button",
        class_name="tile tile-button",
        **props,
    )


def _two_lines(text: Text, note: Any) -> rx.Component:
    if note is None:
        return rx.el.span(text)
    return rx.el.span(text, rx.el.span(note, class_name="tile-note"))
