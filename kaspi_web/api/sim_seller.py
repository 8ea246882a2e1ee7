"""/sim/seller/{order}: in a demo the buyer plays the seller's counter too, for their own orders only."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kaspi_web.api import cookies
from kaspi_web.domain.orders import views
from kaspi_web.domain.orders.views import OrderView
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.gateways import sellers
from kaspi_web.gateways.sellers import SellerRefused, SellerSilent
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound

DEEDS = ("here", "code", "accept", "out_of_stock", "not_taken", "accept_return", "refuse_return", "receive_return")
_CODE = re.compile(r"[0-9]{4}", re.ASCII)
_MOST_WORDS = 300


def routes(bank: Bank) -> list[Route]:
    """The endpoint of this bank's demo."""
    return [Route("/sim/seller/{order}", Counter(bank).take, methods=["POST"])]


class Counter:
    """Passes on what a buyer does at a counter of one bank's demo."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def take(self, request: Request) -> Response:
        """One deed of a form: 204; 400 for what is none, 404 outside demos and for others' orders, 409 if refused."""
        cookie = cookies.sid_in(request.headers.get("cookie", ""), self._bank.settings)
        visitor = await self._bank.db.read(sessions.visitor, cookie=cookie) if cookie else None
        if not self._bank.settings.demo or visitor is None:
            return Response(status_code=404)
        order_id = str(request.path_params["order"])[:26]
        try:
            order = await self._bank.db.read(views.order, customer_id=visitor.customer_id, order_id=order_id)
        except NotFound:
            return Response(status_code=404)
        return await self._told(request, order)

    async def _told(self, request: Request, order: OrderView) -> Response:
        async with request.form(max_fields=10, max_files=0) as form:
            given = {name: value for name, value in form.items() if isinstance(value, str)}
        words = _words(given, order)
        if words is None:
            return Response(status_code=400)
        try:
            await sellers.tell(self._bank, merchant=order.merchant.slug, deed=given["deed"], **words)
        except SellerRefused as no:
            return JSONResponse({"error": no.code, "why": no.params["why"]}, status_code=409)
        except SellerSilent as no:
            return JSONResponse({"error": no.code}, status_code=502)
        return Response(status_code=204)


def _words(given: dict[str, str], order: OrderView) -> dict[str, str] | None:
    """What the seller is told beside the deed; None for what cannot be."""
    deed = given.get("deed", "")
    if deed not in DEEDS:
        return None
    if deed.endswith("_return"):
        name, why = given.get("return", ""), given.get("words", "")[:_MOST_WORDS]
        is_ours = any(each.id == name for each in order.returns)
        return {"return": name, "words": why or "-"} if is_ours and why.isprintable() else None
    code = given.get("code", "")
    if deed == "code" and not _CODE.fullmatch(code):
        return None
    return {"order": order.id} | ({"code": code} if deed == "code" else {})
