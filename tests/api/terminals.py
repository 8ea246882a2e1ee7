"""A terminal network as it stands at our door: the bank's real endpoints, asked without a socket."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from starlette.applications import Starlette

from kaspi_web import demo_data
from kaspi_web.api.routes import routes
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.osmp import Answer, parse_answer
from tests.make.customers import PHONE

PAY = {"command": "pay", "txn_id": "7001", "txn_date": "20261120120000", "account": PHONE, "sum": "200.00"}
CHECK = {"command": "check", "txn_id": "7001", "account": PHONE, "sum": "0.00"}
_BASE = "http://localhost:3000"


def client(bank: Bank, **kw: Any) -> httpx.AsyncClient:
    """A program that asks this bank; what its endpoints raise comes out here."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=routes(bank))), base_url=_BASE, trust_env=False, **kw
    )


def password(bank: Bank, network: str = demo_data.NETWORK) -> tuple[str, str]:
    """Name and password of one of our own networks."""
    return network, demo_data.network_secret(bank, network)


def ask(bank: Bank, params: Any = None, *, network: str = demo_data.NETWORK, **kw: Any) -> httpx.Response:
    """One request over GET, signed by the network unless the test says otherwise."""
    return asyncio.run(_ask(bank, params, network, **({"auth": password(bank)} | kw)))


async def _ask(bank: Bank, params: Any, network: str, **kw: Any) -> httpx.Response:
    async with client(bank) as http:
        return await http.request(kw.pop("method", "GET"), f"/osmp/{network}", params=params, **kw)


def at_once(bank: Bank, *every: dict[str, str]) -> list[httpx.Response]:
    """Several requests that stand at the door at the same moment."""

    async def story() -> list[httpx.Response]:
        async with client(bank, auth=password(bank)) as http:
            return list(await asyncio.gather(*(http.get("/osmp/kaspi", params=params) for params in every)))

    return asyncio.run(story())


def said(response: httpx.Response) -> Answer:
    """What the answer says; fails unless it can be read."""
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/xml; charset=utf-8"
    return parse_answer(response.content)


def told(bank: Bank, **changes: str) -> Answer:
    """What a pay with these changes is answered."""
    return said(ask(bank, PAY | changes))
