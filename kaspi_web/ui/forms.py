"""Refusals put beside the fields they belong to, in the reader's language, for every State with a form."""

from __future__ import annotations

from typing import Any, Protocol

from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.errors import DomainError, Invalid
from kaspi_web.kernel.money import ZERO, Money, parse_amount
from kaspi_web.ui.session import locale_of

WHOLE = "form"
"""Where a refusal is shown that belongs to no single field."""


_FIELDS = {"insufficient_funds": "amount"}
"""Refusals that the bank raises of no field, and that a form has a field for."""


class WithErrors(Protocol):
    """A State that shows refusals: words by field."""

    errors: dict[str, str]


def show(state: Any, refusal: DomainError) -> None:
    """Put the refusal beside its field; what was typed stays, since the fields are not controlled."""
    field = _FIELDS.get(refusal.code) or (refusal.field if isinstance(refusal, Invalid) else "") or WHOLE
    state.errors = {field: put(refusal, locale_of(state))}


def text(form: Any, name: str, *, most: int = 200) -> str:
    """What was typed into one field; anybody may send anything, so only text is taken."""
    value = form.get(name, "") if isinstance(form, dict) else ""
    return clean(value)[:most] if isinstance(value, str) else ""


def bonus_in(form: Any) -> Money:
    """How many bonuses are to be spent, of the field that `components.fields.bonus_field` draws; none for nothing."""
    typed = text(form, "bonus", most=40)
    if not typed.strip() or typed.strip() == "0":
        return ZERO
    try:
        return parse_amount(typed)
    except Invalid as refusal:
        refusal.field = "bonus"
        raise


def clean(sent: str) -> str:
    """Text without what no database and no font can take: halves of letters and the sign of number zero."""
    return sent.encode("utf-8", "ignore").decode().replace("\0", "")


def last_part(state: Any) -> str:
    """The last part of the page's path: the name of the thing that a page is about. It proves nothing."""
    return clean(str(state.router.url.path)).rstrip("/").rsplit("/", 1)[-1][:64]


def number_in(state: Any, name: str) -> int | None:
    """A whole number of the page's address, as `?before=12`; None for what is none that a database takes."""
    typed = str(state.router.url.query_parameters.get(name, ""))
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


def next_in(state: Any) -> str:
    """The page that the address asks to go on to, as `?next=/ru/shop/p/x`; anybody may have written it."""
    asked = state.router.url.query_parameters.get("next", "")
    return clean(asked) if isinstance(asked, str) else ""
