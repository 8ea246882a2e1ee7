"""How a page is laid out: its title, cards, sections, lists of facts and what stands there when there is nothing."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon

Text = str | rx.Var
Skeleton = Literal["line", "title", "balance", "row", "card"]
Fact = tuple[Text, Any] | tuple[Text, Any, rx.Component]


def classes(*names: str | None) -> str:
    """Class names joined, empty ones left out."""
    return " ".join(name for name in names if name)


def page_title(text: Text, *, lead: Text | None = None) -> rx.Component:
    """The page's one h1; the focus goes there after navigation, so every page needs exactly one."""
    title = rx.el.h1(text, id="title", tab_index=-1)
    if lead is None:
        return title
    return rx.el.div(title, rx.el.p(lead, class_name="lead"), class_name="page-title")


def card(*children: Any, class_name: str = "", **props: Any) -> rx.Component:
    """A raised block with a border."""
    return rx.el.div(*children, class_name=classes("card", class_name), **props)


def stack(*children: Any, gap: Literal["s", "m", "l"] = "m", class_name: str = "", **props: Any) -> rx.Component:
    """Children under each other, 8, 16 or 32 px apart."""
    gap_class = "" if gap == "m" else f"stack-{gap}"
    return rx.el.div(*children, class_name=classes("stack", gap_class, class_name), **props)


def section(title: Text, *children: Any, id: str, action: rx.Component | None = None) -> rx.Component:
    """A part of a page under its own h2; `action` stands at the end of the heading's line."""
    head = [rx.el.h2(title, id=f"{id}-title")]
    if action is not None:
        head.append(action)
    return rx.el.section(
        rx.el.div(*head, class_name="section-head"),
        *children,
        id=id,
        aria_labelledby=f"{id}-title",
        class_name="section",
    )


def back_link(text: Text, to: Text) -> rx.Component:
    """The way back, above the title."""
    return ReactRouterLink.create(icon("chevron-left", 20), text, to=to, class_name="link back")


def summary_list(*facts: Fact, class_name: str = "") -> rx.Component:
    """Facts as (name, value) or (name, value, link to change it); figures stand in columns."""
    return rx.el.dl(*(_fact(*each) for each in facts), class_name=classes("summary", class_name))


def _fact(name: Text, value: Any, change: rx.Component | None = None) -> rx.Component:
    parts = [rx.el.dt(name), rx.el.dd(value, class_name="figures")]
    if change is not None:
        parts.append(rx.el.dd(change, class_name="summary-change"))
    return rx.el.div(*parts)


def fact(name: Text, value: Any, change: rx.Component | None = None) -> rx.Component:
    """One row for `facts`, where rows come from `rx.foreach` or `rx.cond`."""
    return _fact(name, value, change)


def facts(*rows: Any) -> rx.Component:
    """A list of `fact` rows."""
    return rx.el.dl(*rows, class_name="summary")


def empty_state(icon_name: str, text: Text, action: rx.Component | None = None) -> rx.Component:
    """What stands where a list would: an icon, a sentence, one thing to do."""
    shown = [rx.el.span(icon(icon_name), class_name="tile-icon"), rx.el.p(text)]
    if action is not None:
        shown.append(action)
    return rx.el.div(*shown, class_name="empty")


def skeleton(w: Words, kind: Skeleton = "line", *, count: int = 1) -> rx.Component:
    """Shapes of the size of what comes; appears only after 300 ms and says once that it loads."""
    shapes = [rx.el.span(class_name=f"skeleton skeleton-{kind}", aria_hidden="true") for _ in range(count)]
    return rx.el.div(rx.el.span(w("common.loading"), class_name="vh"), *shapes, class_name="stack stack-s")


def loading(w: Words, shapes: rx.Component | None = None, *, count: int = 4) -> rx.Component:
    """A page whose title is not known yet; its one h1 is there all the same, for those who listen."""
    # It has no id: what the server wrote of the page stands until there is a #title (assets/js/shop.js).
    return rx.el.div(
        rx.el.h1(w("common.loading"), class_name="vh"), skeleton(w, "row", count=count) if shapes is None else shapes
    )


def demo_footer(w: Words) -> rx.Component:
    """The foot of every page: this is a demo, not the bank."""
    return rx.el.footer(rx.el.p(w("footer.demo")), class_name="shell-foot")
