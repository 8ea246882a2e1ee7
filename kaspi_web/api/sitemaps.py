"""What search engines are told of the shop: robots.txt, the list of lists of addresses, and those lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from kaspi_web.api.addresses import origin_of
from kaspi_web.domain.catalogue import addresses
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank

MOST = 5_000
"""Addresses in one list."""
_SIZE = MOST // len(LOCALES)
"""Products in one list: each has an address in every language."""
_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_NAMES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_ROBOTS = (
    "User-agent: *\nAllow: /\nDisallow: /auth/\nDisallow: /papers/\nDisallow: /_event\nSitemap: {origin}/sitemap.xml\n"
)
_Entry = tuple[str, datetime | None]


def routes(bank: Bank) -> list[Route]:
    """The lists of this bank's shop."""
    desk = Desk(bank)
    return [
        Route("/robots.txt", desk.robots, methods=["GET"]),
        Route("/sitemap.xml", desk.index, methods=["GET"]),
        Route("/sitemaps/places.xml", desk.places, methods=["GET"]),
        Route("/sitemaps/products-{page:int}.xml", desk.products, methods=["GET"]),
    ]


class Desk:
    """Answers for one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def robots(self, request: Request) -> Response:
        """What may be read; whether it may be kept is said by each page itself."""
        return PlainTextResponse(_ROBOTS.format(origin=self._origin(request)))

    async def index(self, request: Request) -> Response:
        """The list of lists."""
        last = await self._bank.db.read(addresses.last_page, size=_SIZE)
        names = ["places", *(f"products-{page}" for page in range(1, last + 1))]
        origin = escape(self._origin(request))
        found = "".join(f"<sitemap><loc>{origin}/sitemaps/{name}.xml</loc></sitemap>" for name in names)
        return _xml(f"<sitemapindex {_NAMES}>{found}</sitemapindex>")

    async def places(self, request: Request) -> Response:
        """The shop's home, categories and sellers."""
        categories, merchants = await self._bank.db.read(addresses.places)
        paths: list[_Entry] = [("/shop", None)]
        paths += [(f"/shop/c/{quote(slug)}", None) for slug in categories]
        paths += [(f"/shop/m/{quote(slug)}", None) for slug in merchants]
        return _listed(self._origin(request), paths[:_SIZE])

    async def products(self, request: Request) -> Response:
        """One page of products; 404 behind the last."""
        page = int(request.path_params["page"])
        last = await self._bank.db.read(addresses.last_page, size=_SIZE)
        if not 1 <= page <= last:
            return Response(status_code=404)
        found = await self._bank.db.read(addresses.products_of, page=page, size=_SIZE)
        return _listed(self._origin(request), [(f"/shop/p/{quote(slug)}", changed) for slug, changed in found])

    def _origin(self, request: Request) -> str:
        return origin_of(request.scope, self._bank.settings)


def _listed(origin: str, paths: Iterable[_Entry]) -> Response:
    rows = "".join(_url(origin, locale, *entry) for entry in paths for locale in LOCALES)
    return _xml(f"<urlset {_NAMES}>{rows}</urlset>")


def _url(origin: str, locale: str, path: str, changed: datetime | None) -> str:
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{each}" href="{escape(f"{origin}/{each}{path}")}"/>' for each in LOCALES
    )
    when = f"<lastmod>{changed:%Y-%m-%dT%H:%M:%S+00:00}</lastmod>" if changed else ""
    return f"<url><loc>{escape(f'{origin}/{locale}{path}')}</loc>{when}{others}</url>"


def _xml(text: str) -> Response:
    return Response(_XML + text, media_type="application/xml")
