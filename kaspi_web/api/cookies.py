"""Cookies as endpoints use them; the words themselves are in kaspi_web/cookies.py, which screens read too."""

from __future__ import annotations

from starlette.responses import Response

from kaspi_web.cookies import LANG_NAME, TAG_NAME, headers_for, parse, sid_in, sid_name, tag_of
from kaspi_web.settings import Settings

__all__ = ["LANG_NAME", "TAG_NAME", "headers_for", "issue", "parse", "sid_in", "sid_name", "tag_of"]


def issue(response: Response, sid: str, settings: Settings) -> None:
    """Give the browser this `sid`, as after signing in or out; the page that follows gets a fresh socket."""
    for value in headers_for(sid, settings):
        response.raw_headers.append((b"set-cookie", value.encode()))
