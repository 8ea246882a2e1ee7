"""The processor of other banks' cards, asked over HTTP.

A call ends in an answer that can be relied on, or in ProcessorUnknown. A time-out is unknown, not no: the deed may
have been done, and the same key asks again. Numbers and security codes pass through here once and are never logged.
"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import TypedCard
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import CHARGE_STATES, Charged, PaidOut

CLIENT = "bank"
_PARALLEL = 12
_MOST_BYTES = 16 * 1024


class ProcessorUnknown(Exception):
    """What became of the request cannot be known.

    `reason` is one short word: timeout, unreachable, http_<status> or broken.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProcessorSilent(Refused):
    """The processor of other banks' cards does not answer: nothing was moved, try later."""

    code = "processor_silent"


@dataclass(frozen=True, slots=True)
class Tokenised:
    """What came of showing a card: `challenge`, with a token that a code has still to prove, or `declined`."""

    state: str
    reason: str
    token: str
    brand: str
    last4: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A card to pay to."""

    token: str
    brand: str
    last4: str


def secret_of(bank: Bank) -> str:
    """The bank's password at the simulated processor, derived from the master key."""
    return bank.keys.secret("processor", CLIENT)


class Processor:
    """A client of the processor, made and closed on one event loop."""

    def __init__(self, bank: Bank) -> None:
        # httpx writes every address at INFO; there is a key in it, and nothing of it is wanted in a log.
        logging.getLogger("httpx").addFilter(_keep_addresses_out)
        self._timeout_s = bank.settings.processor_timeout_s
        self._http = httpx.AsyncClient(
            base_url=bank.settings.processor_address,
            auth=(CLIENT, secret_of(bank)),
            timeout=self._timeout_s,
            limits=httpx.Limits(max_connections=_PARALLEL),
            headers={"Accept-Encoding": "identity"},
            trust_env=False,
        )

    async def aclose(self) -> None:
        """Release the connections."""
        await self._http.aclose()

    async def tokenise(self, key: str, card: TypedCard, *, phone: str, language: str) -> Tokenised:
        """Show a card, whose bank texts its owner a code; raises ProcessorUnknown."""
        asked = {"key": key, "number": card.number, "expiry": card.expiry.wire, "cvc": card.cvc}
        said = await self._post("/links", asked | {"phone": phone, "language": language})
        state, (reason, token, brand, last4) = (
            _state(said, "challenge", "declined"),
            _texts(said, "reason", "token", "brand", "last4"),
        )
        if state == "challenge" and not token:
            raise ProcessorUnknown("broken")
        return Tokenised(state, reason, token, brand, last4)

    async def type_code(self, key: str, code: str) -> Charged:
        """Pass on the code that was typed for a link or a charge; raises ProcessorUnknown.

        A link that is proved answers `authorised`.
        """
        return _charged(await self._post(f"/challenges/{_part(key)}/code", {"code": code}))

    async def text_again(self, key: str) -> bool:
        """Have the code texted once more; whether it was. Raises ProcessorUnknown."""
        return (await self._post(f"/challenges/{_part(key)}/text", {})).get("texted") is True

    async def authorise(self, key: str, token: str, amount: Money, *, phone: str, language: str, payee: str) -> Charged:
        """Ask a card for a sum, once for a key; raises ProcessorUnknown."""
        asked = {"key": key, "token": token, "amount": amount.wire}
        return _charged(await self._post("/charges", asked | {"phone": phone, "language": language, "payee": payee}))

    async def charge(self, key: str) -> Charged:
        """How a charge stands; raises ProcessorUnknown."""
        return _charged(await self._ask("GET", f"/charges/{_part(key)}"))

    async def capture(self, key: str) -> Charged:
        """Take what was authorised; raises ProcessorUnknown."""
        return _charged(await self._post(f"/charges/{_part(key)}/capture", {}))

    async def void(self, key: str) -> Charged:
        """Give a charge up, also one that the processor never heard of; raises ProcessorUnknown."""
        return _charged(await self._post(f"/charges/{_part(key)}/void", {}))

    async def refund(self, key: str, refund_key: str, amount: Money) -> PaidOut:
        """Give back a part of a charge, once for a refund's key; raises ProcessorUnknown."""
        asked = {"key": refund_key, "amount": amount.wire}
        return _paid_out(await self._post(f"/charges/{_part(key)}/refunds", asked))

    async def recipient(self, number: str) -> Recipient | None:
        """The card with this number, to pay money to, or None when there is none; raises ProcessorUnknown."""
        token, brand, last4 = _texts(await self._post("/recipients", {"number": number}), "token", "brand", "last4")
        return Recipient(token, brand, last4) if token else None

    async def payout(self, key: str, token: str, amount: Money) -> PaidOut:
        """Pay money to a card, once for a key; raises ProcessorUnknown."""
        return _paid_out(await self._post("/payouts", {"key": key, "token": token, "amount": amount.wire}))

    async def _post(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        return await self._ask("POST", path, json=asked)

    async def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            # httpx counts each read alone; an answer that drips would never end.
            async with asyncio.timeout(self._timeout_s), self._http.stream(method, path, **content) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise ProcessorUnknown(f"http_{answer.status_code}")
                body = await _limited(answer)
        except (TimeoutError, httpx.TimeoutException):
            raise ProcessorUnknown("timeout") from None
        except (httpx.HTTPError, httpx.StreamError):
            raise ProcessorUnknown("unreachable") from None
        return _object(body)


def _keep_addresses_out(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def _part(key: str) -> str:
    return quote(key, safe="")


async def _limited(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > _MOST_BYTES:
            raise ProcessorUnknown("broken")
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise ProcessorUnknown("broken") from None
    if not isinstance(said, dict):
        raise ProcessorUnknown("broken")
    return said


def _state(said: dict[str, Any], *known: str) -> str:
    state = said.get("state")
    if state not in known:
        raise ProcessorUnknown("broken")
    return str(state)


def _texts(said: dict[str, Any], *names: str) -> tuple[str, ...]:
    values = tuple(said.get(name, "") for name in names)
    if not all(isinstance(value, str) and len(value) <= 64 for value in values):
        raise ProcessorUnknown("broken")
    return values


def _charged(said: dict[str, Any]) -> Charged:
    left = said.get("tries_left", 0)
    state, (reason,) = _state(said, *CHARGE_STATES), _texts(said, "reason")
    return Charged(state, reason, left if type(left) is int else 0)


def _paid_out(said: dict[str, Any]) -> PaidOut:
    state, (reason,) = _state(said, "done", "declined"), _texts(said, "reason")
    return PaidOut(state, reason)
