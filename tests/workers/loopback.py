"""A small HTTP/1.1 server on the loopback in front of an ASGI app, on the running loop: one request a connection."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette

from kaspi_web.api.routes import routes
from kaspi_web.kernel.bank import Bank


def free_port() -> int:
    """A TCP port that nobody has just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.asynccontextmanager
async def doors(bank: Bank) -> AsyncIterator[None]:
    """The bank's HTTP doors at the port of its settings."""
    app = Starlette(routes=routes(bank))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await _one(app, reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", bank.settings.port)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()


async def _one(app: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ")
    headers = [tuple(line.split(": ", 1)) for line in lines[1:] if line]
    length = int(next((value for name, value in headers if name.lower() == "content-length"), 0))
    body = await reader.readexactly(length)
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
        "server": ("127.0.0.1", 0),
        "client": ("127.0.0.1", 0),
        "scheme": "http",
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            writer.write(b"HTTP/1.1 %d X\r\nConnection: close\r\n" % message["status"])
            writer.writelines(name + b": " + value + b"\r\n" for name, value in message["headers"])
            writer.write(b"\r\n")
        else:
            writer.write(message["body"])
            await writer.drain()

    await app(scope, receive, send)
