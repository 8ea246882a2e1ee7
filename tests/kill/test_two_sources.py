"""A payment by bonus and another bank's card is all of it or none, though the server dies between any two steps.

One payment goes through all the deaths, one after another: what a life leaves is what the next begins with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.money import ZERO, Money
from tests.billers import BillerProcess
from tests.kill.books import registry, rows
from tests.kill.house import House
from tests.kill.mixed import BONUS, SUM, Customer, asked, processor_of, somebody
from tests.kill.slips import MONEY
from tests.make import transfers
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, assert_clean, balance, entries, sql
from tests.workers.waiting import until

_PATIENCE_S = 120.0
_NOTED = "sagas.service.charge_answered"
_OVER = "SELECT COUNT(*) FROM card_charge WHERE wanted <> ''"

TO_THE_BILLER = (
    "bills.payments.pay.before_commit",  # nothing is held
    "bills.payments.pay.after_commit",  # bonuses are held, the card is to be asked
    "charging.authorise.answered",  # the card's bank has texted a code, and we do not know
    f"{_NOTED}.before_commit",  # the same, with the mark written
    f"{_NOTED}.after_commit",  # a code is waited for
    f"{_NOTED}.before_commit",  # the code was right, and we do not know
    f"{_NOTED}.after_commit",  # the card has agreed, the biller is to be asked
)
"""Points of deaths, in the order in which a payment comes by them; the last two lives begin with typing the code."""
TO_THE_CAPTURE = (
    "bills.answered",  # the biller has said yes, and we do not know
    "bills.outcomes.accepted.after_commit",  # done, the card is to be captured
    "charging.capture.answered",  # captured, and we do not know
    f"{_NOTED}.before_commit",
    f"{_NOTED}.after_commit",
)
TO_THE_VOID = (
    "bills.answered",  # the biller has said no, and we do not know
    "bills.outcomes.refused.after_commit",  # refused, the card is to be let go
    "charging.void.answered",  # voided, and we do not know
    f"{_NOTED}.before_commit",
    f"{_NOTED}.after_commit",
)

POINTS = {
    "sqlite": TO_THE_BILLER + TO_THE_CAPTURE,
    "postgres": (TO_THE_BILLER[1], TO_THE_BILLER[4], "bills.answered", "charging.capture.answered"),
}


def dies_at_each(customer: Customer, points: tuple[str, ...]) -> None:
    """Let the server die at every point, and the customer come back; then live in peace until all is through."""
    house = customer.house
    for point in points:
        house.start(f"{point}=kill")
        assert asyncio.run(customer.live_or_see_it_die()) == "", f"nobody died at {point}"
        end_the_leases(house)
    house.start()
    asyncio.run(until_all_is_through(customer))
    house.stop()


def end_the_leases(house: House) -> None:
    """As a minute would: on PostgreSQL nobody knows that the one who had them is dead."""
    with house.bank() as bank:
        sql(bank, "UPDATE bill_payment SET leased_until = started_at")
        sql(bank, "UPDATE card_charge SET leased_until = created_at")


async def until_all_is_through(customer: Customer) -> None:
    await customer.live()
    with customer.house.bank() as bank:
        await until(lambda: rows(bank, _OVER) == [(0,)], seconds=_PATIENCE_S, look_every_s=0.1)


def test_a_transfer_that_could_be_undone_until_the_server_died_arrives_once(house: House) -> None:
    with house.bank() as bank:
        owner, friend = customer(bank, money=MONEY), customer(bank, phone=OTHER_PHONE)
        made = transfers.sent(bank, owner, transfers.to_phone(bank, owner), SUM)
        assert made.state == "held"
        sql(bank, "UPDATE transfer SET undo_until = started_at")
    for point, left in (("before_commit", "held"), ("after_commit", "done")):
        house.start(f"transfers.due.settle.{point}=kill")
        asyncio.run(house.dies())
        with house.photograph() as bank:
            assert rows(bank, "SELECT state FROM transfer") == [(left,)]
    house.start()
    asyncio.run(answers(house))
    house.stop()
    with house.bank() as bank:
        assert (has(bank, "wallet", owner), has(bank, "wallet", friend), has(bank, "holds")) == (MONEY - SUM, SUM, ZERO)
        assert entries(bank, "transfer_sent") == 1
        assert_clean(bank)


async def answers(house: House) -> None:
    """Wait until the server works again."""
    await until(lambda: _pinged(house.url), seconds=_PATIENCE_S, look_every_s=0.2)


def _pinged(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{url}/ping", trust_env=False).is_success
    return False


def has(bank: Bank, kind: str, owner: int | str = "") -> Money:
    return balance(bank, account(bank, kind, str(owner)))


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_it_is_paid_once_from_both_wherever_the_server_died(
    new_house: Callable[[str], House], biller: BillerProcess, tmp_path: Path, database: str
) -> None:
    house, since = new_house(database), real_now()
    with processor_of(house, tmp_path) as (processor, book):
        payer = somebody(house, book)
        dies_at_each(payer, POINTS[database])
        assert asked(book, "SELECT state, amount_tiyn FROM charge") == [("captured", (SUM - BONUS).tiyn)]
        assert processor.balance("4242") == "497500.00"
    assert [row[3:6:2] for row in registry(biller, since)] == [(SUM.tiyn, "done")]
    with house.bank() as bank:
        owner, biller_slug = payer.shopper.id, payer.slip.biller
        assert rows(bank, "SELECT state, amount_tiyn, spent_bonus_tiyn FROM bill_payment") == [
            ("done", SUM.tiyn, BONUS.tiyn)
        ]
        assert (has(bank, "biller_payable", biller_slug), has(bank, "card_processor")) == (SUM, SUM - BONUS)
        assert (has(bank, "bonus", owner), has(bank, "wallet", owner)) == (Money.tenge(25), MONEY)
        assert has(bank, "holds") == ZERO
        assert_clean(bank)


def test_when_the_biller_refuses_both_return_wherever_the_server_died(
    house: House, biller: BillerProcess, tmp_path: Path
) -> None:
    since = real_now()
    with processor_of(house, tmp_path) as (processor, book):
        payer = somebody(house, book)
        biller.set_fault("refuse", biller=payer.slip.biller, command="pay")
        house.start(f"{TO_THE_BILLER[-1]}=kill")
        # Here the first mark is that of the asking for a code.
        assert asyncio.run(payer.live_or_see_it_die()) == ""
        dies_at_each(payer, TO_THE_VOID)
        assert asked(book, "SELECT state, amount_tiyn FROM charge") == [("voided", (SUM - BONUS).tiyn)]
        assert processor.balance("4242") == "500000.00"
    assert [row for row in registry(biller, since) if row[5] == "done"] == []
    with house.bank() as bank:
        owner = payer.shopper.id
        assert rows(bank, "SELECT state FROM bill_payment") == [("refused",)]
        assert (has(bank, "bonus", owner), has(bank, "wallet", owner), has(bank, "holds")) == (BONUS, MONEY, ZERO)
        assert (has(bank, "card_processor"), has(bank, "biller_payable", payer.slip.biller)) == (ZERO, ZERO)
        assert_clean(bank)
