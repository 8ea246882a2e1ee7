"""The languages that every page exists in, and which one a visitor reads."""

from __future__ import annotations

LOCALES = ("kk", "ru", "en")
"""First stands the one for those who say nothing."""


def preferred_locale(*, cookie: str, accept: str) -> str:
    """The language to greet a visitor in: the one chosen before, else the best of Accept-Language, else Kazakh."""
    if cookie in LOCALES:
        return cookie
    wishes = [_wish(part) for part in accept.split(",")[:20]]
    ours = [(weight, name) for name, weight in wishes if name in LOCALES and weight > 0]
    return max(ours, key=lambda pair: pair[0])[1] if ours else LOCALES[0]


def locale_in(path: str) -> str:
    """The language of the page at `path`; paths may be forged, so anything unknown counts as the first."""
    first = path.split("/")[1:2]
    return first[0] if first and first[0] in LOCALES else LOCALES[0]


def _wish(part: str) -> tuple[str, float]:
    tag, _, rest = part.strip().partition(";")
    name = tag.strip().lower().split("-")[0]
    mark, _, weight = rest.strip().partition("=")
    if mark != "q":
        return name, 1.0
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0
