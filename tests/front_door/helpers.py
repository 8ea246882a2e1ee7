"""A front door around a stub, and a build of two pages."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import Message, Scope
from starlette.websockets import WebSocket

from kaspi_web.api.built_pages import BuiltPages
from kaspi_web.api.front_door import FrontDoor
from kaspi_web.settings import Settings

CHUNK = "/assets/reflex-env-abc.js"
ORIGIN = "http://localhost:4000"
TOKEN = "11111111-2222-4333-8444-555555555555"


def make_build(folder: Path) -> Path:
    """A built front end with a prerendered page, a fallback and the chunk that names the server."""
    for name, script in (("kk/login/index.html", "one()"), ("404.html", "two()")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f'<html><script src="/js/session.js"></script><script>{script}</script></html>')
    (folder / "assets").mkdir()
    (folder / "assets" / "reflex-env-abc.js").write_text(
        "e={EVENT:`ws://localhost:3000/_event`,PING:`http://localhost:3000/ping`}"
    )
    (folder / "assets" / "root-abc.js").write_text("export{}")
    return folder


class Browser:
    """What is outside the layer: asks, keeps cookies, and opens sockets."""

    def __init__(self, door: FrontDoor) -> None:
        self._door = door
        self._cookies = httpx.Cookies()

    def get(self, path: str, **kw: Any) -> httpx.Response:
        """The answer to a GET."""
        return asyncio.run(self._ask("GET", path, **kw))

    def post(self, path: str, **kw: Any) -> httpx.Response:
        """The answer to a POST."""
        return asyncio.run(self._ask("POST", path, **kw))

    async def _ask(self, method: str, path: str, **kw: Any) -> httpx.Response:
        inside = httpx.ASGITransport(self._door)
        async with httpx.AsyncClient(transport=inside, base_url=ORIGIN, cookies=self._cookies) as client:
            answer = await client.request(method, path, **kw)
            self._cookies = client.cookies
            return answer

    def may_open(self, path: str = "/_event/", *, token: str = TOKEN, **headers: str) -> bool:
        """Whether a socket is let in."""
        sent: list[str] = []

        async def receive() -> Message:
            return {"type": "websocket.connect" if not sent else "websocket.disconnect", "code": 1000}

        async def send(message: Message) -> None:
            sent.append(message["type"])

        asyncio.run(self._door(_handshake(path, token, headers), receive, send))
        return sent[0] == "websocket.accept"


def _handshake(path: str, token: str, headers: dict[str, str]) -> Scope:
    given = {"host": "localhost:4000"} | headers
    return {
        "type": "websocket",
        "path": path,
        "query_string": f"EIO=4&token={token}".encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items() if value],
        "client": ("127.0.0.1", 5000),
        "subprotocols": [],
    }


def make_browser(folder: Path, **changes: Any) -> Browser:
    """A browser without cookies in front of the layer."""
    settings = replace(Settings(port=4000, data_dir=folder), **changes)
    return Browser(FrontDoor(_inside(folder), settings, BuiltPages.read(folder)))


def _inside(folder: Path) -> Starlette:
    async def page(request: Request) -> Response:
        return FileResponse(folder / "kk/login/index.html")

    async def asset(request: Request) -> Response:
        path = folder / "assets" / request.path_params["name"]
        return FileResponse(path) if path.exists() else FileResponse(folder / "404.html", status_code=404)

    async def fallback(request: Request) -> Response:
        return FileResponse(folder / "404.html", status_code=404)

    async def private(request: Request) -> Response:
        return PlainTextResponse("sum", headers={"Cache-Control": "private, no-store"})

    async def socket(ws: WebSocket) -> None:
        await ws.accept()
        await ws.close()

    return Starlette(
        routes=[
            Route("/kk/login/", page),
            Route("/assets/{name}", asset),
            Route("/receipt", private, methods=["GET", "POST"]),
            Route("/ping", private),
            Mount("/_event", routes=[WebSocketRoute("/", socket)]),
            Route("/{path:path}", fallback),
        ]
    )


def make_state(*, cookie: str = "", token: str = TOKEN, path: str = "/ru/home", root: Any = None) -> Any:
    """What the gate sees of a State."""
    router = SimpleNamespace(
        headers=SimpleNamespace(cookie=f"sid={cookie}" if cookie else ""),
        session=SimpleNamespace(client_token=token, client_ip="127.0.0.1"),
        url=SimpleNamespace(path=path),
    )
    return SimpleNamespace(router=router, _get_root_state=lambda: root)
