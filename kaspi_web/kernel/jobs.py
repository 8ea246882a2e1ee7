"""Units of work on their way to a writer, and their answers on the way back."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from kaspi_web.kernel.errors import Overloaded

if TYPE_CHECKING:
    from kaspi_web.kernel.database import Unit

log = logging.getLogger(__name__)

MOST_WAITING = 10_000


@dataclass(slots=True, eq=False)
class Job:
    """One unit of work and the caller who waits for its answer."""

    deed: Callable[[Unit], Any]
    name: str
    waiting: asyncio.Future[Any] | futures.Future[Any]
    answer: Any = None
    error: BaseException | None = None
    news: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Hand the answer or the refusal over; a caller who went away gets none."""
        if self.waiting.done():
            return
        if self.error is None:
            self.waiting.set_result(self.answer)
        else:
            self.waiting.set_exception(self._told())

    def _told(self) -> BaseException:
        """The error; what would stop the caller's loop or could not be passed there is told as a failure."""
        if isinstance(self.error, Exception) and not isinstance(self.error, StopIteration):
            return self.error
        failure = RuntimeError(f"the unit {self.name} ended with {type(self.error).__name__}")
        failure.__cause__ = self.error
        return failure


class Writers:
    """A queue of units and the threads that serve it, started with the first unit; a subclass says how in `_run`."""

    def __init__(self, count: int) -> None:
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"writer {number}", daemon=True) for number in range(count)
        ]
        self._door = threading.Lock()
        self._closed = False

    def _run(self) -> None:
        raise NotImplementedError

    def submit(self, job: Job) -> None:
        """Queue a unit; raises Overloaded when 10 000 wait already."""
        assert threading.current_thread() not in self._threads, "a unit of work must not wait for another"
        with self._door:
            if self._closed:
                raise RuntimeError("the bank is closed")
            if self._queue.qsize() >= MOST_WAITING:
                raise Overloaded
            self._queue.put(job)
            if self._threads[0].ident is None:
                self._start()

    def _start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Do what is queued and end the threads."""
        with self._door:
            self._closed = True
            for _ in self._threads:
                self._queue.put(None)
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()


def hand_over(jobs: list[Job]) -> None:
    """Give the callers their answers, with one wake-up for each event loop that waits."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = defaultdict(list)
    for job in jobs:
        if isinstance(job.waiting, asyncio.Future):
            by_loop[job.waiting.get_loop()].append(job)
        else:
            job.settle()
    for loop, waiting in by_loop.items():
        try:
            loop.call_soon_threadsafe(_settle, waiting)
        except RuntimeError:
            # The loop has ended and nobody waits there any more; what was done stays done.
            log.info("%d answers came after their loop had ended", len(waiting))


def _settle(jobs: list[Job]) -> None:
    for job in jobs:
        job.settle()
