"""Money: whole tiyn, and reading a sum that a person typed.

Nothing in this project adds sums up as floats or passes them as bare numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from kaspi_web.kernel.errors import Invalid

TIYN_PER_TENGE = 100
MAX_TIYN = 10**15
"""The largest sum that can be typed: ten thousand billion tenge, far inside a BIGINT."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """A sum of tenge, held as a whole number of tiyn; may be negative as a difference."""

    tiyn: int

    def __post_init__(self) -> None:
        assert type(self.tiyn) is int, "money is a whole number of tiyn"

    @classmethod
    def tenge(cls, whole: int, tiyn: int = 0) -> Money:
        """A sum written as tenge and tiyn."""
        return cls(whole * TIYN_PER_TENGE + tiyn)

    @classmethod
    def from_wire(cls, text: str) -> Money:
        """A sum as the payment protocols write it, `200.00`; raises ValueError on anything else."""
        if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,2})?", text, re.ASCII):
            raise ValueError("not a sum")
        whole, _, part = text.partition(".")
        return cls.tenge(int(whole), int(part.ljust(2, "0") or 0))

    @property
    def wire(self) -> str:
        """The sum as the payment protocols write it: a dot and two digits."""
        sign, tiyn = ("-" if self.tiyn < 0 else ""), abs(self.tiyn)
        return f"{sign}{tiyn // TIYN_PER_TENGE}.{tiyn % TIYN_PER_TENGE:02d}"

    def share(self, basis_points: int) -> Money:
        """That many hundredths of a percent of the sum, rounded down to a whole tiyn."""
        return Money(self.tiyn * basis_points // 10_000)

    def __add__(self, other: Money) -> Money:
        return Money(self.tiyn + other.tiyn)

    def __sub__(self, other: Money) -> Money:
        return Money(self.tiyn - other.tiyn)

    def __neg__(self) -> Money:
        return Money(-self.tiyn)

    def __lt__(self, other: Money) -> bool:
        return self.tiyn < other.tiyn

    def __bool__(self) -> bool:
        return self.tiyn != 0


ZERO = Money(0)


class BadAmount(Invalid):
    """The typed sum cannot be read as a sum of money above zero."""

    code, field = "amount_unreadable", "amount"


class AmbiguousAmount(BadAmount):
    """Three digits after a single mark: 1,234 may mean a thousand or one tenge and a bit, so we ask."""

    code = "amount_ambiguous"


class AmountTooFine(BadAmount):
    """More than two digits after the mark: there is nothing smaller than a tiyn."""

    code = "amount_too_fine"


class AmountNotAboveZero(BadAmount):
    """Zero or less."""

    code = "amount_not_above_zero"


class AmountTooLong(BadAmount):
    """More digits than any sum here can have."""

    code = "amount_too_long"


_SPACES = re.compile(r"[\s\u00a0\u202f\u2009]+")
_GROUPED = re.compile(r"[0-9]{1,3}( [0-9]{3})+([.,][0-9]*)?", re.ASCII)
_PLAIN = re.compile(r"([0-9]+)(?:([.,])([0-9]*))?", re.ASCII)
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-"})


def parse_amount(typed: str) -> Money:
    """The sum a person typed, with `,` or `.` before the tiyn and any spaces between groups.

    Raises BadAmount, or the kin that says what is wrong with it.
    """
    text = _SPACES.sub(" ", typed.translate(_SIGNS)).strip().removesuffix("₸").strip()
    if text.startswith("-") and _PLAIN.fullmatch(text[1:].replace(" ", "")):
        raise AmountNotAboveZero
    if " " in text:
        if not _GROUPED.fullmatch(text):
            raise BadAmount
        text = text.replace(" ", "")
    return _plain(text)


def _plain(text: str) -> Money:
    found = _PLAIN.fullmatch(text)
    if not found:
        raise BadAmount
    whole, mark, part = found[1], found[2], found[3] or ""
    if mark and len(part) == 3:
        raise AmbiguousAmount(typed=text)
    if len(part) > 2:
        raise AmountTooFine
    if len(whole.lstrip("0")) > 13:
        raise AmountTooLong
    amount = Money.tenge(int(whole), int(part.ljust(2, "0") or 0))
    if not amount:
        raise AmountNotAboveZero
    return amount
