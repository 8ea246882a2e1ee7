"""A purchase by bonus and another bank's card is all of it or none, though the server dies between any two steps.

The tap itself is made by a process of its own that is killed before its commit and after it; what the card's bank
answers is heard by servers that die at every mark on the way.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kaspi_web.domain.checkout import service as checkout
from kaspi_web.gateways.processor import Processor
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.settings import Settings
from tests.kill.books import rows
from tests.kill.house import House
from tests.kill.mixed import asked, linked, processor_of
from tests.make import shop
from tests.make.ledger import assert_clean, entries, sql
from tests.processor import CHARGE_REFUSED, OK
from tests.workers.waiting import until

BONUS, SUM = Money.tenge(1_500), Money.tenge(8_000)
_PATIENCE_S = 120.0
_TAP = "checkout.buying.buy"
_NOTED = "sagas.service.charge_answered"
TO_THE_CODE = (
    "charging.authorise.answered",  # the card's bank has texted a code, and we do not know
    f"{_NOTED}.before_commit",  # the same, with the mark written
    f"{_NOTED}.after_commit",  # a code is waited for
)
TO_THE_CAPTURE = (
    f"{_NOTED}.before_commit",  # the code was right, and the orders were placed, but not committed
    f"{_NOTED}.after_commit",  # placed, the card is to be captured
    "charging.capture.answered",  # captured, and we do not know
    f"{_NOTED}.before_commit",
    f"{_NOTED}.after_commit",
)
TO_THE_REFUSAL = TO_THE_CODE


@dataclass(frozen=True, slots=True)
class Tap:
    """What a buyer presses Buy for."""

    owner: int
    offers: tuple[int, ...]
    checkout_id: str
    amount: Money
    number: int


def somebody(bank: Bank, book: Path, *, card: str) -> Tap:
    """A buyer who has agreed to buy from two sellers, by bonus and a linked card."""
    owner, first, second = shop.buyer(bank, money=ZERO, bonus=BONUS), shop.seller(bank), shop.seller(bank)
    offers = (shop.offer(bank, first), shop.offer(bank, second))
    by = {"source": "card", "card": linked(bank, book, owner, number=card), "spend": BONUS}
    checkout_id = shop.opened(bank, owner, dict.fromkeys(offers, 1))
    agreed = shop.proposed(bank, owner, checkout_id, first, second, **by)
    shop.confirmed(bank, checkout_id)
    return Tap(owner, offers, checkout_id, agreed.amount, agreed.number)


def press(settings: Settings, tap: Tap) -> None:
    """Press Buy, in a process of its own."""
    with closing(Bank.open(settings)) as bank:
        _press(bank, tap)


def _press(bank: Bank, tap: Tap) -> str:
    this = {"customer_id": tap.owner, "checkout_id": tap.checkout_id}
    return bank.db.write_now(checkout.buy, **this, amount=tap.amount, source="card", number=tap.number).id


def dies_at_the_tap(house: House, tap: Tap, point: str) -> None:
    settings = replace(house.settings, faults=f"{_TAP}.{point}=kill")
    process = multiprocessing.get_context("spawn").Process(target=press, args=(settings, tap))
    process.start()
    process.join(_PATIENCE_S)
    assert process.exitcode == -signal.SIGKILL


def dies_at_each(house: House, points: tuple[str, ...]) -> None:
    for point in points:
        house.start(f"{point}=kill")
        asyncio.run(house.dies())
        with house.bank() as bank:
            # As a minute would: on PostgreSQL nobody knows that the one who had it is dead.
            sql(bank, "UPDATE card_charge SET leased_until = created_at, due_at = created_at")


def type_the_code(house: House, book: Path) -> None:
    """What the buyer types goes straight to the card's bank; we hear of it when we look."""
    with house.bank() as bank:
        ((key,),) = rows(bank, "SELECT key FROM card_charge")
        ((code,),) = asked(book, "SELECT code FROM challenge WHERE key = ?", key)
        asyncio.run(_type(bank, key, code))
        sql(bank, "UPDATE card_charge SET due_at = created_at")


