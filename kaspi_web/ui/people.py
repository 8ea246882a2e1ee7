"""Names and birth date as forms have them: typed at registration, and corrected in the profile."""

from __future__ import annotations

from typing import Any

import reflex as rx

from kaspi_web.domain.customers.names import Person, parse_born, parse_name
from kaspi_web.i18n import Words
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.errors import Invalid
from kaspi_web.ui import forms
from kaspi_web.ui.components import choices, fields
from kaspi_web.ui.session import bank

_BORN = ("day", "month", "year")


def typed(form: dict[str, Any], locale: str) -> tuple[Person | None, dict[str, str], set[str]]:
    """The person typed, or None with every refusal in words at its field, and their codes."""
    today = bank().clock.today()
    readers: dict[str, Any] = {
        "given_name": lambda: parse_name(forms.text(form, "given_name"), field="given_name"),
        "family_name": lambda: parse_name(forms.text(form, "family_name"), field="family_name"),
        "patronymic": lambda: parse_name(forms.text(form, "patronymic"), field="patronymic", required=False),
        "born": lambda: parse_born(*(forms.text(form, f"born_{part}") for part in _BORN), today=today),
    }
    read: dict[str, Any] = {}
    errors: dict[str, str] = {}
    codes: set[str] = set()
    for field, reader in readers.items():
        try:
            read[field] = reader()
        except Invalid as refusal:
            errors[field] = put(refusal, locale)
            codes.add(refusal.code)
    if errors:
        return None, errors, codes
    return Person(read["given_name"], read["family_name"], read["patronymic"], read["born"]), {}, set()


def person_fields(w: Words, state: Any, **born: Any) -> list[rx.Component]:
    """The fields, filled with what `state` holds; `day=`, `month=` and `year=` are first values of the date."""
    return [
        fields.name_field(
            "given_name",
            w("registration.person.given"),
            error=state.errors["given_name"],
            default_value=state.given_name,
            autocomplete="given-name",
        ),
        fields.name_field(
            "family_name",
            w("registration.person.family"),
            error=state.errors["family_name"],
            default_value=state.family_name,
            autocomplete="family-name",
        ),
        fields.name_field(
            "patronymic",
            w("registration.person.patronymic"),
            hint=w("registration.person.patronymic_hint"),
            error=state.errors["patronymic"],
            default_value=state.patronymic,
            autocomplete="additional-name",
        ),
        choices.birth_date_field(
            w,
            w("registration.person.born"),
            hint=w("registration.person.born_hint"),
            error=state.errors["born"],
            **born,
        ),
    ]
