"""The bank's side of check/pay: one biller's door, asked over HTTP.

A call ends in an Answer that can be relied on, or in Unknown. A time-out is unknown, not no: the
money may have arrived. Accounts never reach the log.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime

import httpx

from kaspi_web.kernel.answers import MAX_MESSAGE, BrokenAnswer
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.osmp import Answer, Check, Pay, parse_answer

_PARALLEL = 12
"""Calls at once to one biller; the protocol promises 10 to 15."""


class Unknown(Exception):
    """What became of the request cannot be known.

    `reason` is one short word: timeout, unreachable, http_<status>, broken_<what> or other_sum.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _keep_addresses_out(record: logging.LogRecord) -> bool:
    # httpx writes the whole address of every request at INFO, and an account is part of it.
    return record.levelno >= logging.WARNING


class OsmpClient:
    """Check and pay at one biller, whose door is `base_url`; made and closed on one event loop."""

    def __init__(self, base_url: str, *, timeout_s: float, auth: tuple[str, str] | None = None) -> None:
        logging.getLogger("httpx").addFilter(_keep_addresses_out)
        self._url, self._timeout_s = httpx.URL(base_url), timeout_s
        # No proxies or passwords from the environment: a biller is reached as the settings say.
        limits = httpx.Limits(max_connections=_PARALLEL)
        # No compression: a small packed answer could unpack to gigabytes.
        headers = {"Accept-Encoding": "identity"}
        self._http = httpx.AsyncClient(timeout=timeout_s, auth=auth, limits=limits, headers=headers, trust_env=False)

    async def aclose(self) -> None:
        """Release the connections."""
        await self._http.aclose()

    async def check(
        self,
        txn_id: int,
        account: str,
        amount: Money | Mapping[str, str] = ZERO,
        extra: Mapping[str, str] | None = None,
        *,
        secret: bool = False,
    ) -> Answer:
        """What the biller knows of `account`; changes nothing; raises Unknown.

        Most checks have no sum: `extra` may stand in its place. What is `secret` travels in a body and in no address.
        """
        if not isinstance(amount, Money):
            amount, extra = ZERO, amount
        return await self._ask(Check(str(txn_id), account, amount, extra or {}), secret=secret)

    async def pay(
        self,
        txn_id: int,
        account: str,
        amount: Money,
        at: datetime,
        extra: Mapping[str, str] | None = None,
        *,
        secret: bool = False,
    ) -> Answer:
        """Credit `account` once per `txn_id`, dated `at`; raises Unknown, after which the same call may be repeated."""
        answer = await self._ask(Pay(str(txn_id), at, account, amount, extra or {}), secret=secret)
        # In check the sum is the biller's to choose: some put the debt there.
        if answer.sum is not None and answer.sum != amount:
            raise Unknown("other_sum")
        return answer

    async def _ask(self, request: Check | Pay, *, secret: bool) -> Answer:
        if secret:
            asking = self._http.build_request("POST", self._url, data=request.params)
        else:
            asking = self._http.build_request("GET", self._url.copy_merge_params(request.params))
        body = await self._body(asking, most=MAX_MESSAGE, timeout_s=self._timeout_s)
        try:
            return self._read(body, request)
        except BrokenAnswer as error:
            raise Unknown(f"broken_{error}") from None

    def _read(self, body: bytes, request: Check | Pay) -> Answer:
        """The answer in `body`; raises BrokenAnswer. Another dialect reads it otherwise."""
        return parse_answer(body, txn_id=request.txn_id)

    async def _body(self, request: httpx.Request, *, most: int, timeout_s: float) -> bytes:
        """What came back, or `most` bytes and one more; raises Unknown."""
        try:
            # httpx counts each read alone; a biller that drips bytes would never end.
            async with asyncio.timeout(timeout_s):
                return await self._sent(request, most)
        except (TimeoutError, httpx.TimeoutException):
            raise Unknown("timeout") from None
        except (httpx.HTTPError, httpx.StreamError):
            raise Unknown("unreachable") from None

    async def _sent(self, request: httpx.Request, most: int) -> bytes:
        response = await self._http.send(request, stream=True)
        try:
            if response.status_code != httpx.codes.OK:
                raise Unknown(f"http_{response.status_code}")
            return await _limited(response, most)
        finally:
            await response.aclose()


async def _limited(response: httpx.Response, most: int) -> bytes:
    """The body, or one byte more than may be read, which the parser refuses."""
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > most:
            break
    return bytes(body[: most + 1])
