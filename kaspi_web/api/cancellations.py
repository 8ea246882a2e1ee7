"""/billers/{slug}/cancellations: a biller's door for giving back a payment, or a part of it.

A biller proves itself by HTTP Basic with the password derived for it. Each cancellation has a number of the
biller's own: the same one again answers with the first refund.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kaspi_web.api import basic
from kaspi_web.domain.bills import refunds
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import Money

_MOST_BYTES = 8 * 1024
_CANCEL_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_STATUS = {"refund_unknown": 404, "refund_not_paid": 409, "refund_too_much": 422, "refund_same_id": 409}


def routes(bank: Bank) -> list[Route]:
    """The endpoint of this bank."""
    return [Route("/billers/{slug}/cancellations", Cancellations(bank).take, methods=["POST"])]


class Cancellations:
    """Takes cancellations for one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def take(self, request: Request) -> Response:
        """Refund what is asked for: 200 with its parts; 400, 401, 404, 409 or 422 with a code, and nothing is moved."""
        slug = request.path_params["slug"]
        if not self._knows(slug, request):
            return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="billers"'})
        asked = _read(await request.body())
        if asked is None:
            return JSONResponse({"error": "bad_request"}, status_code=400)
        try:
            made = await self._bank.db.write(refunds.refund, slug=slug, **asked)
        except DomainError as refusal:
            return JSONResponse({"error": refusal.code}, status_code=_STATUS.get(refusal.code, 409))
        return JSONResponse({"cancel_id": asked["cancel_id"], "refunded": made.amount.wire, "state": "done"})

    def _knows(self, slug: str, request: Request) -> bool:
        name, secret = basic.read(request.headers.get("authorization", ""))
        own = basic.fits(secret, self._bank.keys.secret("biller", slug))
        # All simulated billers are one program, which has one password.
        simulated = basic.fits(secret, self._bank.keys.secret("billers", "simulated"))
        return name == slug and (own or (simulated and self._bank.settings.demo))


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        given: Any = json.loads(body) if len(body) <= _MOST_BYTES else None
        asked = {name: given.get(name, "") for name in ("cancel_id", "txn_id", "sum", "reason")}
        if not all(isinstance(text, str) and text.isprintable() for text in asked.values()):
            return None
        amount = Money.from_wire(asked.pop("sum")) if asked["sum"] else None
    except (ValueError, AttributeError, RecursionError):
        return None
    asked.pop("sum", None)
    return asked | {"amount": amount} if _CANCEL_ID.fullmatch(asked["cancel_id"]) else None
