from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from kaspi_web.api.bodies import MOST_BYTES
from kaspi_web.api.built_pages import BuiltPages
from kaspi_web.api.front_door import FrontDoor
from kaspi_web.settings import Settings
from tests.front_door.helpers import ORIGIN


class Endpoint:
    """Reads its whole body and answers how long it was."""

    def __init__(self) -> None:
        self.read: list[int] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message["body"]), message["more_body"]
        self.read.append(size)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(size).encode()})


def _ask(inside: Any, folder: Path, method: str = "POST", **kw: Any) -> httpx.Response:
    door = FrontDoor(inside, Settings(port=4000, data_dir=folder), BuiltPages({}, {}))

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(door), base_url=ORIGIN) as client:
            return await client.request(method, "/form", **kw)

    return asyncio.run(ask())


async def _in_parts(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b"x" * size


def test_a_body_of_the_longest_length_arrives_whole(tmp_path: Path):
    inside = Endpoint()
    assert _ask(inside, tmp_path, content=b"x" * MOST_BYTES).text == str(MOST_BYTES)
    assert _ask(inside, tmp_path, content=_in_parts(MOST_BYTES - 1, 1)).text == str(MOST_BYTES)


@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_a_body_that_is_too_long_is_refused(tmp_path: Path, method: str):
    inside = Endpoint()
    answer = _ask(inside, tmp_path, method, content=b"x" * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert _ask(inside, tmp_path, method, content=_in_parts(MOST_BYTES, 1)).status_code == 413
    assert inside.read == []


@pytest.mark.parametrize("length", ["65537", "9" * 5000, "-1", "x"])
def test_a_length_that_is_too_great_or_none_is_refused_before_anything_is_read(tmp_path: Path, length: str):
    answer = _ask(Endpoint(), tmp_path, content=b"", headers={"content-length": length})
    assert answer.status_code == 413


def test_reading_ends_as_soon_as_it_is_too_much(tmp_path: Path):
    door = FrontDoor(Endpoint(), Settings(port=4000, data_dir=tmp_path), BuiltPages({}, {}))
    scope = {"type": "http", "method": "POST", "path": "/form", "headers": [(b"host", b"localhost:4000")]}
    asked, sent = [], []

    async def receive() -> Message:
        asked.append(1)
        return {"type": "http.request", "body": b"x" * MOST_BYTES, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(door(scope, receive, send))
    assert sent[0]["status"] == 413
    assert len(asked) == 2


def test_an_endpoint_in_trouble_answers_500_and_its_words_stay_out_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    from kaspi_web.journal import Redactor

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("4711")

    handler, lines = logging.Handler(), []
    handler.addFilter(Redactor())
    handler.emit = lambda record: lines.append(logging.Formatter().format(record))
    logging.getLogger("kaspi_web").addHandler(handler)
    try:
        answer = _ask(broken, tmp_path, content=b"")
    finally:
        logging.getLogger("kaspi_web").removeHandler(handler)
    assert answer.status_code == 500
    assert answer.text == ""
    (line,) = lines
    assert "ValueError" in line
    assert "\nValueError: 4711" not in line
