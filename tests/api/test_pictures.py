"""/pictures: for everybody, kept by browsers for good, and a door to nothing else."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from kaspi_web.kernel.bank import Bank
from tests.api.terminals import client


class Guest:
    """Somebody without a cookie."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def get(self, address: str, **more: Any) -> httpx.Response:
        return self.ask("GET", address, **more)

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        async def story() -> httpx.Response:
            async with client(self._bank) as http:
                return await http.request(method, address, **more)

        return asyncio.run(story())


@pytest.fixture
def guest(bank: Bank) -> Guest:
    return Guest(bank)


def test_a_guest_gets_a_picture_to_keep(guest: Guest, bank: Bank):
    answer = guest.get("/pictures/phone-3-1/320.webp")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content[:4] == b"RIFF"
    assert [file.suffix for file in (bank.settings.data_dir / "pictures").iterdir()] == [".webp"]


def test_whoever_has_it_already_is_told_so(guest: Guest):
    tag = guest.get("/pictures/phone-3-1/320.webp").headers["etag"]
    again = guest.get("/pictures/phone-3-1/320.webp", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert guest.get("/pictures/phone-3-2/320.webp", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/pictures/phone-3-1/321.webp",
        "/pictures/phone-3-1/0320.webp",
        "/pictures/phone-3-1/320",
        "/pictures/phone-3-1/320.png",
        "/pictures/phone-3-9/320.webp",
        "/pictures/phone-3-1-320-1/320.webp",
        "/pictures/nothing-1-1/320.webp",
        "/pictures/..%2f..%2fkeys%2fmaster.key/320.webp",
        "/pictures/%2e%2e/320.webp",
        "/pictures/phone-3-1%00/320.webp",
        "/pictures/phone-3-%D9%A1/320.webp",
        "/pictures/phone-3-1/%EF%BC%93%EF%BC%92%EF%BC%90.webp",
    ],
)
def test_any_other_name_is_not_found_and_makes_no_file(guest: Guest, bank: Bank, address: str):
    assert guest.get(address).status_code == 404
    assert not (bank.settings.data_dir / "pictures").exists()


def test_nothing_can_be_sent_there(guest: Guest):
    assert guest.ask("POST", "/pictures/phone-3-1/320.webp").status_code == 405
