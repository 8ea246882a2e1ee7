"""The HTTP doors of the simulated billers."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from dataclasses import dataclass, field
from datetime import date

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kaspi_web.kernel.osmp import MAX_MESSAGE, BadRequest, parse_query, render
from kaspi_web.simulators.biller import faults
from kaspi_web.simulators.biller.accounts import BILLERS, Biller
from kaspi_web.simulators.biller.book import Book, Row
from kaspi_web.simulators.biller.counter import Counter, Reply

COLUMNS = ("txn_id", "account", "sum", "txn_date", "prv_txn", "state")


@dataclass(slots=True)
class Office:
    """Everything the doors share; `closing` ends answers that are being held back."""

    book: Book
    plan: faults.Plan = field(default_factory=faults.Plan)
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def make_app(office: Office) -> Starlette:
    """The application over one office."""
    app = Starlette(
        routes=[
            Route("/health", _health),
            Route("/osmp/{biller}", _osmp, methods=["GET", "POST"]),
            Route("/registry/{biller}", _registry, methods=["GET", "DELETE"]),
            Route("/faults/{biller}", _faults, methods=["GET", "POST", "DELETE"]),
        ]
    )
    app.state.office, app.state.counter = office, Counter(office.book, office.plan)
    return app


def _biller(request: Request) -> Biller:
    biller = BILLERS.get(request.path_params["biller"])
    if biller is None:
        raise HTTPException(404, "no such biller")
    return biller


async def _health(_: Request) -> Response:
    return JSONResponse({"ok": True, "billers": {code: biller.title for code, biller in BILLERS.items()}})


async def _osmp(request: Request) -> Response:
    biller, query = _biller(request), request.url.query
    if request.method == "POST":
        query = (await _body(request)).decode("utf-8", "replace")
    try:
        asked = parse_query(query)
    except BadRequest as error:
        return _xml(Reply(render(error.answer)))
    reply = await run_in_threadpool(request.app.state.counter.serve, biller, asked)
    await _hold_back(request.app.state.office, reply.delay_s)
    return _xml(reply)


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_MESSAGE:
            raise HTTPException(413)
    return bytes(body)


async def _hold_back(office: Office, seconds: float) -> None:
    if not seconds:
        return
    try:
        await asyncio.wait_for(office.closing.wait(), seconds)
    except TimeoutError:
        return


def _xml(reply: Reply) -> Response:
    return Response(reply.body, reply.status, media_type="text/xml")


async def _registry(request: Request) -> Response:
    biller = _biller(request)
    if request.method == "DELETE":
        await run_in_threadpool(request.app.state.counter.forget, biller)
        return Response(status_code=204)
    try:
        day = date.fromisoformat(request.query_params.get("day", ""))
    except ValueError:
        raise HTTPException(400, "day=YYYY-MM-DD") from None
    rows = await run_in_threadpool(request.app.state.office.book.of_day, biller.code, day)
    return PlainTextResponse(_csv(rows), media_type="text/csv")


def _csv(rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((row.txn_id, row.account, row.sum.wire, row.txn_date, row.prv_txn, row.state) for row in rows)
    return out.getvalue()


async def _faults(request: Request) -> Response:
    biller, plan = _biller(request), request.app.state.office.plan
    if request.method == "DELETE":
        plan.clear(biller.code)
    if request.method == "POST":
        plan.add(biller.code, await _fault(request))
    return JSONResponse(plan.listed(biller.code))


async def _fault(request: Request) -> faults.Fault:
    try:
        given = json.loads(await _body(request))
        return faults.read(given if isinstance(given, dict) else {})
    except ValueError:
        raise HTTPException(400, "a JSON object") from None
    except faults.BadFault as error:
        raise HTTPException(400, str(error)) from None
