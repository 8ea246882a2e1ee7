"""How much a request may carry: our forms and the terminals' questions are small."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Message, Receive, Scope

MOST_BYTES = 64 * 1024


def refusal(scope: Scope) -> Response | None:
    """The answer to a request that announces too long a body; nothing of it is read."""
    length = Headers(scope=scope).get("content-length", "")
    if length.isascii() and length.isdecimal() and len(length) < 20 and int(length) <= MOST_BYTES:
        return None
    return _too_long() if length else None


async def read(scope: Scope, receive: Receive) -> Receive | Response:
    """The request with its body read and measured, or the refusal of one that grew too long.

    Measured before it is passed on: an endpoint that met the end of a body halfway would answer 500.
    """
    if not _may_have_body(scope):
        return receive
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return _first(message, receive)
        part, more = message.get("body", b""), message.get("more_body", False)
        size += len(part)
        if size > MOST_BYTES:
            return _too_long()
        parts.append(part)
    return _first({"type": "http.request", "body": b"".join(parts), "more_body": False}, receive)


def _may_have_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return scope["method"] not in ("GET", "HEAD") or "content-length" in headers or "transfer-encoding" in headers


def _first(message: Message, receive: Receive) -> Receive:
    waiting = [message]

    async def receiving() -> Message:
        return waiting.pop() if waiting else await receive()

    return receiving


def _too_long() -> Response:
    # What is still under way is not read, so the connection cannot be used again.
    return Response(status_code=413, headers={"Connection": "close"})
