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

from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import MAX_MESSAGE, Answer, BrokenAnswer, Check, Pay, parse_answer

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

    async def check(self, txn_id: int, account: str, amount: Money, extra: Mapping[str, str] | None = None) -> Answer:
        """What the biller knows of `account`; changes nothing; raises Unknown."""
        return await self._ask(Check(str(txn_id), account, amount, extra or {}))

    async def pay(
        self, txn_id: int, account: str, amount: Money, at: datetime, extra: Mapping[str, str] | None = None
    ) -> Answer:
        """Credit `account` once per `txn_id`, dated `at`; raises Unknown, after which the same call may be repeated."""
        answer = await self._ask(Pay(str(txn_id), at, account, amount, extra or {}))
        # In check the sum is the biller's to choose: some put the debt there.
        if answer.sum is not None and answer.sum != amount:
            raise Unknown("other_sum")
        return answer

    async def _ask(self, request: Check | Pay) -> Answer:
        try:
            # httpx counts each read alone; a biller that drips bytes would never end.
            async with asyncio.timeout(self._timeout_s):
                body = await self._get(request.params)
        except (TimeoutError, httpx.TimeoutException):
            raise Unknown("timeout") from None
        except (httpx.HTTPError, httpx.StreamError):
            raise Unknown("unreachable") from None
        try:
            return parse_answer(body, txn_id=request.txn_id)
        except BrokenAnswer as error:
            raise Unknown(f"broken_{error}") from None

    async def _get(self, params: dict[str, str]) -> bytes:
        async with self._http.stream("GET", self._url.copy_merge_params(params)) as response:
            if response.status_code != httpx.codes.OK:
                raise Unknown(f"http_{response.status_code}")
            return await _limited(response)


async def _limited(response: httpx.Response) -> bytes:
    """The body, or one byte more than may be read, which the parser refuses."""
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > MAX_MESSAGE:
            break
    return bytes(body[: MAX_MESSAGE + 1])
