"""IIN, the individual identification number: twelve digits that Kazakhstan gives a person once, for life.

Digits 1-6 are the birth date (YYMMDD), the seventh is century and sex (1/2 for men and women born in the XIX
century, 3/4 in the XX, 5/6 in the XXI), 8-11 a serial number, the twelfth a check digit. Since 26 August 2013 the
date and the sex in it are no longer binding by law, so only the check digit is a rule here.

An IIN is never logged and never part of an address; a refusal does not repeat it.
"""

from __future__ import annotations

from datetime import date

from kaspi_web.kernel.errors import Invalid

LENGTH = 12
_FIRST = tuple(range(1, 12))
_SECOND = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


class BadIin(Invalid):
    """The text is not twelve digits."""

    code, field = "iin_unreadable", "iin"


class WrongIin(BadIin):
    """Twelve digits whose last does not fit the others: a slip of the finger."""

    code = "iin_wrong"


def check_digit(eleven: str) -> int | None:
    """The twelfth digit for the first eleven; None for a beginning that no number has."""
    for weights in (_FIRST, _SECOND):
        rest = sum(weight * int(digit) for weight, digit in zip(weights, eleven, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def parse_iin(typed: str) -> str:
    """The twelve digits, typed with spaces or dashes or without; raises BadIin or WrongIin."""
    digits = "".join(sign for sign in typed if not sign.isspace() and sign != "-")
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdecimal()):
        raise BadIin
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise WrongIin
    return digits


def born_on(iin: str) -> date | None:
    """The birth date that the number holds, or None when it holds none."""
    century = _CENTURIES.get(iin[6])
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6])) if century else None
    except ValueError:
        return None


def sex(iin: str) -> str:
    """`m` or `f` as the number has it; empty when it does not say."""
    return ("f" if int(iin[6]) % 2 == 0 else "m") if iin[6] in _CENTURIES else ""


def prefix(born: date, sex: str) -> str:
    """The first seven digits of somebody born on that day."""
    (mark,) = (digit for digit, year in _CENTURIES.items() if year == born.year // 100 * 100 and _is(digit, sex))
    return f"{born:%y%m%d}{mark}"


def _is(digit: str, sex: str) -> bool:
    return (int(digit) % 2 == 0) == (sex == "f")


def masked(iin: str) -> str:
    """The number as it may be shown: `9001•••• ••07`."""
    return f"{iin[:4]}•••• ••{iin[10:]}"
