"""The cookies of a browser: `sid`, which proves who it is, and `stag`, which says only that `sid` changed.

In demos also `phone`: which browser this is, whoever signs in there; the simulated phone shows its numbers by it.
"""

from __future__ import annotations

import hashlib
import re
from http.cookies import SimpleCookie

from kaspi_web.settings import Settings

TAG_NAME = "stag"
LANG_NAME = "lang"
_PHONE_KEPT_S = 365 * 24 * 3600
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def sid_name(settings: Settings) -> str:
    """The name of the cookie that proves who a browser is; behind TLS no other host or path may set it."""
    return "__Host-sid" if settings.secure_cookies else "sid"


def phone_name(settings: Settings) -> str:
    """The name of the cookie that tells one demo browser from another."""
    return "__Host-phone" if settings.secure_cookies else "phone"


def parse(header: str) -> dict[str, str]:
    """The cookies of a Cookie header; the first of a name wins and nonsense is left out."""
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, mark, value = part.strip().partition("=")
        if mark:
            found.setdefault(name, value)
    return found


def sid_in(header: str, settings: Settings) -> str:
    """The browser's `sid` from a Cookie header, or an empty text when it has none of the right shape."""
    return _shaped(header, sid_name(settings))


def phone_in(header: str, settings: Settings) -> str:
    """The browser's `phone` from a Cookie header, or an empty text."""
    return _shaped(header, phone_name(settings))


def _shaped(header: str, name: str) -> str:
    value = parse(header).get(name, "")
    return value if _SHAPE.fullmatch(value) else ""


def tag_of(sid: str) -> str:
    """The `stag` of a cookie: tells a page that the cookie changed, and nothing of the cookie itself."""
    return hashlib.sha256(b"stag:" + sid.encode()).hexdigest()[:16]


def headers_for(sid: str, settings: Settings) -> list[str]:
    """The Set-Cookie values that give a browser this `sid` and its `stag`."""
    return [_cookie(sid_name(settings), sid, settings, hidden=True), _cookie(TAG_NAME, tag_of(sid), settings)]


def phone_header(value: str, settings: Settings) -> str:
    """The Set-Cookie value of `phone`; it outlives sign-ins and the browser's windows, as numbers do."""
    return f"{_cookie(phone_name(settings), value, settings, hidden=True)}; Max-Age={_PHONE_KEPT_S}"


def _cookie(name: str, value: str, settings: Settings, *, hidden: bool = False) -> str:
    jar: SimpleCookie = SimpleCookie({name: value})
    jar[name]["path"] = "/"
    jar[name]["samesite"] = "Lax"
    jar[name]["httponly"] = hidden
    jar[name]["secure"] = settings.secure_cookies
    return jar[name].OutputString()
