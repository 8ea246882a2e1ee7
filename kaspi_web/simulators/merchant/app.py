"""The control door of the simulated sellers: what happens at a counter, told by whoever plays the demo."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kaspi_web.simulators.basic import is_client, stranger
from kaspi_web.simulators.merchant import faults
from kaspi_web.simulators.merchant.desk import Desk
from kaspi_web.simulators.merchant.shop import Refused, Shop

_MOST_BYTES = 8 * 1024
_SENDING = {"X-Send-Code": "true", "X-Security-Code": ""}
_Deed = Callable[[Shop, Mapping[str, str]], None]

DEEDS: dict[str, _Deed] = {
    "here": lambda shop, given: shop.change(given["order"], "COMPLETED", headers=_SENDING),
    "code": lambda shop, given: shop.change(given["order"], "COMPLETED", headers={"X-Security-Code": given["code"]}),
    "accept": lambda shop, given: shop.change(given["order"], "ACCEPTED_BY_MERCHANT"),
    "out_of_stock": lambda shop, given: shop.change(
        given["order"], "CANCELLED", cancellationReason="MERCHANT_OUT_OF_STOCK"
    ),
    "not_taken": lambda shop, given: shop.change(given["order"], "KASPI_DELIVERY_RETURN_REQUESTED"),
    "accept_return": lambda shop, given: shop.answer(given["return"], "APPROVED"),
    "refuse_return": lambda shop, given: shop.answer(given["return"], "REFUSED", refusal=given["words"]),
    "receive_return": lambda shop, given: shop.answer(given["return"], "RECEIVED"),
}
"""What a seller can be told: `here` the buyer is at the counter, `code` is what they say, and so on."""


@dataclass(slots=True)
class Office:
    """Everything the doors share."""

    desk: Desk
    secret: str


def make_app(office: Office) -> Starlette:
    """The application over one office."""
    app = Starlette(
        routes=[
            Route("/health", _health),
            Route("/faults", _faults, methods=["GET", "POST", "DELETE"]),
            Route("/deeds", _deed, methods=["POST"]),
        ]
    )
    app.state.office = office
    return app


async def _health(_: Request) -> Response:
    return JSONResponse({"ok": True})


async def _deed(request: Request) -> Response:
    """Do what a seller is told: 204, or the bank's refusal as 409 with its code; 404 for a seller nobody knows."""
    office: Office = request.app.state.office
    if not is_client(request, office.secret):
        return stranger("merchant")
    given = await _given(request)
    deed, shop = DEEDS.get(given.get("deed", "")), office.desk.shops.get(given.get("merchant", ""))
    if shop is None:
        raise HTTPException(404)
    if deed is None:
        raise HTTPException(400)
    try:
        await run_in_threadpool(deed, shop, given)
    except KeyError:
        raise HTTPException(400) from None
    except Refused as no:
        return JSONResponse({"status": no.status, "code": no.code}, status_code=409)
    return Response(status_code=204)


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
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise HTTPException(400)
    return given


async def _faults(request: Request) -> Response:
    plan = request.app.state.office.desk.plan
    if request.method == "DELETE":
        plan.clear()
    if request.method == "POST":
        try:
            plan.add(faults.read(await request.json()))
        except (faults.BadFault, ValueError, AttributeError) as bad:
            raise HTTPException(400, str(bad)) from None
    return JSONResponse(plan.listed())
