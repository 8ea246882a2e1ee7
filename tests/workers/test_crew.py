"""The loops of one process: woken by news, not stopped by trouble, ended together."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kaspi_web import demo_data
from kaspi_web.domain.identity import requests
from kaspi_web.domain.sms import outbox
from kaspi_web.domain.terminals import kiosk
from kaspi_web.gateways.networks import Networks
from kaspi_web.gateways.register import Register
from kaspi_web.gateways.sms import gateway_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.faults import PlannedFault
from kaspi_web.kernel.money import Money
from kaspi_web.workers import identity, loop, sms, topups
from kaspi_web.workers.crew import crew
from kaspi_web.workers.kiosk import KioskDesk
from tests.billers import BillerProcess
from tests.databases import open_bank
from tests.make.bills import paid, payment
from tests.make.customers import PHONE, customer
from tests.make.ledger import assert_clean, balance, sql, wallet
from tests.make.phone import received
from tests.make.topups import SLOW_TERMINAL, top_up
from tests.workers.waiting import until


def test_a_crew_pays_tells_and_credits_by_itself(bank: Bank, biller: BillerProcess):
    owner = customer(bank, money=Money.tenge(30_000))
    top_up(bank, Money.tenge(1_000), terminal=SLOW_TERMINAL)
    bank.clock.jump(timedelta(minutes=3))

    async def story() -> None:
        async with crew(bank):
            made = await asyncio.to_thread(paid, bank, owner, Money.tenge(20_000))
            await until(lambda: payment(bank, owner, made.id).state == "done")
            await until(lambda: received(bank, PHONE))

    asyncio.run(story())
    assert balance(bank, wallet(bank)) == Money.tenge(11_000)
    assert_clean(bank)


def test_two_crews_on_one_bank_ask_each_payment_once(bank: Bank, biller: BillerProcess):
    owner = customer(bank, money=Money.tenge(30_000))
    made = [paid(bank, owner, Money.tenge(1_000)) for _ in range(8)]

    async def story() -> None:
        async with crew(bank), crew(bank):
            await until(lambda: all(payment(bank, owner, each.id).state == "done" for each in made))

    asyncio.run(story())
    assert balance(bank, wallet(bank)) == Money.tenge(22_000)
    assert_clean(bank)


def test_a_loop_in_trouble_goes_on(bank: Bank, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loop, "_AFTER_TROUBLE_S", 0.01)
    calls: list[int] = []

    async def work() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("trouble")
        return 1 if len(calls) < 4 else 0

    async def story() -> None:
        task = asyncio.create_task(loop.keep_doing(bank, "sms", work))
        await until(lambda: len(calls) >= 4)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert "the sms loop had trouble" in caplog.messages


def test_news_wakes_a_loop_before_its_second_is_over(bank: Bank):
    calls: list[float] = []

    async def story() -> None:
        async def work() -> int:
            calls.append(asyncio.get_running_loop().time())
            return 0

        task = asyncio.create_task(loop.keep_doing(bank, "sms", work))
        await until(lambda: calls)
        await bank.db.write(lambda unit: unit.tell("job:sms"))
        await until(lambda: len(calls) == 2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())
    assert calls[1] - calls[0] < loop.LOOK_EVERY_S


def test_what_has_nothing_to_do_writes_nothing(sqlite_database: str, tmp_path: Path):
    """A unit that writes would end in a planned fault."""
    planned = (
        "terminals.topups.credit_due",
        "identity.requests.claim",
        "sms.outbox.claim",
        "terminals.kiosk.claim_due",
    )
    faults = ",".join(f"{verb}.before_commit=raise" for verb in planned)

    async def story(bank: Bank) -> None:
        register, networks = Register(bank), Networks(bank)
        works = (
            lambda: topups.credit_due(bank),
            lambda: identity.order_due(bank, register),
            lambda: sms.deliver(bank, gateway_of(bank)),
            KioskDesk(bank, networks).start_due,
        )
        assert [await work() for work in works] == [0, 0, 0, 0]
        bank.db.write_now(requests.order_card, customer_id=customer(bank))
        top_up(bank, Money.tenge(1_000), terminal=SLOW_TERMINAL)
        assert await topups.credit_due(bank) == 0, "it has not arrived yet"
        bank.clock.jump(timedelta(minutes=3))
        bank.db.write_now(outbox.text_to, phone=PHONE, language="kk", template="topup", sum_tiyn=100_000)
        visit = bank.db.write_now(kiosk.arrive, terminal="almaty-01", phone=PHONE, masked_name="x")
        assert await works[3]() == 0, "the person is still there"
        bank.db.write_now(kiosk.leave, visit_id=visit.id)
        bank.db.write_now(kiosk.arrive, terminal="almaty-01", phone=PHONE, masked_name="x")
        sql(bank, "UPDATE kiosk_visit SET due_at = started_at WHERE state = 'open'")
        for work in works:
            with pytest.raises(PlannedFault):
                await work()
        await register.aclose()
        await networks.aclose()

    with open_bank(sqlite_database, tmp_path, faults=faults) as bank:
        demo_data.load(bank)
        asyncio.run(story(bank))


def test_a_crew_at_rest_only_reads(bank: Bank, biller: BillerProcess):
    """A unit that writes takes the writer from the customers, even one that finds nothing."""
    opened: list[str] = []

    def note(connection: sa.Connection) -> None:
        opened.append("write" if connection.get_execution_options().get("write") else "read")

    async def story() -> None:
        async with crew(bank):
            await until(lambda: not sql(bank, "SELECT id FROM sms_message WHERE sent_at IS NULL"))
            sa.event.listen(bank.db.engine, "begin", note)
            await until(lambda: opened.count("read") > 40, seconds=30)
            sa.event.remove(bank.db.engine, "begin", note)

    asyncio.run(story())
    assert opened.count("write") == 0
