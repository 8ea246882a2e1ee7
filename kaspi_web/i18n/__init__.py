"""Words in three languages: a catalogue of .po files, one for each area, read once.

Nothing on screen or in an SMS is written in code; a key that the catalogue lacks fails at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from kaspi_web.locales import LOCALES as LOCALES

_FOLDER = Path(__file__).parent


class Words:
    """The words of one language."""

    def __init__(self, locale: str, catalogue: dict[str, str | tuple[str, ...]]) -> None:
        self.locale = locale
        self._catalogue = catalogue

    def __call__(self, key: str, **params: Any) -> str:
        """The words of `key` with its parameters filled in; raises KeyError for one that is not there."""
        found = self._catalogue[key]
        assert isinstance(found, str), f"{key} counts something: use count"
        return found.format(**params) if params else found

    def count(self, key: str, number: int, **params: Any) -> str:
        """The words of `key` in the form that goes with `number`, which fills `{n}`."""
        forms = self._catalogue[key]
        assert isinstance(forms, tuple), f"{key} counts nothing"
        return forms[_plural_index(self.locale, number)].format(n=number, **params)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows `key`."""
        return key in self._catalogue

    def counts(self, key: str) -> bool:
        """Whether `key` has forms by number."""
        return isinstance(self._catalogue[key], tuple)

    def forms(self, key: str) -> tuple[str, ...]:
        """Every form that `key` is written in; one unless it counts."""
        found = self._catalogue[key]
        return found if isinstance(found, tuple) else (found,)

    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(self._catalogue)


@cache
def words(locale: str) -> Words:
    """The words of a language; raises KeyError for one that is not spoken here."""
    if locale not in LOCALES:
        raise KeyError(locale)
    return Words(locale, _catalogue(locale))


def areas(locale: str) -> list[Path]:
    """The catalogue files of a language, one for each area."""
    return sorted((_FOLDER / locale).glob("*.po"))


def _catalogue(locale: str) -> dict[str, str | tuple[str, ...]]:
    found: dict[str, str | tuple[str, ...]] = {}
    for path in areas(locale):
        for key, said in _messages(path, locale):
            assert key not in found, f"{key} stands twice in {locale}"
            found[key] = said
    return found


def _messages(path: Path, locale: str) -> list[tuple[str, str | tuple[str, ...]]]:
    with path.open("rb") as file:
        catalogue: Catalog = read_po(file, locale=locale, abort_invalid=True)
    found: list[tuple[str, str | tuple[str, ...]]] = []
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            assert message.string, f"{key} has no words in {locale}"
            found.append((key, message.string if isinstance(message.string, str) else tuple(message.string)))
    return found


def _plural_index(locale: str, number: int) -> int:
    return _form_of(locale)(abs(number))


@cache
def _form_of(locale: str) -> Callable[[int], int]:
    """Which form goes with a number, by the rule in the head of the language's catalogue."""
    with (_FOLDER / locale / "common.po").open("rb") as file:
        return c2py(read_po(file, locale=locale).plural_expr)
