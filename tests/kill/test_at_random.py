"""Thirty lives under two hundred payments each, ended by SIGKILL at random moments: every book tells the same story.

Each life begins on what the last one left, at once and under load. What a death left unanswered is tried again
later with the same intent. `KILL_SEED` repeats the moments of an earlier run.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

import pytest

from kaspi_web.kernel.clock import real_now
from tests.billers import BillerProcess
from tests.kill.books import Diary, assert_books_agree, registry, rows, under_way
from tests.kill.figures import Figures, say
from tests.kill.house import House
from tests.kill.paying import WAS_NOT, WAS_PAID, pay
from tests.kill.slips import Shopper, Slip, shoppers, slips
from tests.wire import Gone, Page
from tests.workers.waiting import until

PAYMENTS = 200
SHOPPERS = 20
LIVES = 30
_EACH = PAYMENTS // SHOPPERS
_ALL_THROUGH_WITHIN_S = 900.0
_LATEST = 1.15
"""The last moment of death, as a part of the payments; above 1 all of them have been sent."""
_SENT, _LOST, _CUT = "payments sent", "answers lost", "deaths while payments were being sent"
_TOLD = "payments in all three books"
_HELD = "found at deaths: held, its biller not asked yet"
_ASKED = "found at deaths: biller being asked, no yes yet"
_SAID = "found at deaths: biller's yes not written down yet"
_NAMES = (_CUT, _SENT, _LOST, WAS_PAID, WAS_NOT, _HELD, _ASKED, _SAID, _TOLD)


@dataclass
class Life:
    """One life of the server: it ends `delay_s` after the tap with the number `last_tap`."""

    house: House
    last_tap: int
    delay_s: float
    taps: int = 0

    async def live(self, queues: list[tuple[str, list[Slip]]], diary: Diary) -> None:
        """Let every browser pay its slips, all at once, until the server is dead; it is always dead afterwards."""
        pages = await asyncio.gather(*(self.house.page(queue[0].path, cookie) for cookie, queue in queues))
        paying = [self._pay(page, queue, diary) for page, (_, queue) in zip(pages, queues, strict=True)]
        await asyncio.gather(*paying)
        # All were sent and answered: it dies a moment later, while billers are asked.
        await asyncio.sleep(self.delay_s)
        self.house.kill()
        for page in pages:
            page.close()

    async def _pay(self, page: Page, queue: list[Slip], diary: Diary) -> None:
        with contextlib.suppress(Gone):
            for slip in queue:
                await pay(page, slip, diary, tapped=self._tapped)

    def _tapped(self) -> None:
        self.taps += 1
        if self.taps == self.last_tap:
            asyncio.get_running_loop().call_later(self.delay_s, self.house.kill)


@dataclass
class Town:
    """The customers, what they still mean to pay, and what they know."""

    shoppers: list[Shopper]
    left: dict[int, list[Slip]]
    diary: Diary = field(default_factory=Diary)

    def queues(self) -> list[tuple[str, list[Slip]]]:
        """For each customer its share of the next 200 payments; those without an answer come first."""
        return [(each.cookie, self._next(each)) for each in self.shoppers]

    def _next(self, shopper: Shopper) -> list[Slip]:
        wanted = [slip for slip in self.left[shopper.id] if slip.intent_id not in self.diary.told]
        self.left[shopper.id] = sorted(wanted, key=lambda slip: slip.intent_id not in self.diary.pressed)
        return self.left[shopper.id][:_EACH]

    def unanswered(self) -> list[tuple[str, list[Slip]]]:
        """For each such customer what it pressed Pay for and heard nothing of."""
        lost = self.diary.unanswered()
        queues = [(each.cookie, [slip for slip in lost if slip.customer_id == each.id]) for each in self.shoppers]
        return [(cookie, queue) for cookie, queue in queues if queue]


def a_town(house: House, dice: Random) -> Town:
    with house.bank() as bank:
        people = shoppers(bank, SHOPPERS)
        return Town(people, {each.id: slips(bank, each, _EACH * LIVES, dice) for each in people})


async def settle(house: House, town: Town) -> None:
    """The last life, which nobody ends: what has no answer is tried again, and all comes to its last word."""
    for cookie, queue in town.unanswered():
        page = await house.page(queue[0].path, cookie)
        for slip in queue:
            await pay(page, slip, town.diary)
        page.close()
    with house.bank() as bank:
        await until(lambda: under_way(bank) == 0, seconds=_ALL_THROUGH_WITHIN_S, look_every_s=0.2)


def what_it_cut(house: House, biller: BillerProcess, since: datetime) -> Figures:
    """What a death found under way at the biller, by the bank's own books and the biller's."""
    said = {row[1] for row in registry(biller, since)}
    with house.photograph() as bank:
        waiting = rows(bank, "SELECT txn_id, tries FROM bill_payment WHERE state = 'on_way'")
    return Figures(_HELD if not tries else _SAID if number in said else _ASKED for number, tries in waiting)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_after_many_deaths_all_books_agree(
    new_house: Callable[[str], House], biller: BillerProcess, database: str
) -> None:
    seed = os.environ.get("KILL_SEED") or secrets.token_hex(4)
    print(f"KILL_SEED={seed}")  # noqa: T201  shown when the test fails
    dice, since, house = Random(seed), real_now(), new_house(database)
    town, figures = a_town(house, dice), Figures(dict.fromkeys(_NAMES, 0))
    for _ in range(LIVES):
        house.start()
        life = Life(house, last_tap=dice.randint(1, int(PAYMENTS * _LATEST)), delay_s=dice.uniform(0, 0.05))
        asyncio.run(life.live(town.queues(), town.diary))
        figures[_CUT] += life.taps >= life.last_tap
        figures[_SENT] += life.taps
        figures.update(what_it_cut(house, biller, since))
    house.start()
    asyncio.run(settle(house, town))
    house.stop()
    with house.bank() as bank:
        assert_books_agree(bank, biller, town.diary, town.shoppers, since=since)
    figures.update(town.diary.retried)
    figures[_LOST], figures[_TOLD] = town.diary.retried.total(), len(town.diary.told)
    say(f"Dying at random on {database}: {LIVES} lives, KILL_SEED={seed}", figures)
