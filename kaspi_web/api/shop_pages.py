"""The shop's pages for search engines and for browsers without scripts: the built page, filled from the database.

Addresses that hold a name are not prerendered, so what the shop sells would be nowhere in its HTML.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from kaspi_web.api import shop_facts
from kaspi_web.api.addresses import origin_of
from kaspi_web.api.front_door import CLIENT_BUILD
from kaspi_web.api.shop_html import Page, filled
from kaspi_web.i18n import LOCALES, Words, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import DomainError

Read = Callable[..., Page]
_EMPTY = '<!DOCTYPE html><html lang="en"><head></head><body></body></html>'
"""While nothing is built yet."""
_LONGEST = 120
_NEXT = "after"
_NARROWING = {"q", "sort", "from", "to", "brand", "in"}


def routes(bank: Bank, build: Path = CLIENT_BUILD) -> list[Route]:
    """The pages of this bank's shop in every language."""
    desk = Desk(bank, build)
    kinds: dict[str, Read] = {
        "": shop_facts.home,
        "/": shop_facts.home,
        "/p/{slug}": shop_facts.product,
        "/c/{slug}": shop_facts.category,
        "/m/{slug}": shop_facts.merchant,
    }
    smaller = [Middleware(GZipMiddleware, minimum_size=1_000)]
    return [
        Route(f"/{locale}/shop{path}", desk.page(locale, read), methods=["GET"], middleware=smaller)
        for locale in LOCALES
        for path, read in kinds.items()
    ]


class Desk:
    """Answers for one bank."""

    def __init__(self, bank: Bank, build: Path) -> None:
        self._bank, self._build = bank, build
        self._shells: dict[str, str] = {}

    def page(self, locale: str, read: Read) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that fills the built page with what `read` finds; 404, with the app all the same, for nothing."""

        async def answer(request: Request) -> Response:
            w, shell = words(locale), await asyncio.to_thread(self._shell, request.url.path)
            asked = dict(request.query_params)
            given: dict[str, Any] = {
                "w": w,
                "slug": str(request.path_params.get("slug", ""))[:_LONGEST].replace("\0", ""),
                "after": asked.pop(_NEXT, "")[:200].replace("\0", ""),
                "origin": origin_of(request.scope, self._bank.settings),
            }
            try:
                page = await self._bank.db.read(_page, read=read, is_narrowed=_is_narrowed(asked), **given)
            except DomainError:
                return HTMLResponse(shell, status_code=404)
            html = filled(shell, page, w, origin=given["origin"], brand=self._bank.settings.brand)
            robots = "all" if page.is_listed else "noindex, follow"
            return HTMLResponse(html, headers={"X-Robots-Tag": robots})

        return answer

    def _shell(self, path: str) -> str:
        """The built page for an address: its own where it was prerendered, else the one for all others."""
        own = self._build / path.strip("/") / "index.html"
        name = path.strip("/") if path.count("/") < 4 and own.is_file() else ""
        if name not in self._shells:
            file = own if name else self._build / "404.html"
            if not file.is_file():
                return _EMPTY
            self._shells[name] = file.read_text("utf-8")
        return self._shells[name]


def _is_narrowed(asked: dict[str, str]) -> bool:
    """Whether the address shows a part of a list: the app draws it, and nobody need keep it."""
    return any(name in _NARROWING or name.startswith("f.") for name in asked)


def _page(unit: Unit, *, read: Read, w: Words, **given: Any) -> Page:
    return read(unit, w, **given)
