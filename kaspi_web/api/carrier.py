"""/sim/sms: the simulated carrier's door, by which other programs of a demo text the simulated phone.

A carrier takes messages from its clients only: each has a name and the password derived for it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kaspi_web.api import basic
from kaspi_web.gateways.sms import SimulatedPhone
from kaspi_web.kernel.bank import Bank

MOST_LETTERS = 500
_MOST_BYTES = 8 * 1024
_NAME = re.compile(r"[a-z0-9-]{1,32}", re.ASCII)
_MESSAGE_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_PHONE = re.compile(r"\+7\d{10}", re.ASCII)


def routes(bank: Bank) -> list[Route]:
    """The endpoint of this bank's demo."""
    return [Route("/sim/sms", Carrier(bank).take, methods=["POST"])]


@dataclass(frozen=True, slots=True)
class _Message:
    id: str
    phone: str
    text: str


class Carrier:
    """Takes messages for one bank's simulated phone."""

    def __init__(self, bank: Bank) -> None:
        self._bank, self._phone = bank, SimulatedPhone(bank)

    async def take(self, request: Request) -> Response:
        """One message: 204, also when it comes again; 400 when it is none, 401 from a stranger, 404 outside demos."""
        if not self._bank.settings.demo:
            return Response(status_code=404)
        sender = self._sender(request)
        if not sender:
            return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="carrier"'})
        message = _read(await request.body())
        if message is None:
            return Response(status_code=400)
        await self._phone.carry(sender, message.id, message.phone, message.text)
        return Response(status_code=204)

    def _sender(self, request: Request) -> str:
        name, secret = basic.read(request.headers.get("authorization", ""))
        # The name stands on the phone, and the bank's own messages have none.
        known = _NAME.fullmatch(name) and basic.fits(secret, self._bank.keys.secret("carrier", name))
        return name if known else ""


def _read(body: bytes) -> _Message | None:
    try:
        given: Any = json.loads(body) if len(body) <= _MOST_BYTES else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    parts = [part for name in ("message_id", "phone", "text") if isinstance(part := given.get(name), str)]
    if len(parts) != 3:
        return None
    message = _Message(*parts)
    fits = _MESSAGE_ID.fullmatch(message.id) and _PHONE.fullmatch(message.phone) and _is_text(message.text)
    return message if fits else None


def _is_text(text: str) -> bool:
    return 0 < len(text) <= MOST_LETTERS and all(sign.isprintable() or sign == "\n" for sign in text)
