"""Card numbers, expiry dates and security codes as typed: read, checked, and shown with four digits only.

A number lives for as long as one form's answer takes. Nothing here prints one, and no refusal carries one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from kaspi_web.kernel.errors import Invalid

OWN_BIN = "969688"
"""The invented first six digits of this bank's own cards."""
_BRANDS = (("visa", r"4"), ("mastercard", r"5[1-5]|2[2-7]"), ("amex", r"3[47]"), ("unionpay", r"62"), ("mir", r"220"))
_SEPARATORS = re.compile(r"[\s\u00a0\u202f-]+")
_MOST_YEARS = 20


class CardNumberUnreadable(Invalid):
    """Not sixteen digits."""

    code, field = "card_number_unreadable", "number"


class CardNumberMistyped(Invalid):
    """The last digit does not follow from the others: a slip of the finger."""

    code, field = "card_number_mistyped", "number"


class CardExpiryUnreadable(Invalid):
    """Not a month and a year."""

    code, field = "card_expiry_unreadable", "expiry"


class CardExpired(Invalid):
    """The card's last month is over."""

    code, field = "card_expired", "expiry"


class CardCvcUnreadable(Invalid):
    """Not three digits."""

    code, field = "card_cvc_unreadable", "cvc"


@dataclass(frozen=True, slots=True)
class Expiry:
    """The last month in which a card is good."""

    year: int
    month: int

    @property
    def wire(self) -> str:
        """As a card shows it: `09/31`."""
        return f"{self.month:02d}/{self.year % 100:02d}"

    def is_over(self, today: date) -> bool:
        """Whether the month has passed."""
        return (self.year, self.month) < (today.year, today.month)


@dataclass(frozen=True, slots=True, repr=False)
class TypedCard:
    """What was typed of a card; its repr says nothing of it."""

    number: str
    expiry: Expiry
    cvc: str


def parse_number(typed: str) -> str:
    """The sixteen digits of a card; raises CardNumberUnreadable or CardNumberMistyped."""
    digits = _SEPARATORS.sub("", typed)
    if not re.fullmatch(r"[0-9]{16}", digits):
        raise CardNumberUnreadable
    if check_digit(digits[:-1]) != digits[-1]:
        raise CardNumberMistyped
    return digits


def parse_expiry(typed: str, *, today: date) -> Expiry:
    """Month and year in the spellings of cards, `9/31` or `09 2031`; raises CardExpiryUnreadable or CardExpired."""
    found = re.fullmatch(r"([0-9]{1,2})[\s/.-]*((?:20)?[0-9]{2})", typed.strip(), re.ASCII)
    if not found or not 1 <= int(found[1]) <= 12:
        raise CardExpiryUnreadable
    expiry = Expiry(2000 + int(found[2][-2:]), int(found[1]))
    if expiry.is_over(today):
        raise CardExpired
    if expiry.year > today.year + _MOST_YEARS:
        raise CardExpiryUnreadable
    return expiry


def parse_cvc(typed: str) -> str:
    """The three digits on the back; raises CardCvcUnreadable."""
    digits = typed.strip()
    if not re.fullmatch(r"[0-9]{3}", digits):
        raise CardCvcUnreadable
    return digits


def check_digit(digits: str) -> str:
    """The digit that follows these, by Luhn's rule (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def is_own(number: str) -> bool:
    """Whether the number is one of this bank's."""
    return number.startswith(OWN_BIN)


def brand_of(number: str) -> str:
    """The network by the first digits: own, visa, mastercard, amex, unionpay, mir or other."""
    if is_own(number):
        return "own"
    return next((brand for brand, first in _BRANDS if re.match(first, number)), "other")


def grouped(number: str) -> str:
    """The number as it stands on a card: in fours."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
