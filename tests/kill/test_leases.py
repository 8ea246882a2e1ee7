"""What a dead worker had taken: free at once where a server works alone, and after its time where several may work."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.domain.bills import asking
from kaspi_web.domain.sms import outbox
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from kaspi_web.workers.crew import crew
from tests.billers import BillerProcess
from tests.kill.books import rows
from tests.make.bills import paid, payment
from tests.make.customers import PHONE, customer
from tests.make.phone import received
from tests.workers.loopback import free_port
from tests.workers.waiting import until

_SOONER_THAN_ANY_LEASE_S = 20
_UNSENT = "SELECT count(*) FROM sms_message WHERE sent_at IS NULL"


@pytest.fixture
def bank_settings(biller: BillerProcess) -> dict[str, Any]:
    return {"biller_url": biller.url, "port": free_port()}


def owner_of(bank: Bank) -> int:
    demo_data.load(bank)
    return customer(bank, money=Money.tenge(30_000))


def test_alone_on_sqlite_a_new_server_asks_at_once_what_the_dead_one_was_asking(bank: Bank):
    owner = owner_of(bank)
    made = paid(bank, owner, Money.tenge(1_000))
    assert len(bank.db.write_now(asking.claim)) == 1

    async def story() -> None:
        async with crew(bank):
            await until(lambda: payment(bank, owner, made.id).state == "done", seconds=_SOONER_THAN_ANY_LEASE_S)

    asyncio.run(story())


def test_alone_on_sqlite_a_new_server_sends_at_once_what_the_dead_one_was_sending(bank: Bank):
    bank.db.write_now(_write_sms)
    assert len(bank.db.write_now(outbox.claim)) == 1

    async def story() -> None:
        async with crew(bank):
            await until(lambda: rows(bank, _UNSENT) == [(0,)], seconds=_SOONER_THAN_ANY_LEASE_S)

    asyncio.run(story())
    assert len(received(bank, PHONE)) == 1


def _write_sms(unit: Unit) -> None:
    outbox.text_to(unit, phone=PHONE, language="en", template="payment_done", amount_tiyn=100, payee="x")


@pytest.mark.parametrize("any_bank", ["postgres"], indirect=True)
def test_on_postgresql_another_server_may_be_asking_so_a_new_one_leaves_it_alone(any_bank: Bank):
    bank, owner = any_bank, owner_of(any_bank)
    taken = paid(bank, owner, Money.tenge(1_000))
    bank.db.write_now(asking.claim)
    free = paid(bank, owner, Money.tenge(1_000))

    async def story() -> None:
        async with crew(bank):
            await until(lambda: payment(bank, owner, free.id).state == "done", seconds=_SOONER_THAN_ANY_LEASE_S)

    asyncio.run(story())
    assert payment(bank, owner, taken.id).state == "on_way"
