"""The loop over bills: it does what is due, and one customer's trouble holds up nobody else's."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from kaspi_web import demo_data
from kaspi_web.domain.loans.models import DueBill
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.workers import loans
from kaspi_web.workers.agenda import agenda
from kaspi_web.workers.crew import crew
from tests.make import plans as make
from tests.make.customers import OTHER_PHONE
from tests.make.ledger import assert_clean, sql
from tests.workers.waiting import until


def everything(bank: Bank) -> int:
    async def working() -> int:
        done = 0
        while now := await loans.run_due(bank):
            done += now
        return done

    return asyncio.run(working())


def waiting(bank: Bank) -> int:
    return len(asyncio.run(agenda(bank, until=bank.clock.now()))["loans"])


def test_the_worker_catches_up_with_every_step_after_a_stop(bank: Bank) -> None:
    demo_data.load(bank)
    make.lent(bank, make.member(bank), Money.tenge(9_000))
    assert everything(bank) == 0
    bank.clock.jump(timedelta(days=200))
    assert waiting(bank) == 3
    assert everything(bank) == 12
    assert waiting(bank) == 0
    assert_clean(bank)


def test_a_bill_that_cannot_be_done_holds_up_no_other(bank: Bank) -> None:
    demo_data.load(bank)
    broken, fine = make.member(bank), make.member(bank, phone=OTHER_PHONE)
    for each in (broken, fine):
        make.lent(bank, each, Money.tenge(9_000))
    bank.clock.jump(timedelta(days=200))
    # A step that was done already, by its row, cannot be done again.
    sql(bank, "INSERT INTO due_run (bill_id, step, run_on) SELECT MIN(id), 'remind', '2026-01-01' FROM due_bill")
    assert everything(bank) == 12
    left = sql(bank, f"SELECT DISTINCT customer_id FROM {DueBill.__tablename__} WHERE step <> 'none'")
    assert left == [(broken,)]
    assert_clean(bank)


def test_the_crew_does_it(bank: Bank) -> None:
    demo_data.load(bank)
    make.lent(bank, make.member(bank), Money.tenge(9_000))
    bank.clock.jump(timedelta(days=200))

    async def working() -> None:
        async with crew(bank):
            await until(lambda: sql(bank, "SELECT COUNT(*) FROM due_bill WHERE step <> 'none'") == [(0,)])

    asyncio.run(working())
