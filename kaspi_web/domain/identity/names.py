"""When two spellings are one name: what a person typed and what the register holds."""

from __future__ import annotations

import unicodedata

from kaspi_web.domain.customers.names import Person

_TWO_DOTS = "\u0308"


def same_name(one: str, other: str) -> bool:
    """Whether the names differ at most in capitals, spaces, hyphens, apostrophes and the dots of yo."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    # Documents write the letter yo without its dots as often as with them; short i must keep its mark.
    letters = unicodedata.normalize("NFD", name.casefold()).replace(_TWO_DOTS, "")
    return "".join(sign for sign in unicodedata.normalize("NFC", letters) if sign.isalpha())


def same_names(given: Person, registered: Person) -> bool:
    """Whether all names agree; a patronymic that was left out at the registration is not compared."""
    pairs = [(given.given_name, registered.given_name), (given.family_name, registered.family_name)]
    if given.patronymic:
        pairs.append((given.patronymic, registered.patronymic))
    return all(same_name(*pair) for pair in pairs)
