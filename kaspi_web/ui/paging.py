"""A list by pages whose place is in the address: `?before=12` shows the rows older than the row 12."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n.format import clock_time, short_day
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.ui import forms
from kaspi_web.ui.components import actions, layout


@dataclass
class Line:
    """One posting of an account, ready to be shown; without an address where nothing more is to be seen of it."""

    key: str
    href: str
    title: str
    detail: str
    amount: str
    is_in: bool
    after: str


class WithId(Protocol):
    """A row of a list."""

    @property
    def id(self) -> int:
        """What the next page is older than."""
        ...


Row = TypeVar("Row", bound=WithId)


def before_in(state: Any) -> int | None:
    """Where the page begins that the address asks for; None for the newest."""
    return forms.number_in(state, "before")


def cut(found: list[Row], most: int) -> tuple[list[Row], int | None]:
    """One page out of what was found when one more was asked for, and the row that the next page is older than."""
    shown = found[:most]
    return shown, shown[-1].id if len(found) > len(shown) else None


def around(here: str, *, before: int | None, last: int | None) -> tuple[str, str]:
    """The addresses of the older and of the newest page of the list at `here`; empty where there is none to go to."""
    return f"{here}?before={last}" if last else "", here if before else ""


def links(older: tuple[str, Any], newest: tuple[str, Any]) -> rx.Component:
    """The ways to both, as words and addresses."""
    return rx.fragment(
        rx.cond(older[1], actions.link_button(older[0], to=older[1], kind="secondary")),
        rx.cond(newest[1], actions.link_button(newest[0], to=newest[1], kind="quiet")),
    )


def when(unit: Unit, moment: datetime, locale: str) -> str:
    """The day and the hour of a line."""
    day = moment.astimezone(ALMATY).date()
    return f"{short_day(day, unit.clock.today(), locale)}, {clock_time(moment, locale)}"


def lines(shown: Any) -> rx.Component:
    """The lines of one page, each with the balance after it."""
    return layout.card(rx.el.ul(rx.foreach(shown, _line), class_name="operations"))


def _line(line: Line) -> rx.Component:
    body = rx.el.span(
        rx.el.span(line.title, class_name="operation-title"),
        rx.el.span(line.amount, class_name=rx.cond(line.is_in, "operation-sum num sum-in", "operation-sum num")),
        rx.el.span(line.detail, class_name="operation-detail"),
        rx.el.span(line.after, class_name="operation-balance num"),
        class_name="operation-body",
    )
    linked = ReactRouterLink.create(body, to=line.href, class_name="operation operation-plain")
    return rx.el.li(rx.cond(line.href, linked, rx.el.div(body, class_name="operation operation-plain")), key=line.key)
