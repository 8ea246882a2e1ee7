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

from kaspi_web.kernel import kaspi_biller
from kaspi_web.kernel.osmp import MAX_MESSAGE, BadRequest, parse_query, render
from kaspi_web.simulators.biller import cancelling, faults
from kaspi_web.simulators.biller.accounts import Biller
from kaspi_web.simulators.biller.book import Book, Row
from kaspi_web.simulators.biller.counter import Counter, Render
from kaspi_web.simulators.biller.envelope import Envelope

COLUMNS = ("txn_id", "account", "sum", "txn_date", "prv_txn", "state", "cancelled")


@dataclass(slots=True)
class Office:
    """Everything the doors share; `closing` ends answers that are being held back."""

    book: Book
    billers: dict[str, Biller]
    envelope: Envelope
    bank: cancelling.Bank = field(default_factory=cancelling.Bank)
    plan: faults.Plan = field(default_factory=faults.Plan)
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def make_app(office: Office) -> Starlette:
    """The application over one office."""
    app = Starlette(
        routes=[
            Route("/health", _health),
            *(Route(f"/{door}/{{biller}}", _desk, methods=["GET", "POST"]) for door in ("osmp", "kaspi")),
            *(Route(f"/{door}/{{biller}}/registry", _registry) for door in ("osmp", "kaspi")),
            Route("/registry", _forget, methods=["DELETE"]),
            Route("/registry/{biller}", _registry, methods=["GET", "DELETE"]),
            Route("/faults/{biller}", _faults, methods=["GET", "POST", "DELETE"]),
            Route("/cancel/{biller}", _cancel, methods=["POST"]),
        ]
    )
    app.state.office, app.state.counter = office, Counter(office.book, office.plan, office.envelope)
    return app


def _biller(request: Request) -> Biller:
    biller = request.app.state.office.billers.get(request.path_params["biller"])
    if biller is None:
        raise HTTPException(404, "no such biller")
    return biller


async def _health(request: Request) -> Response:
    billers = request.app.state.office.billers
    return JSONResponse({"ok": True, "billers": {code: biller.title for code, biller in billers.items()}})


async def _desk(request: Request) -> Response:
    """check and pay; the dialect is that of the door, and of the service behind it."""
    biller, query = _biller(request), request.url.query
    if request.method == "POST":
        query = (await _body(request)).decode("utf-8", "replace")
    as_, kind = _dialect(request, biller)
    try:
        asked = parse_query(query)
    except BadRequest as error:
        return Response(as_(error.answer), media_type=kind)
    reply = await run_in_threadpool(request.app.state.counter.serve, biller, asked, as_=as_)
    await _hold_back(request.app.state.office, reply.delay_s)
    return Response(reply.body, reply.status, media_type=kind)


def _dialect(request: Request, biller: Biller) -> tuple[Render, str]:
    if request.url.path.startswith("/osmp/"):
        return render, "text/xml"
    form = biller.dialect if biller.dialect != "osmp" else kaspi_biller.JSON
    kind = "application/json" if form == kaspi_biller.JSON else "text/xml"
    return (lambda answer: kaspi_biller.render(answer, form=form, bin_=biller.bin)), kind


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


async def _registry(request: Request) -> Response:
    biller = _biller(request)
    if request.method == "DELETE":
        await run_in_threadpool(request.app.state.counter.forget, biller)
        return Response(status_code=204)
    try:
        day = date.fromisoformat(request.query_params.get("day", ""))
    except ValueError:
        raise HTTPException(400, "day=YYYY-MM-DD") from None
    office: Office = request.app.state.office
    rows = await run_in_threadpool(office.book.of_day, biller.code, day)
    return PlainTextResponse(_csv(rows, office.envelope), media_type="text/csv")


async def _forget(request: Request) -> Response:
    for biller in request.app.state.office.billers.values():
        await run_in_threadpool(request.app.state.counter.forget, biller)
    return Response(status_code=204)


def _csv(rows: list[Row], envelope: Envelope) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        account = envelope.unseal(row.sealed) if row.sealed else row.account
        writer.writerow((row.txn_id, account, row.sum.wire, row.txn_date, row.prv_txn, row.state, row.cancelled.wire))
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


async def _cancel(request: Request) -> Response:
    biller, office = _biller(request), request.app.state.office
    try:
        given = json.loads(await _body(request))
        wish = cancelling.read(biller, given if isinstance(given, dict) else {}, office.book)
    except ValueError:
        raise HTTPException(400, "a JSON object") from None
    except cancelling.BadCancellation as error:
        raise HTTPException(400, str(error)) from None
    wish = await run_in_threadpool(office.book.ask_to_cancel, wish)
    state, said = await cancelling.ask(office.bank, wish)
    if state != "asked":
        await run_in_threadpool(office.book.note_cancelled, wish.cancel_id, state)
    return JSONResponse({"cancel_id": wish.cancel_id, "sum": wish.sum.wire, "state": state} | said)
