"""The simulated carrier's door: its clients text the simulated phone, once for each message, and nobody else does."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from kaspi_web.api.carrier import MOST_LETTERS
from kaspi_web.kernel.bank import Bank
from tests.api.terminals import client
from tests.databases import open_bank
from tests.make.customers import PHONE
from tests.make.phone import phone_file, received

MESSAGE = {"message_id": "3ds:1", "phone": PHONE, "text": "Code 123456. Payment of 4 812.40"}


async def posted(bank: Bank, given: Any, *, name: str = "processor", **kw: Any) -> httpx.Response:
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    kw = {"auth": (name, bank.keys.secret("carrier", name))} | kw
    async with client(bank) as http:
        return await http.post("/sim/sms", content=body, **kw)


def post(bank: Bank, given: Any, **kw: Any) -> int:
    """The status that the door answers."""
    return asyncio.run(posted(bank, given, **kw)).status_code


def test_a_message_reaches_the_phone(bank: Bank):
    answer = asyncio.run(posted(bank, MESSAGE))
    assert (answer.status_code, answer.content) == (204, b"")
    assert received(bank, PHONE) == [MESSAGE["text"]]


def test_the_same_message_twice_is_received_once(bank: Bank):
    assert [post(bank, MESSAGE), post(bank, MESSAGE | {"text": "another"})] == [204, 204]
    assert received(bank) == [MESSAGE["text"]]


def test_ids_of_another_sender_are_other_messages(bank: Bank):
    assert [post(bank, MESSAGE), post(bank, MESSAGE, name="register")] == [204, 204]
    assert received(bank) == [MESSAGE["text"]] * 2


@pytest.mark.parametrize(
    "auth",
    [
        None,
        ("processor", "wrong"),
        ("processor", ""),
        ("other", "of the processor"),
        ("", "its own"),
        ("A B", "its own"),
        ("x" * 33, "its own"),
    ],
)
def test_a_stranger_is_refused_before_anything_is_read(bank: Bank, auth: tuple[str, str] | None):
    if auth and auth[1] == "of the processor":
        auth = (auth[0], bank.keys.secret("carrier", "processor"))
    if auth and auth[1] == "its own":
        auth = (auth[0], bank.keys.secret("carrier", auth[0]))
    assert post(bank, MESSAGE, auth=auth) == 401
    assert post(bank, b"nonsense", auth=auth) == 401
    assert received(bank) == []


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"nonsense",
        b"\xff",
        b"[" * 5000,
        b"null",
        b"[]",
        b'{"message_id": "1"}',
        MESSAGE | {"message_id": 1},
        MESSAGE | {"message_id": ""},
        MESSAGE | {"message_id": "x" * 65},
        MESSAGE | {"message_id": "a b"},
        MESSAGE | {"phone": "77010000101"},
        MESSAGE | {"phone": "+77010000101\n"},
        MESSAGE | {"phone": None},
        MESSAGE | {"text": ""},
        MESSAGE | {"text": "x" * (MOST_LETTERS + 1)},
        MESSAGE | {"text": "a\x00b"},
        MESSAGE | {"text": "\ud800"},
        MESSAGE | {"padding": "x" * 9000},
    ],
)
def test_what_is_no_message_is_refused(bank: Bank, given: Any):
    assert post(bank, given) == 400
    assert received(bank) == []


def test_the_longest_message_is_taken(bank: Bank):
    longest = MESSAGE | {"message_id": "x" * 64, "text": "Ә\n" * (MOST_LETTERS // 2)}
    assert post(bank, longest) == 204
    assert received(bank) == [longest["text"]]


def test_outside_demos_there_is_no_carrier(bank: Bank):
    with open_bank(bank.settings.database, bank.settings.data_dir, demo=False) as real:
        assert post(real, MESSAGE) == 404
    assert not phone_file(bank).exists()