async def _type(bank: Bank, key: str, code: str) -> None:
    door = Processor(bank)
    try:
        assert (await door.type_code(key, code)).state == "authorised"
    finally:
        await door.aclose()


def lives_until_all_is_through(house: House) -> None:
    house.start()
    with house.bank() as bank:
        over = "SELECT COUNT(*) FROM card_charge WHERE wanted <> ''"
        asyncio.run(until(lambda: rows(bank, over) == [(0,)], seconds=_PATIENCE_S, look_every_s=0.1))
    house.stop()


def taps_and_dies(house: House, tap: Tap) -> None:
    """Twice the server dies at the tap; the third is answered with what the second has made."""
    dies_at_the_tap(house, tap, "before_commit")
    with house.bank() as bank:
        assert rows(bank, "SELECT COUNT(*) FROM purchase") == [(0,)]
        assert (shop.has(bank, "holds"), shop.has(bank, "bonus", tap.owner)) == (ZERO, BONUS)
    dies_at_the_tap(house, tap, "after_commit")
    with house.bank() as bank:
        ((made,),) = rows(bank, "SELECT public_id FROM purchase")
        assert _press(bank, tap) == made
        assert (shop.has(bank, "holds"), entries(bank, "bonus_held")) == (BONUS, 2)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_it_is_placed_once_and_charged_once_wherever_the_server_died(
    new_house: Callable[[str], House], tmp_path: Path, database: str
) -> None:
    house = new_house(database)
    with processor_of(house, tmp_path) as (processor, book):
        with house.bank() as bank:
            tap = somebody(bank, book, card=OK)
        taps_and_dies(house, tap)
        dies_at_each(house, TO_THE_CODE)
        type_the_code(house, book)
        dies_at_each(house, TO_THE_CAPTURE)
        lives_until_all_is_through(house)
        assert asked(book, "SELECT state, amount_tiyn FROM charge") == [("captured", (SUM - BONUS).tiyn)]
        assert processor.balance("4242") == (Money.tenge(500_000) - SUM + BONUS).wire
    with house.bank() as bank:
        assert rows(bank, "SELECT state, amount_tiyn FROM purchase") == [("placed", SUM.tiyn)]
        assert rows(bank, "SELECT state, status FROM shop_order") == [("NEW", "APPROVED_BY_BANK")] * 2
        assert (shop.has(bank, "holds"), shop.has(bank, "card_processor")) == (SUM, SUM - BONUS)
        assert (entries(bank, "purchase_charged"), shop.has(bank, "bonus", tap.owner)) == (2, ZERO)
        assert [shop.stock_of(bank, offer) for offer in tap.offers] == [(9, 0)] * 2
        assert_clean(bank)


def test_when_the_card_is_declined_everything_is_back_wherever_the_server_died(house: House, tmp_path: Path) -> None:
    with processor_of(house, tmp_path) as (_, book):
        with house.bank() as bank:
            tap = somebody(bank, book, card=CHARGE_REFUSED)
        taps_and_dies(house, tap)
        dies_at_each(house, TO_THE_REFUSAL)
        lives_until_all_is_through(house)
        assert [state for (state,) in asked(book, "SELECT state FROM charge")] == ["declined"]
    with house.bank() as bank:
        assert rows(bank, "SELECT state FROM purchase") == [("refused",)]
        assert rows(bank, "SELECT status FROM shop_order") == [("CANCELLED",)] * 2
        assert (shop.has(bank, "holds"), shop.has(bank, "card_processor")) == (ZERO, ZERO)
        assert shop.has(bank, "bonus", tap.owner) == BONUS
        assert [shop.stock_of(bank, offer) for offer in tap.offers] == [(10, 0)] * 2
        assert shop.basket(bank, tap.owner).count == 2
        assert_clean(bank)
