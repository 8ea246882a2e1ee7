"""The HTTP doors of the simulated processor: JSON in, JSON out; every deed with a card needs the password."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kaspi_web.kernel.card_numbers import Expiry
from kaspi_web.kernel.money import Money
from kaspi_web.simulators.basic import is_client, stranger
from kaspi_web.simulators.processor import faults
from kaspi_web.simulators.processor.book import Book
from kaspi_web.simulators.processor.counter import Asked, Counter, OtherContent, Reply

_MOST_BYTES = 16 * 1024


@dataclass(slots=True)
class Office:
    """Everything the doors share; `closing` ends answers that are being held back."""

    book: Book
    counter: Counter
    secret: str
    plan: faults.Plan = field(default_factory=faults.Plan)
    closing: asyncio.Event = field(default_factory=asyncio.Event)


def make_app(office: Office) -> Starlette:
    """The application over one office."""
    return Starlette(routes=_Doors(office).routes())


class _Doors:
    def __init__(self, office: Office) -> None:
        self._office, self._counter = office, office.counter

    def routes(self) -> list[Route]:
        posts = {
            "/links": ("link", self._link),
            "/challenges/{key}/code": ("code", self._code),
            "/challenges/{key}/text": ("code", self._text),
            "/charges": ("charge", self._charge),
            "/charges/{key}/capture": ("capture", self._capture),
            "/charges/{key}/void": ("void", self._void),
            "/charges/{key}/refunds": ("refund", self._refund),
            "/recipients": ("recipient", self._recipient),
            "/payouts": ("payout", self._payout),
        }
        return [
            Route("/health", self._health),
            Route("/cards", self._cards, methods=["GET", "DELETE"]),
            Route("/faults", self._faults, methods=["GET", "POST", "DELETE"]),
            Route("/charges/{key}", self._door("look", self._look), methods=["GET"]),
            *(Route(path, self._door(name, deed), methods=["POST"]) for path, (name, deed) in posts.items()),
        ]

    def _door(self, name: str, deed: Callable[[Request, dict[str, Any], bool], Reply]) -> Any:
        async def answer(request: Request) -> Response:
            if not is_client(request, self._office.secret):
                return stranger("processor")
            given = await _object(request) if request.method == "POST" else {}
            fault = self._office.plan.strike(name)
            mode = fault.mode if fault else ""
            if mode == "down":
                return Response(status_code=503)
            try:
                reply = await run_in_threadpool(deed, request, given, mode == "decline")
            except OtherContent:
                return JSONResponse({"error": "the key was used for something else"}, 409)
            except (KeyError, TypeError, ValueError):
                return JSONResponse({"error": "not understood"}, 400)
            await self._hold_back(reply.delay_s + (fault.seconds if fault else 0.0))
            if mode == "silent":
                return Response(status_code=503)
            body = json.dumps(reply.body).encode()
            return Response(body[: len(body) // 2] if mode == "broken" else body, media_type="application/json")

        return answer

    async def _hold_back(self, seconds: float) -> None:
        if not seconds:
            return
        try:
            await asyncio.wait_for(self._office.closing.wait(), seconds)
        except TimeoutError:
            return

    def _link(self, _: Request, given: dict[str, Any], no: bool) -> Reply:
        month, _slash, year = _text(given, "expiry").partition("/")
        expiry = Expiry(2000 + int(year), int(month))
        words = (_text(given, name) for name in ("phone", "language"))
        key, number, cvc = (_text(given, name) for name in ("key", "number", "cvc"))
        return self._counter.link(key, number, expiry, cvc, *words, no=no)

    def _code(self, request: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.type_code(_key(request), _text(given, "code"))

    def _text(self, request: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.text_again(_key(request))

    def _charge(self, _: Request, given: dict[str, Any], no: bool) -> Reply:
        words = {name: _text(given, name) for name in ("key", "token", "phone", "language", "payee")}
        return self._counter.charge(Asked(amount=_sum(given), **words), no=no)

    def _look(self, request: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.look(_key(request))

    def _capture(self, request: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.capture(_key(request))

    def _void(self, request: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.void(_key(request))

    def _refund(self, request: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.refund(_key(request), _text(given, "key"), _sum(given), no=no)

    def _recipient(self, _: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.recipient(_text(given, "number"))

    def _payout(self, _: Request, given: dict[str, Any], no: bool) -> Reply:
        return self._counter.payout(_text(given, "key"), _text(given, "token"), _sum(given), no=no)

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"ok": True, "today": date.today().isoformat()})

    async def _cards(self, request: Request) -> Response:
        if request.method == "DELETE":
            await run_in_threadpool(self._office.book.forget)
            self._office.plan.clear()
            return Response(status_code=204)
        return JSONResponse(await run_in_threadpool(self._counter.cards))

    async def _faults(self, request: Request) -> Response:
        plan = self._office.plan
        if request.method == "DELETE":
            plan.clear()
        if request.method == "POST":
            try:
                plan.add(faults.read(await _object(request)))
            except faults.BadFault as error:
                raise HTTPException(400, str(error)) from None
        return JSONResponse(plan.listed())


async def _object(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise HTTPException(413)
    try:
        given = json.loads(bytes(body) or b"{}")
    except (ValueError, RecursionError):
        raise HTTPException(400, "a JSON object") from None
    if not isinstance(given, dict):
        raise HTTPException(400, "a JSON object")
    return given


def _key(request: Request) -> str:
    return str(request.path_params["key"])


def _text(given: dict[str, Any], name: str) -> str:
    value = given[name]
    if not isinstance(value, str) or len(value) > 200:
        raise ValueError(name)
    return value


def _sum(given: dict[str, Any]) -> Money:
    amount = Money.from_wire(_text(given, "amount"))
    if not amount:
        raise ValueError("amount")
    return amount
