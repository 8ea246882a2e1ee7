"""Names and birth dates as typed, and how a name is shown to somebody else."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from kaspi_web.kernel.errors import Invalid

ADULT_YEARS = 18
OLDEST_YEARS = 120
_MARKS = " -'’ʼ."


class NameMissing(Invalid):
    """A name that must be given is empty."""

    code = "name_missing"


class NameUnreadable(Invalid):
    """A name holds digits or signs that no name has."""

    code = "name_unreadable"


class BornUnreadable(Invalid):
    """Day, month and year are no date."""

    code, field = "born_unreadable", "born"


class BornInFuture(BornUnreadable):
    """The date has not come yet."""

    code = "born_in_future"


class BornTooLongAgo(BornUnreadable):
    """Nobody is that old: a slip of the year."""

    code = "born_too_old"


class TooYoung(BornUnreadable):
    """Younger than 18: a wallet of one's own is not open yet."""

    code = "born_too_young"


@dataclass(frozen=True, slots=True)
class Person:
    """Names and birth date, as in the identity card."""

    given_name: str
    family_name: str
    patronymic: str
    born_on: date


def parse_name(typed: str, *, field: str, required: bool = True) -> str:
    """A name with its outer spaces off; raises NameMissing or NameUnreadable for `field`."""
    name = unicodedata.normalize("NFC", " ".join(typed.split()))
    if not name and not required:
        return ""
    if not name:
        raise _at(field, NameMissing())
    if len(name) > 60 or not any(c.isalpha() for c in name) or not all(c.isalpha() or c in _MARKS for c in name):
        raise _at(field, NameUnreadable())
    return name


def _at(field: str, refusal: Invalid) -> Invalid:
    refusal.field = field
    return refusal


def parse_born(day: str, month: str, year: str, *, today: date) -> date:
    """A birth date of an adult; raises BornUnreadable, BornInFuture, BornTooLongAgo or TooYoung."""
    parts = [part.strip() for part in (year, month, day)]
    if not all(part.isascii() and part.isdecimal() for part in parts) or len(parts[0]) != 4:
        raise BornUnreadable
    try:
        born = date(*map(int, parts))
    except ValueError:
        raise BornUnreadable from None
    if born > today:
        raise BornInFuture
    if age(born, today) < ADULT_YEARS:
        raise TooYoung
    if age(born, today) > OLDEST_YEARS:
        raise BornTooLongAgo
    return born


def age(born: date, today: date) -> int:
    """Whole years lived."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def masked_name(given_name: str, family_name: str) -> str:
    """A name as a stranger may see it: `Айгүл Н.`"""
    return f"{given_name} {family_name[:1]}."
