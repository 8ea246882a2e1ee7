"""The headers that every answer leaves with: who may frame it, what it may run, who may keep it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With no-referrer Chromium would send `Origin: null` along with the forms of our own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Robots-Tag": "noindex, nofollow",
}
_ONE_YEAR_S = 31_536_000
_ONE_DAY_S = 86_400


def content_policy(hashes: Iterable[str], *, socket: str) -> str:
    """The Content-Security-Policy of a page with these inline scripts, whose socket lies at `socket` (`ws://host`)."""
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *hashes)),
        # Reflex writes style attributes; they can restyle a page and run nothing.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self'",
        # Older Safari does not count a socket of the same host as 'self'.
        "connect-src": f"'self' {socket}",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def harden(headers: MutableHeaders, *, policy: str, secure: bool) -> None:
    """Add what keeps a browser from being turned against its owner; what an endpoint set itself stays."""
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", policy)
    if secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={_ONE_YEAR_S}")


def keep_for(headers: MutableHeaders, *, path: str, status: int) -> None:
    """Say how long the answer may be kept: names with a hash for ever, pages never."""
    headers.setdefault("Cache-Control", _keeping(headers, path, status))


def _keeping(headers: MutableHeaders, path: str, status: int) -> str:
    # Somebody signed in may have filled the page; and its policy must always be the one of its own build.
    if is_html(headers):
        return "no-store"
    if status in (200, 304) and path.startswith("/assets/"):
        return f"public, max-age={_ONE_YEAR_S}, immutable"
    if status in (200, 304) and path.startswith("/fonts/"):
        return f"public, max-age={_ONE_DAY_S}"
    return "no-cache" if "etag" in headers else "no-store"


def is_html(headers: MutableHeaders) -> bool:
    """Whether the answer is a page."""
    return headers.get("content-type", "").startswith("text/html")
