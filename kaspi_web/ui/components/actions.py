"""What a person presses: buttons, links, forms."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx
from reflex_components_core.el.element import Element
from reflex_components_core.react_router.dom import ReactRouterLink

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text, classes

Kind = Literal["primary", "secondary", "danger", "quiet"]


def button(
    *content: Any,
    kind: Kind = "primary",
    type: Literal["button", "submit"] = "button",
    wide: bool = True,
    money: bool = False,
    class_name: str = "",
    **props: Any,
) -> rx.Component:
    """A button; `money` marks one that moves money, which cannot be pressed without a connection."""
    if money:
        props["data_money"] = "true"
    names = classes("button", f"button-{kind}", "button-wide" if wide else "", class_name)
    return rx.el.button(*content, type=type, class_name=names, **props)


def link_button(
    *content: Any, to: Text, kind: Kind = "primary", wide: bool = True, reload: bool = False, **props: Any
) -> rx.Component:
    """A link that looks like a button; `reload` loads the page anew (sign-out, files, other languages)."""
    names = classes("button", f"button-{kind}", "button-wide" if wide else "", props.pop("class_name", ""))
    # The framework turns a plain `a` with a path into a link of its router: only this loads the document.
    return ReactRouterLink.create(*content, to=to, class_name=names, reload_document=reload, **props)


def link(*content: Any, to: Text, reload: bool = False, class_name: str = "", **props: Any) -> rx.Component:
    """A link to another page of the app, 44 px high; inside a sentence pass `inline_link`."""
    names = classes("link", class_name)
    # The framework turns a plain `a` with a path into a link of its router: only this loads the document.
    return ReactRouterLink.create(*content, to=to, class_name=names, reload_document=reload, **props)


def inline_link(*content: Any, to: Text, **props: Any) -> rx.Component:
    """A link inside a sentence."""
    return ReactRouterLink.create(*content, to=to, **props)


def actions(*children: Any) -> rx.Component:
    """The buttons at the end of a page or form, the main one first."""
    return rx.el.div(*children, class_name="actions")


class NativeForm(Element):
    """A form that the browser itself sends; `rx.el.form` would hold that back and send an event."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    no_validate: rx.Var[bool]


def native_form(action: Text, *children: Any, **props: Any) -> rx.Component:
    """A form posted to `action` by the browser: for passwords and whatever sets cookies."""
    return NativeForm.create(*children, action=action, method="post", no_validate=True, class_name="form", **props)


def event_form(on_submit: Any, *children: Any, **props: Any) -> rx.Component:
    """A form sent to a State's handler; fields keep what was typed. For money pass `handler.throttle(700).temporal`."""
    return rx.el.form(*children, on_submit=on_submit, no_validate=True, class_name="form", **props)


def copy_button(w: Words, text: Text, *, label: str = "", kind: Kind = "secondary", wide: bool = False) -> rx.Component:
    """Copies `text` and says that it did (assets/js/ui.js)."""
    return button(
        icon("copy", 20),
        rx.el.span(label or w("common.copy")),
        kind=kind,
        wide=wide,
        data_copy=text,
        data_copied=w("common.copied"),
    )


def resend(text: Text, wait: Text, at: Any, on_click: Any) -> rx.Component:
    """A button that opens at the epoch millisecond `at`; until then `wait` and a silent countdown stand there."""
    return rx.el.div(
        rx.el.span(wait, " ", rx.el.span(class_name="num", data_remaining="true"), class_name="resend-wait muted"),
        button(text, kind="quiet", wide=False, on_click=on_click),
        class_name="resend",
        data_not_before=at,
    )
