"""The HTTP doors of the simulated register; every word about a person needs the password."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kaspi_web.simulators.basic import is_client, stranger
from kaspi_web.simulators.register import faults
from kaspi_web.simulators.register.book import Applicant, Book, Full

_MOST_BYTES = 8 * 1024
_Deed = Callable[["Office", dict[str, Any]], Awaitable[Response]]


@dataclass(slots=True)
class Office:
    """Everything the doors share; `closing` ends answers that are being held back."""

    book: Book
    secret: str
    plan: faults.Plan = field(default_factory=faults.Plan)
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def make_app(office: Office) -> Starlette:
    """The application over one office."""
    doors: dict[str, _Deed] = {"/people": _issue, "/people/find": _find, "/people/of-phone": _of_phone}
    app = Starlette(
        routes=[
            Route("/health", _health),
            Route("/faults", _faults, methods=["GET", "POST", "DELETE"]),
            *(Route(path, _door(office, deed), methods=["POST"]) for path, deed in doors.items()),
        ]
    )
    app.state.office = office
    return app


async def _health(_: Request) -> Response:
    return JSONResponse({"ok": True})


def _door(office: Office, deed: _Deed) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not is_client(request, office.secret):
            return stranger("register")
        fault = office.plan.strike()
        if fault is not None and fault.mode == "down":
            return Response(status_code=503)
        said = await deed(office, await _given(request))
        return said if fault is None else await _spoilt(office, said, fault)

    return answer


async def _given(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise HTTPException(413)
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(given, dict):
        raise HTTPException(400)
    return given


async def _spoilt(office: Office, said: Response, fault: faults.Fault) -> Response:
    if fault.mode == "broken":
        return Response(bytes(said.body)[: len(said.body) // 2], said.status_code, media_type="application/json")
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(office.closing.wait(), fault.seconds)
    return said


async def _issue(office: Office, given: dict[str, Any]) -> Response:
    """Issue a card; whoever asked is not told its number."""
    asked = _applicant(given)
    try:
        await run_in_threadpool(office.book.issue, asked)
    except Full:
        return Response(status_code=409)
    return Response(status_code=204)


def _applicant(given: dict[str, Any]) -> Applicant:
    reference, phone = _text(given, "reference", 64), _text(given, "phone", 16)
    given_name, family_name = _text(given, "given_name", 60), _text(given, "family_name", 60)
    patronymic = _text(given, "patronymic", 60, empty=True)
    try:
        born = date.fromisoformat(_text(given, "born_on", 10))
    except ValueError:
        raise HTTPException(400) from None
    if not 1800 <= born.year < 2100:
        raise HTTPException(400)
    return Applicant(reference, phone, given_name, family_name, patronymic, born)


def _text(given: dict[str, Any], name: str, most: int, *, empty: bool = False) -> str:
    value = given.get(name)
    if not isinstance(value, str) or len(value) > most or not (value or empty) or not value.isprintable():
        raise HTTPException(400)
    return value


async def _find(office: Office, given: dict[str, Any]) -> Response:
    found = await run_in_threadpool(office.book.find, _text(given, "iin", 12))
    if found is None:
        return Response(status_code=404)
    return JSONResponse({name: value for name, value in asdict(found).items() if name != "iin"})


async def _of_phone(office: Office, given: dict[str, Any]) -> Response:
    found = await run_in_threadpool(office.book.of_phone, _text(given, "phone", 16))
    return JSONResponse({"people": [asdict(each) for each in found]})


async def _faults(request: Request) -> Response:
    plan: faults.Plan = request.app.state.office.plan
    if request.method == "DELETE":
        plan.set(None)
    if request.method == "POST":
        try:
            plan.set(faults.read(await _given(request)))
        except faults.BadFault as bad:
            raise HTTPException(400, str(bad)) from None
    return JSONResponse(plan.listed())
