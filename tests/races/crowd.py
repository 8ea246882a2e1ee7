"""A crowd: 64 callers on one event loop, and on PostgreSQL four processes of them, each with a bank of its own.

Callers are coroutine functions of tests/races/callers.py. They are sent to the processes by name, so they can be
told nothing but plain data and can answer nothing else.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import multiprocessing
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple

import kaspi_web.domain.models  # noqa: F401  every table that rows refer to, in processes of their own too
from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings

CALLERS, PROCESSES = 64, 4
PATIENCE_S = 120
"""Only for a crowd that hangs: callers that lock one another out for ever have to fail, not to wait."""

Caller = Callable[..., Awaitable[Any]]


class Heard(NamedTuple):
    """What one caller heard: an answer, or the class of what was raised."""

    answer: Any
    refusal: str


class Outcome(NamedTuple):
    """What a crowd heard, in the order of the callers' numbers, and how often units were run beyond once."""

    heard: list[Heard]
    retries: int

    @property
    def answers(self) -> list[Any]:
        """The answers of those who were not refused."""
        return [each.answer for each in self.heard if not each.refusal]

    @property
    def refusals(self) -> Counter[str]:
        """How often each refusal was heard."""
        return Counter(each.refusal for each in self.heard if each.refusal)


class Desk:
    """The bank as a caller has it: `write`, with every run of a unit counted."""

    def __init__(self, bank: Bank) -> None:
        self._bank, self._units, self._runs = bank, itertools.count(), itertools.count()

    async def write(self, deed: Callable[..., Any], **given: Any) -> Any:
        """One unit of work."""

        @functools.wraps(deed)
        def counted(unit: Any, **given: Any) -> Any:
            next(self._runs)
            return deed(unit, **given)

        next(self._units)
        return await self._bank.db.write(counted, **given)

    def retries(self) -> int:
        """How many runs there were beyond one for each unit; asked once, at the end."""
        return next(self._runs) - next(self._units)


def _nothing(unit: Any) -> None:
    """A unit that only opens its connection."""
    unit.connection()


async def race(bank: Bank, caller: Caller, given: dict[str, Any], first: int, start: Callable[[], Any]) -> Outcome:
    """Let 64 callers, numbered from `first`, call at once after `start`."""
    await asyncio.gather(*(bank.db.write(_nothing) for _ in range(16)))
    desk = Desk(bank)
    start()
    calls = (caller(desk.write, number, **given) for number in range(first, first + CALLERS))
    answers = await asyncio.gather(*calls, return_exceptions=True)
    # Exceptions of ours are made of keywords and do not travel between processes; their class says enough.
    heard = [Heard(None, type(a).__name__) if isinstance(a, BaseException) else Heard(a, "") for a in answers]
    return Outcome(heard, desk.retries())


def serve(pipe: Connection, barrier: Barrier, first: int) -> None:
    """One process of the crowd: a race for every message, until the pipe is closed."""
    while True:
        try:
            settings, ahead, caller, given = pipe.recv()
        except EOFError:
            return
        pipe.send(_served(Bank.open(settings), ahead, caller, given, first, barrier))


def _served(
    bank: Bank, ahead: timedelta, caller: Caller, given: dict[str, Any], first: int, barrier: Barrier
) -> Outcome | str:
    bank.clock.jump(ahead)
    try:
        return asyncio.run(race(bank, caller, given, first, functools.partial(barrier.wait, PATIENCE_S)))
    except Exception as trouble:
        barrier.abort()
        return repr(trouble)
    finally:
        bank.close()


class Crowd:
    """Four processes that wait for a race."""

    def __init__(self, pipes: list[Connection]) -> None:
        self._pipes, self._hangs = pipes, False

    def race(self, settings: Settings, caller: Caller, given: dict[str, Any], *, ahead: timedelta) -> Outcome:
        """Let 64 callers in each process call at once; their banks' clocks are `ahead` of real time."""
        assert not self._hangs, "it still hangs from an earlier race"
        self._hangs = True
        for pipe in self._pipes:
            pipe.send((settings, ahead, caller, given))
        outcome = _together([_answer_of(pipe) for pipe in self._pipes])
        self._hangs = False
        return outcome


def _answer_of(pipe: Connection) -> Outcome:
    assert pipe.poll(PATIENCE_S), "the crowd hangs: its callers have locked one another out"
    answer = pipe.recv()
    assert isinstance(answer, Outcome), answer
    return answer


def _together(outcomes: list[Outcome]) -> Outcome:
    heard = list(itertools.chain.from_iterable(each.heard for each in outcomes))
    return Outcome(heard, sum(each.retries for each in outcomes))


@contextmanager
def waiting_crowd() -> Iterator[Crowd]:
    """Four processes, started afresh and ended with the block."""
    context = multiprocessing.get_context("spawn")
    barrier, pipes, processes = context.Barrier(PROCESSES), [], []
    for number in range(PROCESSES):
        here, there = context.Pipe()
        process = context.Process(target=serve, args=(there, barrier, number * CALLERS), daemon=True)
        process.start()
        there.close()
        pipes.append(here)
        processes.append(process)
    try:
        yield Crowd(pipes)
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join()
            process.close()
