"""/shop/api/v2: orders for merchants' programs, JSON:API with a token in X-Auth-Token (docs/protocols.md)."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kaspi_web.api import merchant_words as said
from kaspi_web.api.rates import Rates
from kaspi_web.domain.merchants import service as merchants
from kaspi_web.domain.merchants.queries import MerchantView
from kaspi_web.domain.orders import dropping, giving_back, hand_over, lifecycle, returns, selling
from kaspi_web.domain.orders.selling import Wanted
from kaspi_web.domain.orders.transitions import PLACES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy, DomainError, Invalid, NotFound, Overloaded

BASE = "/shop/api/v2"
REQUESTS_A_MINUTE = 600
_MOST_BYTES = 8 * 1024
_MOST_TOKEN = 200
_ID = re.compile(r"[a-z0-9]{1,26}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_MODES = ("DELIVERY_PICKUP", "DELIVERY_LOCAL", "DELIVERY_REGIONAL_TODOOR")
_GROUPS = {"PICKUP": "DELIVERY_PICKUP", "DELIVERY": "DELIVERY_LOCAL", "KASPI_DELIVERY": "DELIVERY_REGIONAL_TODOOR"}
_STATES, _STATUSES = {place.state for place in PLACES}, {place.status for place in PLACES}
_RETURN_STATES = ("asked", "approved", "refused", "done", "withdrawn")
_Deed = Callable[[Request, MerchantView], Awaitable[dict[str, Any]]]


class BadQuestion(Invalid):
    """The request cannot be read; `field` of the parameters says what of it."""

    code = "bad_request"


def routes(bank: Bank) -> list[Route]:
    """The endpoints of this bank."""
    desk = MerchantOrders(bank)
    deeds: tuple[tuple[str, str, _Deed], ...] = (
        ("GET", "/orders", desk.listed),
        ("POST", "/orders", desk.changed),
        ("GET", "/orders/{id}", desk.one),
        ("GET", "/orders/{id}/entries", desk.entries),
        ("GET", "/returns", desk.returns),
        ("POST", "/returns", desk.answered),
    )
    return [Route(BASE + path, desk.door(deed), methods=[method]) for method, path, deed in deeds]


class MerchantOrders:
    """Answers for one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank, self._rates = bank, Rates(REQUESTS_A_MINUTE)

    def door(self, deed: _Deed) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint: 401 without a merchant's token, 429 too often, else the deed's answer or its refusal."""

        async def answer(request: Request) -> Response:
            token = request.headers.get("x-auth-token", "")
            known = len(token) <= _MOST_TOKEN and await self._bank.db.read(merchants.authenticate, token=token)
            if not known:
                return self._out(said.error(401, "unauthorized"), 401)
            wait = self._rates.wait_s(known.slug)
            if wait:
                return self._out(said.error(429, "too_many_requests"), 429, {"Retry-After": str(wait)})
            try:
                return self._out(await deed(request, known))
            except DomainError as refusal:
                return self._refused(refusal)

        return answer

    def _out(self, body: dict[str, Any], status: int = 200, more: dict[str, str] | None = None) -> Response:
        # A demo's clock may be ahead of everybody's: programs that ask for days need it.
        now = str(said.milliseconds(self._bank.clock.now()))
        headers = {"Cache-Control": "no-store", "X-Bank-Time": now} | (more or {})
        return JSONResponse(body, status_code=status, media_type="application/vnd.api+json", headers=headers)

    def _refused(self, refusal: DomainError) -> Response:
        status = _status(refusal)
        return self._out(said.error(status, refusal.code, refusal.params), status)

    async def listed(self, request: Request, who: MerchantView) -> dict[str, Any]:
        """A page of orders."""
        wanted = _wanted(request)
        page = await self._bank.db.read(selling.sold, merchant_id=who.id, wanted=wanted)
        include = "user" in request.query_params.get("include[orders]", "").split(",")
        return said.page(page, wanted, include_users=include)

    async def one(self, request: Request, who: MerchantView) -> dict[str, Any]:
        """One order."""
        return {"data": said.order(await self._sold(who, _id(request.path_params["id"])))}

    async def entries(self, request: Request, who: MerchantView) -> dict[str, Any]:
        """The goods of one order."""
        found = await self._sold(who, _id(request.path_params["id"]))
        return {"data": [said.entry(found, line) for line in found.order.lines if line.kind == "goods"]}

    async def _sold(self, who: MerchantView, order_id: str) -> selling.Sold:
        return await self._bank.db.read(selling.one, merchant_id=who.id, order_id=order_id)

    async def changed(self, request: Request, who: MerchantView) -> dict[str, Any]:
        """Bring an order on its way; answers how it stands then."""
        order_id, given = await _asked(request, "orders")
        await self._move(request, {"merchant_id": who.id, "order_id": order_id}, given)
        return {"data": said.order(await self._sold(who, order_id))}

    async def _move(self, request: Request, this: dict[str, Any], given: dict[str, Any]) -> None:
        status, write = given.get("status"), self._bank.db.write
        if status == "CANCELLED":
            more: dict[str, Any] = {"reason": _text(given, "cancellationReason", most=40)}
            if "entryNumber" in given:
                more |= {"line": _whole(given, "entryNumber"), "cancelled": _whole(given, "cancelledQuantity")}
            await write(dropping.cancel_by_merchant, **this, **more)
        elif status in ("ASSEMBLE", "ASSEMBLED"):
            await write(lifecycle.assemble, **this, spaces=_whole(given, "numberOfSpace"))
        elif status == "COMPLETED":
            await self._complete(request, this)
        elif isinstance(status, str) and status in _PLAIN:
            await write(_PLAIN[status], **this)
        else:
            raise BadQuestion(field="status")

    async def _complete(self, request: Request, this: dict[str, Any]) -> None:
        code = request.headers.get("x-security-code", "").strip()
        if not code:
            if request.headers.get("x-send-code", "").lower() != "true":
                raise BadQuestion(field="X-Security-Code")
            await self._bank.db.write(hand_over.ask_code, **this)
            return
        refusal = await self._bank.db.write(hand_over.hand_over, **this, code=code[:20])
        if refusal is not None:
            raise refusal

    async def returns(self, request: Request, who: MerchantView) -> dict[str, Any]:
        """What buyers want to give back."""
        state = _one_of(request, "filter[returns][state]", _RETURN_STATES)
        found = await self._bank.db.read(selling.returns, merchant_id=who.id, state=state)
        return {"data": [said.returned(each) for each in found]}

    async def answered(self, request: Request, who: MerchantView) -> dict[str, Any]:
        """Approve, refuse or receive a return; answers how it stands then."""
        return_id, given = await _asked(request, "returns")
        this: dict[str, Any] = {"merchant_id": who.id, "return_id": return_id}
        write = self._bank.db.write
        status = given.get("status")
        if status == "REFUSED":
            await write(returns.refuse, **this, refusal=_text(given, "refusal", most=returns.MAX_REFUSAL))
        elif status == "APPROVED":
            await write(returns.approve, **this)
        elif status == "RECEIVED":
            await write(giving_back.receive, **this)
        else:
            raise BadQuestion(field="status")
        return {"data": said.returned(await self._bank.db.read(selling.one_return, **this))}


_PLAIN: dict[str, Callable[..., None]] = {
    "ACCEPTED_BY_MERCHANT": lifecycle.accept,
    "TRANSMITTED": lifecycle.transmit,
    "ARRIVED": lifecycle.arrive,
    "KASPI_DELIVERY_RETURN_REQUESTED": lifecycle.not_taken,
    "RETURN_ACCEPTED_BY_MERCHANT": lifecycle.take_back,
    "RETURNED": dropping.parcel_back,
}


def _status(refusal: DomainError) -> int:
    kinds: tuple[tuple[type[DomainError], int], ...] = ((NotFound, 404), (Busy, 429), (Overloaded, 503), (Invalid, 400))
    return next((status for kind, status in kinds if isinstance(refusal, kind)), 409)


def _wanted(request: Request) -> Wanted:
    given = request.query_params
    date = "filter[orders][creationDate]"
    mode = _one_of(request, "filter[orders][deliveryType]", (*_MODES, *_GROUPS))
    code = given.get("filter[orders][code]", "")
    if code and not _NUMBER.fullmatch(code):
        raise BadQuestion(field="filter[orders][code]")
    return Wanted(
        since=_moment(given.get(f"{date}[$ge]", ""), f"{date}[$ge]"),
        until=_moment(given.get(f"{date}[$le]", ""), f"{date}[$le]"),
        states=_several(request, "filter[orders][state]", _STATES),
        status=_one_of(request, "filter[orders][status]", _STATUSES - {"FUNDING"}),
        mode=_GROUPS.get(mode, mode),
        code=code,
        page=_between(request, "page[number]", 0, 0, 100_000),
        size=_between(request, "page[size]", 20, 1, selling.MOST),
    )


def _moment(text: str, field: str) -> datetime:
    if not _NUMBER.fullmatch(text) or int(text) > said.LAST_MS:
        raise BadQuestion(field=field)
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def _one_of(request: Request, name: str, words: Any) -> str:
    given = request.query_params.get(name, "")
    if given and given not in words:
        raise BadQuestion(field=name)
    return given


def _several(request: Request, name: str, words: Any) -> tuple[str, ...]:
    given = tuple(filter(None, request.query_params.get(name, "")[:200].split(",")))
    if not set(given) <= set(words):
        raise BadQuestion(field=name)
    return given


def _between(request: Request, name: str, usual: int, least: int, most: int) -> int:
    given = request.query_params.get(name, str(usual))
    if not _NUMBER.fullmatch(given) or not least <= int(given) <= most:
        raise BadQuestion(field=name)
    return int(given)


def _id(text: Any) -> str:
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise NotFound
    return text


async def _asked(request: Request, kind: str) -> tuple[str, dict[str, Any]]:
    body = await request.body()
    try:
        given: Any = json.loads(body) if len(body) <= _MOST_BYTES else None
        data = given["data"]
        if data["type"] != kind or not isinstance(data["attributes"], dict):
            raise BadQuestion(field="data")
        return _id(data["id"]), data["attributes"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadQuestion(field="data") from None


def _text(given: dict[str, Any], name: str, *, most: int) -> str:
    value = given.get(name)
    if not isinstance(value, str) or len(value) > most or not value.isprintable():
        raise BadQuestion(field=name)
    return value


def _whole(given: dict[str, Any], name: str) -> int:
    value = given.get(name)
    value = int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
    if type(value) is not int or abs(value) > 10**9:
        raise BadQuestion(field=name)
    return value
