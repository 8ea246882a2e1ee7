"""A bank, the simulated billers behind TCP and the worker between them, for one random story."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.domain.bills import payments
from kaspi_web.gateways.billers import Billers
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO
from kaspi_web.kernel.osmp import Answer
from kaspi_web.settings import Settings
from kaspi_web.workers import bills
from tests.billers import BillerProcess
from tests.databases import open_bank
from tests.make.moments import Watch

PATIENCE_S = 1.5
"""How long the bank waits for a biller here; a silent one costs this much real time."""

OpenDatabase = Callable[[Path], contextlib.AbstractContextManager[str]]


class Outside:
    """The simulated billers, and the bank's clients of them on a loop that outlives many stories."""

    def __init__(self, biller: BillerProcess) -> None:
        self.biller, self.settings = biller, {"biller_url": biller.url, "biller_timeout_s": PATIENCE_S}
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
        self.bank: Bank = self._open.enter_context(open_bank(url, folder, **outside.settings))
        demo_data.load(self.bank)
        outside.biller.reset()
        self.biller, self._billers, self._run = outside.biller, outside.billers, outside.runner.run
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
        due = await self.bank.db.write(payments.claim)
        calls = (
            self._billers.at(each.address).pay(each.txn_id, each.account, each.amount, each.started_at) for each in due
        )
        answers = await asyncio.gather(*map(_unless_unknown, calls))
        return [(each.id, answer) for each, answer in zip(due, answers, strict=True) if answer]

    def late_word(self, payment_id: int, answer: Answer) -> None:
        """The answer that a worker held in its hand is written down after all."""
        self._run(bills._write_down(self.bank, payment_id, answer))


async def _unless_unknown(call: Any) -> Answer | None:
    try:
        return await call
    except Unknown:
        return None
