"""A seller's program at the bank's door: reads orders, and says what was done with them."""

from __future__ import annotations

import time
from typing import Any

import httpx

BASE = "/shop/api/v2"
_DAYS_MS = 13 * 24 * 3600 * 1000
_AHEAD_MS = 60_000
_MOST = 100


class Refused(Exception):
    """The bank said no; `status` and `code` are its own words, 0 and `silent` where it said nothing."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Shop:
    """One seller's way to the bank."""

    def __init__(self, bank_url: str, token: str) -> None:
        headers = {"X-Auth-Token": token, "Content-Type": "application/vnd.api+json"}
        self._http = httpx.Client(base_url=bank_url.rstrip("/"), headers=headers, timeout=10, trust_env=False)
        self._ahead_ms = 0

    def close(self) -> None:
        """Release the connection."""
        self._http.close()

    def orders(self, *states: str) -> list[dict[str, Any]]:
        """The newest orders in these states; the bank's clock may be ahead of ours, which its answers tell."""
        told = self._ahead_ms
        found = self._asked(states)
        # Asked about other days than the bank's: now they are known.
        return found if abs(self._ahead_ms - told) < _AHEAD_MS else self._asked(states)

    def _asked(self, states: tuple[str, ...]) -> list[dict[str, Any]]:
        now, date = _now_ms() + self._ahead_ms, "filter[orders][creationDate]"
        days = {f"{date}[$ge]": str(now - _DAYS_MS), f"{date}[$le]": str(now + _AHEAD_MS)}
        which = {"filter[orders][state]": ",".join(states), "page[size]": str(_MOST)}
        return self._ask("GET", "/orders", params=days | which)["data"]

    def order(self, order_id: str) -> dict[str, Any]:
        """One order."""
        return self._ask("GET", f"/orders/{order_id}")["data"]

    def change(self, order_id: str, status: str, *, headers: dict[str, str] | None = None, **attributes: Any) -> None:
        """Say what was done with an order; raises Refused."""
        self._post("orders", order_id, {"status": status} | attributes, headers)

    def answer(self, return_id: str, status: str, **attributes: Any) -> None:
        """Say what becomes of a return; raises Refused."""
        self._post("returns", return_id, {"status": status} | attributes, None)

    def _post(self, kind: str, name: str, attributes: dict[str, Any], headers: dict[str, str] | None) -> None:
        body = {"data": {"type": kind, "id": name, "attributes": attributes}}
        self._ask("POST", f"/{kind}", json=body, headers=headers or {})

    def _ask(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, BASE + path, **given)
            said = answer.json()
        except (httpx.HTTPError, ValueError):
            raise Refused(0, "silent") from None
        told = answer.headers.get("x-bank-time", "")
        if told.isdecimal():
            self._ahead_ms = int(told) - _now_ms()
        if answer.status_code != httpx.codes.OK:
            raise Refused(answer.status_code, _code(said))
        return said


def _code(said: Any) -> str:
    try:
        return str(said["errors"][0]["code"])
    except (KeyError, IndexError, TypeError):
        return "unreadable"


def _now_ms() -> int:
    return int(time.time() * 1000)
