"""The simulated sellers against the bank's own door: what they do by themselves, and what they are told."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from kaspi_web import demo_data
from kaspi_web.gateways import sellers as gateway
from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import ROOT
from kaspi_web.simulators.merchant import faults
from tests.api.browsers import Browser
from tests.api.terminals import client
from tests.api.test_papers import signed_in
from tests.make import goods
from tests.make import orders as make
from tests.make.customers import customer
from tests.make.ledger import assert_clean
from tests.make.orders import Bought, bought, seen
from tests.make.sms import last_code
from tests.sellers import SellersProcess, running_sellers
from tests.workers.loopback import doors, free_port
from tests.workers.waiting import until

TOKEN = "token-of-the-simulated-seller"
_ports = {"port": 0, "merchant_port": 0}


@pytest.fixture
def bank_settings() -> dict[str, Any]:
    return {name: free_port() for name in _ports}


@pytest.fixture
def bank(bank: Bank) -> Bank:
    demo_data.load(bank)
    return bank


def play(bank: Bank, folder: Path, story: Callable[[SellersProcess, int], Awaitable[None]]) -> None:
    """Run a story beside the bank's doors and a seller's program."""
    seller = goods.merchant(bank, token=TOKEN, slug="the-seller")

    async def run() -> None:
        async with doors(bank):
            url = f"http://127.0.0.1:{bank.settings.port}"
            running = running_sellers(
                folder, url, {"the-seller": TOKEN}, port=bank.settings.merchant_port, secret=gateway.secret_of(bank)
            )
            program = await asyncio.to_thread(running.__enter__)
            try:
                await story(program, seller)
            finally:
                await asyncio.to_thread(running.__exit__, None, None, None)

    asyncio.run(run())
    assert_clean(bank)


async def stands(bank: Bank, made: Bought, status: str) -> None:
    await until(lambda: seen(bank, made).status == status, seconds=30)


async def told(program: SellersProcess, deed: str, made: Bought, **words: str) -> httpx.Response:
    return await asyncio.to_thread(program.tell, deed, "the-seller", order=made.order, **words)


def test_a_new_order_is_accepted_and_handed_over_by_the_buyers_code(bank: Bank, tmp_path: Path) -> None:
    async def story(program: SellersProcess, seller: int) -> None:
        made = bought(bank, merchant_id=seller)
        await stands(bank, made, "ACCEPTED_BY_MERCHANT")
        assert (await told(program, "here", made)).status_code == 204
        code = last_code(bank, made.phone)
        wrong = "0000" if code != "0000" else "0001"
        said = await told(program, "code", made, code=wrong)
        assert (said.status_code, said.json()) == (409, {"status": 400, "code": "code_wrong"})
        assert (await told(program, "code", made, code=code)).status_code == 204
        await stands(bank, made, "COMPLETED")

    play(bank, tmp_path, story)


def test_a_parcel_comes_to_the_buyers_city_by_itself_also_when_the_bank_is_weeks_ahead(
    bank: Bank, tmp_path: Path
) -> None:
    bank.clock.jump(timedelta(days=40))

    async def story(program: SellersProcess, seller: int) -> None:
        made = bought(bank, merchant_id=seller, mode="DELIVERY_REGIONAL_TODOOR")
        await stands(bank, made, "ARRIVED")
        assert (await told(program, "not_taken", made)).status_code == 204
        await stands(bank, made, "RETURNED")

    play(bank, tmp_path, story)


def test_sellers_can_be_out_of_stock_or_never_answer(bank: Bank, tmp_path: Path) -> None:
    async def story(program: SellersProcess, seller: int) -> None:
        program.fault("out_of_stock", merchant="the-seller", times=1)
        empty = bought(bank, merchant_id=seller)
        await stands(bank, empty, "CANCELLED")
        assert seen(bank, empty).cancellation_reason == "MERCHANT_OUT_OF_STOCK"
        program.fault("never_accepts", times=1)
        waiting = bought(bank, merchant_id=seller)
        after = bought(bank, merchant_id=seller)
        statuses = lambda: {seen(bank, each).status for each in (waiting, after)}  # noqa: E731
        await until(lambda: statuses() == {"APPROVED_BY_BANK", "ACCEPTED_BY_MERCHANT"}, seconds=30)

    play(bank, tmp_path, story)


def test_returns_are_answered_at_the_counter(bank: Bank, tmp_path: Path) -> None:
    async def story(program: SellersProcess, seller: int) -> None:
        made = make.handed_over(bank, bought(bank, merchant_id=seller))
        first = make.asked_back(bank, made)
        await told(program, "refuse_return", made, **{"return": first, "words": "it was used"})
        assert seen(bank, made).returns[0].refusal == "it was used"
        second = make.asked_back(bank, made)
        for deed in ("accept_return", "receive_return"):
            assert (await told(program, deed, made, **{"return": second})).status_code == 204
        assert seen(bank, made).returns[0].state == "done"

    play(bank, tmp_path, story)


class TestTheBuyersBridge:
    def test_it_brings_the_buyers_own_order_over_the_counter(self, bank: Bank, tmp_path: Path) -> None:
        async def story(program: SellersProcess, seller: int) -> None:
            made = bought(bank, merchant_id=seller)
            me = signed_in(bank, made.customer_id)
            await stands(bank, made, "ACCEPTED_BY_MERCHANT")
            assert await post(bank, me, made.order, deed="here") == 204
            code = last_code(bank, made.phone)
            assert await post(bank, me, made.order, deed="code", code="99999") == 400
            assert await post(bank, me, made.order, deed="code", code=code) == 204
            assert await post(bank, me, made.order, deed="here") == 409
            name = make.asked_back(bank, made)
            assert await post(bank, me, made.order, deed="accept_return", **{"return": "other"}) == 400
            for deed in ("accept_return", "receive_return"):
                assert await post(bank, me, made.order, deed=deed, **{"return": name}) == 204
            assert seen(bank, made).returns[0].state == "done"

        play(bank, tmp_path, story)

    def test_guests_strangers_and_real_banks_find_nothing_there(self, bank: Bank) -> None:
        made, stranger = bought(bank), customer(bank)
        mine, theirs = signed_in(bank, made.customer_id), signed_in(bank, stranger)
        for browser in (Browser(bank), theirs):
            assert asyncio.run(post(bank, browser, made.order, deed="here")) == 404
        assert asyncio.run(post(bank, mine, "x" * 40, deed="here")) == 404
        assert asyncio.run(post(bank, mine, made.order, deed="steal")) == 400

    def test_sellers_who_are_not_there_are_said_to_be_silent(self, bank: Bank) -> None:
        made = bought(bank)
        assert asyncio.run(post(bank, signed_in(bank, made.customer_id), made.order, deed="here")) == 502


async def post(bank: Bank, browser: Browser, order: str, **form: str) -> int:
    async with client(bank) as http:
        answer = await http.post(f"/sim/seller/{order}", data=form, headers={"Cookie": browser.cookie_header})
        return answer.status_code


def test_strangers_command_no_seller_and_strange_words_are_refused(tmp_path: Path) -> None:
    with running_sellers(tmp_path, "http://127.0.0.1:9", {"the-seller": TOKEN}) as program:
        assert httpx.get(f"{program.url}/health", trust_env=False).json() == {"ok": True}
        assert httpx.post(f"{program.url}/deeds", json={}, trust_env=False).status_code == 401
        assert program.tell("here", "nobody", order="x").status_code == 404
        assert program.tell("steal", "the-seller", order="x").status_code == 400
        assert program.tell("code", "the-seller", order="x").status_code == 400
        assert program.tell("here", "the-seller", order="x").json() == {"status": 0, "code": "silent"}
        for body in (b"", b"[]", b"[" * 5_000, b'{"deed": 1}', b"{" * 9_000):
            assert program.http.post("/deeds", content=body).status_code in (400, 413)
        for fault in ({}, {"mode": "x"}, {"mode": "never_sends", "times": 0}, {"mode": "never_sends", "merchant": 1}):
            assert program.http.post("/faults", json=fault).status_code == 400
        program.fault("never_sends", times=2)
        assert [each["mode"] for each in program.http.get("/faults").json()] == ["never_sends"]
        assert program.http.delete("/faults").json() == []


def test_without_a_password_worth_the_name_it_does_not_start() -> None:
    words = [sys.executable, "-m", "kaspi_web.simulators.merchant", "--port", "0"]
    done = subprocess.run(words, cwd=ROOT, env={"MERCHANT_SECRET": "short"}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "MERCHANT_SECRET" in done.stderr


def test_an_order_keeps_the_fault_that_it_met() -> None:
    plan = faults.Plan()
    plan.add(faults.Fault("never_accepts", times=1))
    assert [plan.mode_of("a", order) for order in ("1", "1", "2", "1")] == ["never_accepts"] * 2 + ["", "never_accepts"]
