"""Our own cards' numbers, expiry dates and security codes: derived when they are needed, stored nowhere."""

from __future__ import annotations

from datetime import datetime

from kaspi_web.kernel.card_numbers import OWN_BIN, Expiry, check_digit
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.keys import Keys

GOOD_FOR_YEARS = 5


def number_of(keys: Keys, public_id: str) -> str:
    """The card's sixteen digits: our BIN, nine digits that only the keys can tell, Luhn's digit."""
    body = f"{OWN_BIN}{_number(keys, 'card_number', public_id) % 10**9:09d}"
    return body + check_digit(body)


def token_of(keys: Keys, number: str) -> str:
    """What is stored of a number: a keyed digest."""
    return keys.digest("card_token", number)


def cvc_of(keys: Keys, public_id: str) -> str:
    """The card's security code."""
    return f"{_number(keys, 'card_cvc', public_id) % 1_000:03d}"


def expiry_of(opened_at: datetime) -> Expiry:
    """The last month of a card that was opened then."""
    opened = opened_at.astimezone(ALMATY)
    return Expiry(opened.year + GOOD_FOR_YEARS, opened.month)


def _number(keys: Keys, purpose: str, text: str) -> int:
    return int(keys.digest(purpose, text), 16)
