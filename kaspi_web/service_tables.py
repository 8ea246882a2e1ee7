"""Tables of a data file, read with care: each value has a kind, and what has no meaning is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from kaspi_web.kernel.money import Money

LOCALES = ("kk", "ru", "en")


class BadServiceFile(Exception):
    """A data file that cannot be used; says which, where in it, and what was expected."""


class Table:
    """One table of a file: values of an expected kind, and no others."""

    def __init__(self, file: Path, place: str, data: Any) -> None:
        self.file, self.place = file, place
        if not isinstance(data, dict):
            raise BadServiceFile(f"{file}: {place}: expected a table")
        self.data: dict[str, Any] = data

    def bad(self, key: str, expected: str) -> BadServiceFile:
        """The refusal of a value."""
        return BadServiceFile(f"{self.file}: {self.place}: {key}: expected {expected}")

    def only(self, *keys: str) -> None:
        """Refuse keys that mean nothing: most are slips of the pen."""
        unknown = set(self.data) - set(keys)
        if unknown:
            raise BadServiceFile(f"{self.file}: {self.place}: unknown key {min(unknown)}")

    def text(self, key: str, usual: str | None = None, *, most: int = 120) -> str:
        """A text; without a usual one it must be there and say something."""
        value = self.data.get(key, usual)
        if not isinstance(value, str) or len(value) > most or (usual is None and not value.strip()):
            raise self.bad(key, f"a text of {most} characters at most")
        return value

    def one_of(self, key: str, known: Iterable[str], usual: str | None = None) -> str:
        """One of the known words."""
        value, known = self.text(key, usual), list(known)
        if value not in known:
            raise self.bad(key, f"one of {', '.join(filter(None, known))}")
        return value

    def flag(self, key: str, usual: bool) -> bool:
        """Yes or no."""
        value = self.data.get(key, usual)
        if type(value) is not bool:
            raise self.bad(key, "true or false")
        return value

    def sum(self, key: str, usual: str) -> Money:
        """A sum of money, written as text so that no float comes near it."""
        try:
            return Money.from_wire(self.text(key, usual))
        except ValueError:
            raise self.bad(key, 'a sum such as "10.00"') from None

    def names(self, key: str, *, usual: str | None = None, most: int = 120) -> dict[str, str]:
        """A text in three languages, or one text that all share."""
        value = self.data.get(key, usual)
        if isinstance(value, str):
            value = dict.fromkeys(LOCALES, value)
        if not isinstance(value, dict) or set(value) != set(LOCALES):
            raise self.bad(key, "a text, or a table of kk, ru and en")
        below = Table(self.file, f"{self.place}: {key}", value)
        return {locale: below.text(locale, usual, most=most) for locale in LOCALES}

    def number(self, key: str, *, most: int) -> int:
        """A whole number, not below zero."""
        value = self.data.get(key)
        if type(value) is not int or not 0 <= value <= most:
            raise self.bad(key, f"a whole number up to {most}")
        return value

    def day(self, key: str) -> date | None:
        """A day, if there is one."""
        value = self.data.get(key)
        if value is not None and type(value) is not date:
            raise self.bad(key, "a date such as 2026-01-01")
        return value

    def matching(self, key: str, pattern: re.Pattern[str], form: str) -> str:
        """A text of a certain form."""
        value = self.text(key)
        if not pattern.fullmatch(value):
            raise self.bad(key, form)
        return value

    def table(self, key: str) -> Table:
        """A table below this one, empty if there is none."""
        return Table(self.file, f"{self.place}: {key}", self.data.get(key, {}))

    def several(self, key: str) -> list[Table]:
        """Tables below this one, in their order."""
        given = self.data.get(key, [])
        if not isinstance(given, list):
            raise self.bad(key, "a list of tables")
        return [Table(self.file, f"{self.place}: {key} {number}", each) for number, each in enumerate(given, start=1)]
