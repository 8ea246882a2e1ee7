"""A guess at a person's sex by the endings of names: an IIN holds it, and a registration does not ask."""

from __future__ import annotations

_WOMEN = {
    "patronymic": ("қызы", "кызы", "вна", "чна", "шна"),
    "family": ("ова", "ева", "ёва", "ина", "ына", "ская", "цкая", "қызы"),
    "given": ("а", "я", "гүл", "гуль"),
}
_MEN = {
    "patronymic": ("ұлы", "улы", "вич", "ьич"),
    "family": ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий"),
    "given": (),
}


def sex_of(given_name: str, family_name: str, patronymic: str) -> str:
    """`f` or `m`; the patronymic says it best, then the family name."""
    names = {"patronymic": patronymic, "family": family_name, "given": given_name}
    for kind, name in names.items():
        ending = name.strip().casefold()
        if ending.endswith(_WOMEN[kind]):
            return "f"
        if _MEN[kind] and ending.endswith(_MEN[kind]):
            return "m"
    return "m"
