"""Closed loops of callers, and what is kept of them: every caller sends its next deed when the last is answered."""

from __future__ import annotations

import asyncio
import random
import statistics
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kaspi_web.kernel.codes import ordered_key

AMOUNT_TIYN = 5


class Transfer(NamedTuple):
    """One move of AMOUNT_TIYN between two accounts, under a key that nobody has used."""

    key: str
    debit: int
    credit: int


class Round:
    """What one loop of callers did in the time it was let run, and how long each answer took."""

    def __init__(self, callers: int, seconds: float) -> None:
        self.seconds = seconds
        self.in_time = [0] * callers
        """How many answers each caller got within the time."""
        self.latencies: list[float] = []
        """Seconds of every answer, those after the end too: leaving the slow ones out would flatter."""

    @property
    def acknowledged(self) -> int:
        """Every answer that a caller got, late ones too."""
        return len(self.latencies)

    @property
    def a_second(self) -> float:
        """How many were answered in a second."""
        return sum(self.in_time) / self.seconds

    @property
    def least_served(self) -> float:
        """What the caller with the fewest answers got, as a part of the mean."""
        return min(self.in_time) * len(self.in_time) / max(1, sum(self.in_time))

    def percentile_ms(self, percent: float) -> float:
        """The latency that so many percent of the answers stayed within, in milliseconds."""
        every = sorted(self.latencies)
        return every[min(len(every) - 1, int(len(every) * percent / 100))] * 1000

    def note(self, caller: int, started: float, deadline: float) -> None:
        """Note an answer that has just come."""
        now = time.perf_counter()
        self.latencies.append(now - started)
        self.in_time[caller] += now <= deadline


def transfers(accounts: Sequence[int]) -> Callable[[], Transfer]:
    """A source of transfers between random pairs; keys are drawn as real ones."""

    def fresh() -> Transfer:
        debit, credit = random.sample(accounts, 2)
        return Transfer(f"transfer:{ordered_key()}", debit, credit)

    return fresh


async def loop_of_tasks(
    deed: Callable[[Transfer], Awaitable[object]], fresh: Callable[[], Transfer], *, callers: int, seconds: float
) -> Round:
    """Let so many callers of one event loop work for so long."""
    done, deadline = Round(callers, seconds), time.perf_counter() + seconds

    async def call(caller: int) -> None:
        while (started := time.perf_counter()) < deadline:
            await deed(fresh())
            done.note(caller, started, deadline)

    await asyncio.gather(*map(call, range(callers)))
    return done


def loop_of_threads(
    deeds: Sequence[Callable[[Transfer], object]], fresh: Callable[[], Transfer], seconds: float
) -> Round:
    """Let a thread for each of `deeds` work for so long; the first trouble of one is raised here."""
    done, start, troubles = Round(len(deeds), seconds), threading.Barrier(len(deeds) + 1), []
    deadline = 0.0

    def call(caller: int) -> None:
        start.wait()
        try:
            while (started := time.perf_counter()) < deadline:
                deeds[caller](fresh())
                done.note(caller, started, deadline)
        except Exception as trouble:
            troubles.append(trouble)

    threads = [threading.Thread(target=call, args=(caller,)) for caller in range(len(deeds))]
    for thread in threads:
        thread.start()
    deadline = time.perf_counter() + seconds
    start.wait()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
    return done


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and most of one number over the rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """The spread of these numbers."""
        return cls(statistics.median(numbers), min(numbers), max(numbers))
