"""Random codes and names that nobody can guess."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def six_digits() -> str:
    """A code for an SMS: six digits from the system's source of randomness."""
    return f"{secrets.randbelow(1_000_000):06d}"


def public_id() -> str:
    """A name for a thing in a URL: 26 characters, 128 bits, none that look alike."""
    number, letters = secrets.randbelow(len(_ALPHABET) ** 26), ""
    for _ in range(26):
        number, letter = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[letter]
    return letters
