"""Passwords: how strong one must be, and its argon2 hash. Slow on purpose: never inside a unit of work."""

from __future__ import annotations

from passlib.context import CryptContext
from zxcvbn import zxcvbn

from kaspi_web.kernel.errors import Invalid

MIN_LENGTH = 8
MAX_LENGTH = 256
_SCORED = 72
_CONTEXT_WORDS = [
    "kaspi",
    "wallet",
    "qazaqstan",
    "kazakhstan",
    "almaty",
    "astana",
    "алматы",
    "астана",
    "қазақстан",
    "казахстан",
    "әмиян",
    "пароль",
    "құпиясөз",
]

_hashing = CryptContext(schemes=["argon2"])
_NOBODY = _hashing.hash("a password that nobody has")


class PasswordTooShort(Invalid):
    """Fewer than eight characters."""

    code, field = "password_too_short", "password"


class PasswordTooCommon(Invalid):
    """Among the first that anybody would guess."""

    code, field = "password_too_common", "password"


class PasswordLikePhone(Invalid):
    """Made of the phone number."""

    code, field = "password_like_phone", "password"


def check_strength(password: str, *, phone: str, names: tuple[str, ...] = ()) -> None:
    """Refuse a password that is short, common, or made of what everybody knows of the person."""
    if len(password) < MIN_LENGTH:
        raise PasswordTooShort
    if len(password) > MAX_LENGTH:
        raise PasswordTooCommon
    digits = "".join(c for c in password if c.isdigit())
    if (len(digits) >= 7 and digits in phone) or phone[-10:] in digits:
        raise PasswordLikePhone
    known = [*_CONTEXT_WORDS, *(name.lower() for name in names), phone, phone[2:]]
    if zxcvbn(_bare(password), user_inputs=known)["score"] < 2:
        raise PasswordTooCommon


def _bare(password: str) -> str:
    # The dictionaries are English: a Kazakh or Russian context word would score as random letters.
    lowered = password[:_SCORED]
    for word in _CONTEXT_WORDS:
        lowered = lowered.lower().replace(word, "a") if word in lowered.lower() else lowered
    return lowered or "a"


def hashed(password: str) -> str:
    """The argon2 hash to store."""
    return _hashing.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; takes as long for a number that nobody has."""
    fits = _hashing.verify(password[:MAX_LENGTH], password_hash or _NOBODY)
    return fits and password_hash is not None
