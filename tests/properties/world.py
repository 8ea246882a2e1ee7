"""A bank, the simulated billers behind TCP and the worker between them, for one random story."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.domain.bills import asking
from kaspi_web.domain.transfers import due
from kaspi_web.gateways.billers import Billers
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.gateways.processor import Processor
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO
from kaspi_web.kernel.osmp import Answer
from kaspi_web.settings import Settings
from kaspi_web.workers import bills, reconciling
from tests.billers import BillerProcess
from tests.databases import open_bank
from tests.make.moments import Watch
from tests.processor import ProcessorProcess, share_keys
from tests.properties.charging import Charging

PATIENCE_S = 1.5
"""How long the bank waits for a biller here; a silent one costs this much real time."""
PROCESSOR_PATIENCE_S = 0.6

OpenDatabase = Callable[[Path], contextlib.AbstractContextManager[str]]


class Outside:
    """The simulated billers and processor, and the bank's client of billers on a loop that outlives many stories."""

    def __init__(self, biller: BillerProcess, processor: ProcessorProcess, processor_book: Path) -> None:
        self.biller, self.processor, self.processor_book = biller, processor, processor_book
        self.settings = {
            "biller_url": biller.url,
            "biller_timeout_s": PATIENCE_S,
            "processor_url": processor.url,
            "processor_timeout_s": PROCESSOR_PATIENCE_S,
        }
        self.billers, self.runner = Billers(Settings(**self.settings)), asyncio.Runner()

    def __enter__(self) -> Outside:
        return self

    def __exit__(self, *_: object) -> None:
        self.runner.run(self.billers.aclose())
        self.runner.close()


class World:
    """Everything that a story needs, closed with `close`."""

    def __init__(self, database: OpenDatabase, outside: Outside) -> None:
        self._open = contextlib.ExitStack()
        folder = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        url = self._open.enter_context(database(folder))
        share_keys(folder / "keys")
        self.bank: Bank = self._open.enter_context(open_bank(url, folder, **outside.settings))
        demo_data.load(self.bank)
        outside.biller.reset()
        outside.processor.reset()
        self.biller, self._billers, self._run = outside.biller, outside.billers, outside.runner.run
        self.processor = outside.processor
        door = Processor(self.bank)
        self._open.callback(lambda: self._run(door.aclose()))
        self.charging = Charging(self.bank, door, self._run, outside.processor_book)
        # Real time is moved for this story alone.
        self.watch = Watch(self._open.enter_context(pytest.MonkeyPatch.context()))

    def close(self) -> None:
        """Release everything."""
        self._open.close()

    def write(self, deed: Callable[..., Any], **given: Any) -> Any:
        """One unit of work."""
        return self.bank.db.write_now(deed, **given)

    def read(self, query: Callable[..., Any], **given: Any) -> Any:
        """One question."""
        return self.bank.db.read_now(query, **given)

    def look_up(self, address: str, account: str) -> Answer | None:
        """What the biller says of an account; None when it says nothing that can be relied on."""
        return self._run(_unless_unknown(self._billers.at(address).check(1, account, ZERO)))

    def ask(self, *, crews: int = 1) -> int:
        """A round of the worker, or of several at once; answers how many payments were taken."""
        return self._run(self._round(crews))

    async def _round(self, crews: int) -> int:
        return sum(await asyncio.gather(*(bills.ask_due(self.bank, self._billers) for _ in range(crews))))

    def ask_and_die(self) -> list[tuple[int, Answer]]:
        """A worker that asks for what is due and ends before it writes the answers down; answers what it heard."""
        return self._run(self._asked_for_nothing())

    async def _asked_for_nothing(self) -> list[tuple[int, Answer]]:
        due = await self.bank.db.write(asking.claim)
        calls = (
            self._billers.at(each.address).pay(each.txn_id, each.account, each.amount, each.started_at) for each in due
        )
        answers = await asyncio.gather(*map(_unless_unknown, calls))
        return [(each.id, answer) for each, answer in zip(due, answers, strict=True) if answer]

    def late_word(self, payment_id: int, answer: Answer) -> None:
        """The answer that a worker held in its hand is written down after all."""
        self._run(bills._write_down(self.bank, payment_id, answer))

    def settle_due_transfers(self) -> int:
        """A round of the worker of transfers; answers how many were due."""
        found = self.read(due.due_now)
        for subject in found:
            self.write(due.settle, subject=subject)
        return len(found)

    def reconcile(self, biller: str, address: str, day: date) -> reconciling.Report:
        """Compare a day with one biller's registry, as the command does with that of each."""
        return self._run(self._reconciled(biller, address, day))

    async def _reconciled(self, biller: str, address: str, day: date) -> reconciling.Report:
        report = reconciling.Report()
        await reconciling.reconcile_one(self.bank, self._billers.at(address), biller, day, report)
        return report


async def _unless_unknown(call: Any) -> Answer | None:
    try:
        return await call
    except Unknown:
        return None
