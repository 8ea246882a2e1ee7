"""/papers: receipts and statements as files, for their owner's browser only.

A page is set in a thread after its facts were read, and only a few at once: setting one is work for the processor.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaspi_web.api import cookies
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sessions.service import Visitor
from kaspi_web.domain.wallet.listing import StatementTooLong
from kaspi_web.i18n import words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.locales import LOCALES
from kaspi_web.papers import pdf, receipts, spreadsheet, statements
from kaspi_web.papers.periods import PeriodBackwards, closed, period_in
from kaspi_web.papers.receipts import Receipt
from kaspi_web.papers.statements import Statement

_AT_ONCE = 2
_PDF, _CSV = "application/pdf", "text/csv; charset=utf-8"


def routes(bank: Bank) -> list[Route]:
    """The files of this bank."""
    counter = Papers(bank)
    return [
        Route("/papers/{locale}/receipt/{receipt}.pdf", counter.receipt, methods=["GET"]),
        Route("/papers/{locale}/statement.{kind}", counter.statement, methods=["GET"]),
    ]


class Papers:
    """Answers for one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._desk = asyncio.Semaphore(_AT_ONCE)

    async def receipt(self, request: Request) -> Response:
        """The PDF of a receipt; 404 for everybody but its owner."""
        locale, visitor = str(request.path_params["locale"]), await self._visitor(request)
        if locale not in LOCALES:
            return _not_found()
        if visitor is None:
            return _to_sign_in(locale)
        name = str(request.path_params["receipt"])
        try:
            made = await self._bank.db.read(
                receipts.receipt, customer_id=visitor.customer_id, receipt=name[:64], locale=locale
            )
        except NotFound:
            return _not_found()
        async with self._desk:
            body = await asyncio.to_thread(self._set_receipt, made)
        return _file(body, _PDF, f"receipt-{made.number}.pdf")

    async def statement(self, request: Request) -> Response:
        """The statement for the days of the address, as PDF or CSV."""
        locale, kind = str(request.path_params["locale"]), str(request.path_params["kind"])
        if locale not in LOCALES or kind not in ("pdf", "csv"):
            return _not_found()
        visitor = await self._visitor(request)
        if visitor is None:
            return _to_sign_in(locale)
        try:
            made = await self._read(request, visitor, locale)
        except (StatementTooLong, PeriodBackwards):
            # The page says why in words.
            return RedirectResponse(f"/{locale}/my-payments/statement?{request.url.query}", status_code=303)
        async with self._desk:
            body = await asyncio.to_thread(self._set_statement if kind == "pdf" else _spread, made)
        name = f"statement-{made.first}-{made.last}.{kind}"
        return _file(body, _PDF if kind == "pdf" else _CSV, name)

    async def _visitor(self, request: Request) -> Visitor | None:
        cookie = cookies.sid_in(request.headers.get("cookie", ""), self._bank.settings)
        return await self._bank.db.read(sessions.visitor, cookie=cookie) if cookie else None

    async def _read(self, request: Request, visitor: Visitor, locale: str) -> Statement:
        today = self._bank.clock.today()
        period = closed(period_in(request.query_params, today=today), today=today)
        return await self._bank.db.read(
            statements.statement, customer_id=visitor.customer_id, period=period, locale=locale
        )

    def _set_receipt(self, made: Receipt) -> bytes:
        w = words(made.locale)
        return pdf.receipt_pdf(
            made, heading=w("receipt.title"), brand=self._bank.settings.brand, footer=w("footer.demo")
        )

    def _set_statement(self, made: Statement) -> bytes:
        w = words(made.locale)
        return pdf.statement_pdf(
            made,
            totals=w("papers.totals"),
            rows=w("papers.rows"),
            empty=w("papers.empty"),
            brand=self._bank.settings.brand,
            footer=w("footer.demo"),
        )


def _spread(made: Statement) -> bytes:
    return spreadsheet.csv_of(made, words(made.locale))


def _file(body: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type=kind, headers=headers)


def _not_found() -> Response:
    return Response(status_code=404, headers={"Cache-Control": "no-store"})


def _to_sign_in(locale: str) -> Response:
    return RedirectResponse(f"/{locale}/login", status_code=303, headers={"Cache-Control": "no-store"})
