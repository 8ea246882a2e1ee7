"""Random codes and names that nobody can guess."""

from __future__ import annotations

import secrets
import time

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def six_digits() -> str:
    """A code for an SMS: six digits from the system's source of randomness."""
    return digits(6)


def digits(many: int) -> str:
    """So many digits from the same source."""
    return f"{secrets.randbelow(10**many):0{many}d}"


def public_id() -> str:
    """A name for a thing in a URL: 26 characters, 128 bits, none that look alike."""
    return _letters(secrets.randbelow(len(_ALPHABET) ** 26), 26)


def ordered_key() -> str:
    """An idempotency key: 26 characters that sort by the moment they were drawn, with 79 random bits.

    Keys that come in order are written side by side in an index; random ones touch a page each, the more of them
    the longer the history is.
    """
    return _letters(time.time_ns() // 1_000_000, 10) + _letters(secrets.randbelow(len(_ALPHABET) ** 16), 16)


def _letters(number: int, many: int) -> str:
    letters = ""
    for _ in range(many):
        number, letter = divmod(number, len(_ALPHABET))
        letters = _ALPHABET[letter] + letters
    return letters
