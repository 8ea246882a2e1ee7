"""The server dies by SIGKILL at the worst points of a payment: what was promised is kept, and nothing happens twice."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import datetime
from random import Random

import pytest

from kaspi_web.domain.bills.intents import CODE_ABOVE
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.money import Money
from kaspi_web.ui.payments.intent import IntentState
from tests.billers import BillerProcess
from tests.kill.books import Diary, assert_books_agree, registry, rows, under_way
from tests.kill.house import House
from tests.kill.paying import pay, press, propose, read
from tests.kill.slips import Shopper, Slip, shoppers, slips
from tests.make.ledger import sql
from tests.make.phone import received
from tests.wire import Gone, Page
from tests.workers.waiting import until

_PATIENCE_S = 120.0
_AT_ONCE = 8
_DICE = Random(7)

Customer = tuple[Shopper, Slip]


def customers(house: House, count: int, *, amount: Money | None = None) -> list[Customer]:
    with house.bank() as bank:
        return [(each, slips(bank, each, 1, _DICE, amount=amount)[0]) for each in shoppers(bank, count)]


async def open_review(house: House, customer: Customer) -> Page:
    """A page with the window open that asks to confirm the sum."""
    shopper, slip = customer
    page = await house.page(slip.path, shopper.cookie)
    await propose(page, slip)
    return page


async def press_all(house: House, people: list[Customer], diary: Diary, *, held: bool = False) -> None:
    """Everybody has the window open, and then all press Pay at the same moment; the server does not survive it.

    With the file `held` meanwhile all wait for the writer, and share one group.
    """
    pages = [await open_review(house, each) for each in people]
    diary.pressed |= {slip.intent_id: slip for _, slip in people}
    holding = hold_file(house) if held else nullcontext()
    with holding:
        pressing = asyncio.gather(*(_press(page, slip, diary) for page, (_, slip) in zip(pages, people, strict=True)))
        # Nobody outside can see the queue. One that comes later is only not of the group.
        await asyncio.sleep(1.0 if held else 0)
    await pressing
    await house.dies()
    for page in pages:
        page.close()


@contextmanager
def hold_file(house: House) -> Iterator[None]:
    """Write to SQLite's file, as a command may, so that the server's writer waits."""
    with closing(sqlite3.connect(house.settings.data_dir / "bank.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def _press(page: Page, slip: Slip, diary: Diary) -> None:
    try:
        await press(page, slip)
    except Gone:
        return
    read(page, slip, diary)


async def live_on(house: House, people: list[Customer], diary: Diary) -> None:
    """The next life: who has no answer tries again, and everything comes to its last word by itself."""
    house.start()
    for shopper, slip in people:
        page = await house.page(slip.path, shopper.cookie)
        if slip.intent_id not in diary.told:
            await pay(page, slip, diary)
        page.close()
    await all_through(house)
    house.kill()


async def all_through(house: House) -> None:
    with house.bank() as bank:
        await until(lambda: under_way(bank) == 0, seconds=_PATIENCE_S, look_every_s=0.1)


def assert_agreed(house: House, biller: BillerProcess, diary: Diary, people: list[Customer], since: datetime) -> None:
    with house.bank() as bank:
        assert_books_agree(bank, biller, diary, [shopper for shopper, _ in people], since=since)


def states(house: House) -> Counter[str]:
    """The payments that the bank knows of just after a death, by state."""
    with house.photograph() as bank:
        return Counter(state for (state,) in rows(bank, "SELECT state FROM bill_payment"))


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
@pytest.mark.parametrize(
    ("point", "left", "at_biller"),
    [
        pytest.param("bills.payments.pay.before_commit", {}, 0, id="before-the-hold"),
        pytest.param("bills.payments.pay.after_commit", {"on_way": 1}, 0, id="after-the-hold"),
        pytest.param("bills.answered", {"on_way": 1}, 1, id="after-the-billers-yes"),
        pytest.param("bills.outcomes.accepted.before_commit", {"on_way": 1}, 1, id="before-the-mark"),
        pytest.param("bills.outcomes.accepted.after_commit", {"done": 1}, 1, id="after-the-mark"),
    ],
)
def test_a_payment_is_made_once_wherever_the_server_died(
    new_house: Callable[[str], House],
    biller: BillerProcess,
    database: str,
    point: str,
    left: dict[str, int],
    at_biller: int,
) -> None:
    house, diary, since = new_house(database), Diary(), real_now()
    people = customers(house, 1)
    house.start(f"{point}=kill")
    asyncio.run(press_all(house, people, diary))
    assert states(house) == left
    assert len(registry(biller, since)) == at_biller
    if database == "postgres":
        end_the_leases(house)
    asyncio.run(live_on(house, people, diary))
    assert_agreed(house, biller, diary, people, since)


def end_the_leases(house: House) -> None:
    """As a minute would: on PostgreSQL nobody knows that the one who had them is dead."""
    with house.bank() as bank:
        sql(bank, "UPDATE bill_payment SET leased_until = started_at")


@pytest.mark.parametrize(
    ("point", "committed"),
    [
        pytest.param("bills.payments.pay.in_group", False, id="in-the-middle-of-a-group"),
        pytest.param("bills.payments.pay.after_commit", True, id="after-the-group-before-any-answer"),
    ],
)
def test_a_group_that_died_was_wholly_made_or_not_at_all(
    house: House, biller: BillerProcess, point: str, committed: bool
) -> None:
    diary, since = Diary(), real_now()
    people = customers(house, _AT_ONCE)
    house.start(f"{point}=kill")
    asyncio.run(press_all(house, people, diary, held=True))
    made = states(house)
    assert not diary.told
    assert made.total() > 1 if committed else made.total() == 0
    asyncio.run(live_on(house, people, diary))
    assert_agreed(house, biller, diary, people, since)


def test_an_sms_comes_once_though_the_server_died_between_sending_and_noting_it(
    house: House, biller: BillerProcess
) -> None:
    diary, since = Diary(), real_now()
    people = customers(house, 1, amount=CODE_ABOVE + Money.tenge(1))
    ((_, slip),) = people
    house.start("sms.sent=kill")
    asyncio.run(ask_for_code(house, people[0]))
    with house.photograph() as bank:
        assert (outbox(bank), len(received(bank))) == ([False], 1)

    house.start()
    with house.bank() as bank:
        asyncio.run(until_sent(bank))
        (text,) = received(bank)
    asyncio.run(confirm(house, people[0], re.findall(r"\b\d{6}\b", text)[0], diary))
    house.kill()
    with house.bank() as bank:
        assert outbox(bank) == [True] * len(received(bank))
        assert Counter(received(bank)).most_common(1)[0][1] == 1
        assert text in received(bank)
    assert diary.pressed == {slip.intent_id: slip}
    assert_agreed(house, biller, diary, people, since)


async def ask_for_code(house: House, customer: Customer) -> None:
    page = await open_review(house, customer)
    page.send(IntentState.pay)
    await house.dies()
    page.close()


async def until_sent(bank: Bank) -> None:
    await until(lambda: all(outbox(bank)), seconds=_PATIENCE_S, look_every_s=0.1)


async def confirm(house: House, customer: Customer, code: str, diary: Diary) -> None:
    """Come back to the window, and type the code that had come before the death."""
    page, slip = await open_review(house, customer), customer[1]
    await page.call(IntentState.pay)
    assert page.shows(IntentState).step == "code"
    diary.pressed[slip.intent_id] = slip
    await page.call(IntentState.confirm, {"code": code})
    read(page, slip, diary)
    page.close()
    await all_through(house)


def outbox(bank: Bank) -> list[bool]:
    """Of every message of the bank, whether it is noted as sent."""
    return [sent is not None for (sent,) in rows(bank, "SELECT sent_at FROM sms_message ORDER BY id")]
