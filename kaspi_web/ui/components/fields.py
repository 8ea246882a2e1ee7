"""Fields: each with its label, hint and the place where a mistake is named.

Values are not controlled: what was typed stays when the server refuses it. `error` is text, or a Var that is
empty while there is nothing to say. A field's id is its name unless `id` is given.
"""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from kaspi_web.i18n import Words
from kaspi_web.ui.components.icons import icon
from kaspi_web.ui.components.layout import Text, classes


def error_text(id: str, error: Text = "") -> rx.Component:
    """Where a mistake is named; it stands there before the words, so that they are read out."""
    words = rx.el.span(icon("alert", 18), rx.el.span(error))
    shown = rx.cond(error, words) if isinstance(error, rx.Var) else (words if error else None)
    return rx.el.div(*([shown] if shown is not None else []), id=f"{id}-error", role="alert", class_name="error")


def _flag(error: Text) -> Any:
    return rx.cond(error, "true", "false") if isinstance(error, rx.Var) else ("true" if error else "false")


def _described(id: str, hint: Any) -> str:
    return classes(f"{id}-hint" if hint is not None else "", f"{id}-error")


def _hint(id: str, hint: Any) -> list[rx.Component]:
    return [] if hint is None else [rx.el.p(hint, id=f"{id}-hint", class_name="hint")]


def _input(id: str, hint: Any, error: Text, **props: Any) -> rx.Component:
    names = classes("input", props.pop("class_name", ""))
    return rx.el.input(
        id=id, aria_describedby=_described(id, hint), aria_invalid=_flag(error), class_name=names, **props
    )


def field(label: Text, control: rx.Component, *, id: str, hint: Any = None, error: Text = "") -> rx.Component:
    """A control of your own between a label and the place for its mistake; give it `aria_describedby` yourself."""
    return rx.el.div(
        rx.el.label(label, html_for=id), *_hint(id, hint), control, error_text(id, error), class_name="field"
    )


def text_field(
    name: str, label: Text, *, hint: Any = None, error: Text = "", id: str = "", **props: Any
) -> rx.Component:
    """A line of text; `default_value`, `auto_complete`, `input_mode`, `type` and the like go through."""
    id = id or name
    props = {"type": "text", **props}
    return field(label, _input(id, hint, error, name=name, **props), id=id, hint=hint, error=error)


def name_field(name: str, label: Text, *, autocomplete: str, **props: Any) -> rx.Component:
    """A person's name: `given-name`, `family-name` or `additional-name`; never corrected, never cut."""
    return text_field(name, label, auto_complete=autocomplete, spell_check=False, auto_capitalize="words", **props)


def phone_field(
    label: Text, *, name: str = "phone", autocomplete: str = "tel", hint: Any = None, error: Text = "", **props: Any
) -> rx.Component:
    """A phone number in any spelling: no mask and no placeholder; on sign-in say `autocomplete="username"`."""
    return text_field(
        name, label, hint=hint, error=error, type="tel", input_mode="tel", auto_complete=autocomplete, **props
    )


def search_field(name: str, label: Text, **props: Any) -> rx.Component:
    """A search line."""
    return text_field(name, label, type="search", enter_key_hint="search", auto_complete="off", **props)


def amount_field(
    label: Text,
    *,
    name: str = "amount",
    chips: tuple[Any, ...] = (),
    hint: Any = None,
    error: Text = "",
    id: str = "",
    **props: Any,
) -> rx.Component:
    """A sum in large figures with its currency outside; `chips` are `quick_sum` parts for this field's id."""
    id = id or name
    control = rx.el.div(
        _input(id, hint, error, name=name, type="text", input_mode="decimal", auto_complete="off", **props),
        rx.el.span("₸", class_name="currency", aria_hidden="true"),
        class_name="amount",
    )
    made = field(label, control, id=id, hint=hint, error=error)
    return rx.el.div(made, rx.el.div(*chips, class_name="chips"), class_name="stack stack-s") if chips else made


def quick_sum(text: Text, value: Text, *, target: str = "amount") -> rx.Component:
    """A chip that writes `value` into the field `target`."""
    return rx.el.button(text, type="button", class_name="pick", data_fill=target, data_value=value)


def quick_text(text: Text, *, target: str, **props: Any) -> rx.Component:
    """A chip that writes its own words, which may be long, into the field `target`."""
    return rx.el.button(text, type="button", class_name="pick pick-text", data_fill=target, data_value=text, **props)


def bonus_field(w: Words, have: Text, *, error: Text = "", **props: Any) -> rx.Component:
    """How much of the sum to pay with bonuses, of which there are `have`; `forms.bonus_in` reads it."""
    return text_field(
        "bonus",
        w("payments.bonus_part"),
        hint=rx.el.span(w("payments.bonus_part_hint"), " ", rx.el.span(have, class_name="num")),
        error=error,
        input_mode="decimal",
        auto_complete="off",
        **props,
    )


def code_field(
    label: Text, *, name: str = "code", hint: Any = None, error: Text = "", auto_submit: bool = True, **props: Any
) -> rx.Component:
    """The code of an SMS: one real field that takes spaces; sends its form once, at the sixth digit."""
    if auto_submit:
        props["data_auto_submit"] = "6"
    return text_field(
        name,
        label,
        hint=hint,
        error=error,
        input_mode="numeric",
        auto_complete="one-time-code",
        class_name="code-input",
        **props,
    )


def password_field(
    w: Words,
    label: Text,
    *,
    purpose: Literal["new", "current"],
    name: str = "password",
    hint: Any = None,
    error: Text = "",
    id: str = "",
    **props: Any,
) -> rx.Component:
    """A password that can be shown; paste and managers work, its length has no upper bound here."""
    id = id or name
    shown = _input(
        id,
        hint,
        error,
        name=name,
        type="password",
        auto_complete=f"{purpose}-password",
        spell_check=False,
        auto_capitalize="none",
        **props,
    )
    reveal = rx.el.button(
        w("common.show"),
        type="button",
        class_name="reveal",
        aria_controls=id,
        data_reveal=id,
        data_show=w("common.show"),
        data_hide=w("common.hide"),
    )
    return field(label, rx.el.div(shown, reveal, class_name="input-row"), id=id, hint=hint, error=error)
