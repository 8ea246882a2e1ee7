"""Workers that do not wait for whoever is silent, and what is on their agenda."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from kaspi_web.domain.bills import asking
from kaspi_web.domain.terminals import kiosk
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Answer, Result
from kaspi_web.workers.agenda import agenda
from kaspi_web.workers.bills import AT_ONE_BILLER, BillsDesk
from tests.make.bills import paid, payment
from tests.make.customers import PHONE, customer
from tests.make.ledger import assert_clean, sql
from tests.make.topups import SLOW_TERMINAL, top_up
from tests.workers.waiting import until

SILENT, QUICK = "almaty-energo", "almaty-su"


class Doors:
    """Billers of which one never answers; `asked` counts calls by address."""

    def __init__(self, silent: str = "", trouble: str = "") -> None:
        self.silent, self.trouble, self.asked, self.at_once, self.most = silent, trouble, [], 0, 0

    def at(self, address: str, dialect: str) -> Door:
        return Door(self, address)


class Door:
    def __init__(self, doors: Doors, address: str) -> None:
        self.doors, self.address = doors, address

    async def pay(self, txn_id: int, *_: Any, secret: bool = False) -> Answer:
        doors = self.doors
        doors.asked.append(self.address)
        if self.address == doors.trouble:
            raise RuntimeError("account 04512287")
        if self.address == doors.silent:
            doors.at_once += 1
            doors.most = max(doors.most, doors.at_once)
            try:
                await asyncio.sleep(60)
            finally:
                doors.at_once -= 1
            raise Unknown("timeout")
        return Answer(Result.OK, str(txn_id), "1")


def addresses(bank: Bank) -> dict[str, str]:
    rows = [tuple(row) for row in sql(bank, "SELECT slug, address FROM biller ORDER BY slug")]
    return dict(rows)


def two_billers(bank: Bank) -> tuple[str, str]:
    """Slugs of two billers with addresses of their own."""
    one, two = list(addresses(bank))[:2]
    sql(bank, "UPDATE biller SET address = '/silent' WHERE slug = :slug", slug=one)
    sql(bank, "UPDATE biller SET address = '/quick' WHERE slug = :slug", slug=two)
    return one, two


def test_a_silent_biller_delays_no_other(bank: Bank):
    owner = customer(bank, money=Money.tenge(90_000))
    silent, quick = two_billers(bank)
    stuck = [paid(bank, owner, Money.tenge(100), slug=silent) for _ in range(AT_ONE_BILLER + 4)]
    doors = Doors(silent="/silent")

    async def story() -> None:
        desk: Any = BillsDesk(bank, doors)  # type: ignore[arg-type]
        assert await desk.start_due() == AT_ONE_BILLER
        for _ in range(3):
            made = await asyncio.to_thread(paid, bank, owner, Money.tenge(200), slug=quick)
            assert await desk.start_due() == 1
            await until(lambda made=made: payment(bank, owner, made.id).state == "done")
        assert await desk.start_due() == 0
        await desk.end()

    asyncio.run(story())
    assert doors.most == AT_ONE_BILLER
    assert {payment(bank, owner, each.id).state for each in stuck} == {"on_way"}
    # What was let go has no lease left: the next process asks at once, under the same number.
    assert len(bank.db.write_now(asking.claim, most=50)) == len(stuck)
    assert_clean(bank)


def test_trouble_with_one_payment_is_unknown_and_logged_without_its_account(
    bank: Bank, caplog: pytest.LogCaptureFixture
):
    owner = customer(bank, money=Money.tenge(90_000))
    bad, good = two_billers(bank)
    wrong, right = (paid(bank, owner, Money.tenge(100), slug=slug) for slug in (bad, good))

    async def story() -> None:
        desk: Any = BillsDesk(bank, Doors(trouble="/silent"))  # type: ignore[arg-type]
        await desk.start_due()
        await until(lambda: payment(bank, owner, right.id).state == "done")
        await until(lambda: payment(bank, owner, wrong.id).last_word == "trouble")
        await desk.end()

    asyncio.run(story())
    assert payment(bank, owner, wrong.id).state == "on_way"
    assert "RuntimeError" in caplog.text
    assert "04512287" not in caplog.text
    assert_clean(bank)


def test_the_agenda_has_what_every_worker_will_do_until_then(bank: Bank):
    owner = customer(bank, money=Money.tenge(90_000))
    made = paid(bank, owner, Money.tenge(100))
    top_up(bank)
    late = top_up(bank, terminal=SLOW_TERMINAL)
    visit = bank.db.write_now(kiosk.arrive, terminal="almaty-01", phone=PHONE, masked_name="")
    in_an_hour = real_now() + timedelta(hours=1)
    found = asyncio.run(agenda(bank, until=in_an_hour))
    assert [each.subject for each in found["bills"]] == [f"bill_payment:{made.id}"]
    assert [each.subject for each in found["topups"]] == [f"topup:{late.id}"]
    assert found["kiosk"] == [(f"kiosk_visit:{visit.id}", visit.due_at)]
    assert len(found["sms"]) == 1
    assert all(each.due_at <= in_an_hour for each in (*found["bills"], *found["topups"], *found["sms"]))
    sooner = asyncio.run(agenda(bank, until=real_now()))
    assert (sooner["topups"], sooner["kiosk"]) == ([], [])
