"""Fields of several parts: a birth date, radio cards, a tick, a list, and the keys of a terminal."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components.fields import error_text
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text, classes

_BIRTH_PARTS = (("day", 2, "bday-day"), ("month", 2, "bday-month"), ("year", 4, "bday-year"))


def birth_date_field(
    w: Words, legend: Text, *, name: str = "born", hint: Any = None, error: Text = "", **values: Text
) -> rx.Component:
    """Day, month and year as three plain fields `{name}_day`, ...; nothing jumps on by itself.

    `day=`, `month=` and `year=` are first values.
    """
    invalid = rx.cond(error, "true", "false") if isinstance(error, rx.Var) else ("true" if error else "false")
    parts = [
        rx.el.div(
            rx.el.label(w(f"field.{part}"), html_for=f"{name}_{part}"),
            rx.el.input(
                id=f"{name}_{part}",
                name=f"{name}_{part}",
                type="text",
                input_mode="numeric",
                max_length=length + 2,
                auto_complete=autocomplete,
                default_value=values.get(part, ""),
                aria_invalid=invalid,
                aria_describedby=f"{name}-error",
                class_name="input",
            ),
        )
        for part, length, autocomplete in _BIRTH_PARTS
    ]
    return _group(legend, rx.el.div(*parts, class_name="date-parts"), name=name, hint=hint, error=error)


def _group(legend: Text, *controls: Any, name: str, hint: Any, error: Text) -> rx.Component:
    hints = [] if hint is None else [rx.el.p(hint, id=f"{name}-hint", class_name="hint")]
    return rx.el.fieldset(
        rx.el.legend(legend),
        *hints,
        *controls,
        error_text(name, error),
        id=name,
        aria_describedby=classes(f"{name}-hint" if hint is not None else "", f"{name}-error"),
        class_name="field",
    )


def source_picker(
    legend: Text, *options: Any, name: str = "source", error: Text = "", hint: Any = None
) -> rx.Component:
    """Where the money comes from: `source_option` cards, or an `rx.foreach` of them."""
    return _group(legend, rx.el.div(*options, class_name="sources"), name=name, hint=hint, error=error)


def source_option(
    value: str,
    title: Text,
    balance: Text = "",
    *,
    name: str = "source",
    reason: Text = "",
    disabled: Any = False,
    checked: Any = False,
    **props: Any,
) -> rx.Component:
    """One card; when it is `disabled`, `reason` says why (or what it needs); `props` go to the radio button."""
    id = f"{name}-{value}"
    said = rx.el.span(reason, class_name="source-reason", id=f"{id}-reason")
    if isinstance(reason, rx.Var):
        said = rx.cond(reason, said)
    return rx.el.label(
        rx.el.input(type="radio", id=id, name=name, value=value, disabled=disabled, default_checked=checked, **props),
        rx.el.span(title),
        rx.el.span(balance, class_name="num"),
        *([said] if isinstance(reason, rx.Var) or reason else []),
        html_for=id,
        class_name="source",
    )


def check_field(name: str, text: Any, *, error: Text = "", checked: Any = False, id: str = "") -> rx.Component:
    """A tick beside a sentence."""
    id = id or name
    box = rx.el.input(type="checkbox", id=id, name=name, default_checked=checked, aria_describedby=f"{id}-error")
    label = rx.el.label(box, rx.el.span(text), html_for=id, class_name="check")
    return rx.el.div(label, error_text(id, error), class_name="field")


def choice_chips(*chips: Any, label: Text) -> rx.Component:
    """A row of `choice_chip` links, for filters that live in the address."""
    return rx.el.nav(*chips, class_name="chips", aria_label=label)


def choice_button(text: Text, *, pressed: Any, **props: Any) -> rx.Component:
    """A chip that is on or off."""
    flag = rx.cond(pressed, "true", "false") if isinstance(pressed, rx.Var) else ("true" if pressed else "false")
    return rx.el.button(text, type="button", aria_pressed=flag, class_name="pick", **props)


def keypad(w: Words, target: str) -> rx.Component:
    """Large keys that type digits into the field `target`: for terminals, where no keyboard is."""
    keys = [_key(digit, digit, target) for digit in "123456789"]
    erase = rx.el.button(
        icon("erase", 32),
        type="button",
        class_name="key key-erase",
        aria_label=w("keypad.erase"),
        data_key="erase",
        data_target=target,
    )
    blank = rx.el.span(aria_hidden="true")
    return rx.el.div(
        *keys, blank, _key("0", "0", target), erase, class_name="keypad", role="group", aria_label=w("keypad.label")
    )


def _key(text: str, key: str, target: str) -> rx.Component:
    return rx.el.button(text, type="button", class_name="key", data_key=key, data_target=target)
