"""Group commit: one thread writes for everybody, and many callers' units share one commit and one fsync.

Every unit runs in a savepoint of its own, so a refused one takes nothing of the others with it. When the
common commit fails, each unit of the group is run again alone, which a unit of work permits; answers and
news leave only after the commit. SQLite has one writer anyway, and here callers wait for it in a fair
queue and not in the file's lock.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kaspi_web.kernel.checkpoints import BACKSTOP, Checkpoints
from kaspi_web.kernel.errors import Overloaded
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.news import News

if TYPE_CHECKING:
    from kaspi_web.kernel.database import Unit

log = logging.getLogger(__name__)

MOST_TOGETHER = 256
MOST_WAITING = 10_000
_OPEN_FOR_S = 0.02
"""A group takes no further unit after this time, so that those who are done are not kept waiting."""
_LONG_UNIT_S = 0.25
_MEMORY = "PRAGMA cache_size=-65536"
"""64 MB for the pages that payments touch all over a long history."""
_TRIES = 3


class _Lost(Exception):
    """SQLite rolled the whole group back, for instance because the disk is full."""


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


class GroupWriter:
    """The one writer of a SQLite bank; `unit_on(connection)` opens a unit inside its transaction."""

    def __init__(
        self, engine: sa.Engine, unit_on: Callable[[sa.Connection], Unit], *, faults: Faults, news: News
    ) -> None:
        self._engine, self._unit_on, self._faults, self._news = engine, unit_on, faults, news
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._door = threading.Lock()
        self._closed = False
        self._connection: sa.Connection | None = None
        self._checkpoints = Checkpoints(engine)

    def submit(self, job: Job) -> None:
        """Queue a unit; raises Overloaded when 10 000 wait already."""
        assert threading.current_thread() is not self._thread, "a unit of work must not wait for another"
        with self._door:
            if self._closed:
                raise RuntimeError("the bank is closed")
            if self._queue.qsize() >= MOST_WAITING:
                raise Overloaded
            self._queue.put(job)
            if self._thread.ident is None:
                self._thread.start()
                self._checkpoints.start()

    def close(self) -> None:
        """Do what is queued and end the thread."""
        with self._door:
            self._closed = True
            self._queue.put(None)
        self._checkpoints.close()
        if self._thread.ident is not None:
            self._thread.join()

    # --- on the writer's own thread

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            group = [job]
            self._serve(group)
            try:
                self._answer(group)
            except Exception:
                # The thread lives on whatever happens: without it nothing would ever be written again.
                log.exception("answers of a group could not be given out")
        self._reconnect()

    def _serve(self, group: list[Job]) -> None:
        try:
            transaction = self._begin()
        except Exception as trouble:
            # The file cannot be written now, which concerns everybody who waits.
            self._refuse_all(group, trouble)
            return
        try:
            self._run_together(group)
            transaction.commit()
        except Exception as trouble:
            log.warning("a commit of %d units failed, each is run alone: %s", len(group), type(trouble).__name__)
            self._reconnect()
            self._commit_each_alone(group)

    def _refuse_all(self, group: list[Job], trouble: Exception) -> None:
        while (job := self._next()) is not None:
            group.append(job)
        for job in group:
            job.error = trouble

    def _run_together(self, group: list[Job]) -> None:
        """Run the first unit and all that wait behind it; `group` grows meanwhile."""
        began = time.monotonic()
        self._attempt(group[0])
        while len(group) < MOST_TOGETHER and time.monotonic() - began < _OPEN_FOR_S:
            if (job := self._next()) is None:
                break
            group.append(job)
            self._attempt(job)
            self._faults.at(f"{job.name}.in_group")

    def _commit_each_alone(self, group: list[Job]) -> None:
        for place, job in enumerate(group):
            try:
                transaction = self._begin()
            except Exception as trouble:
                for left in group[place:]:
                    left.error = trouble
                return
            self._commit_alone(transaction, job)

    def _commit_alone(self, transaction: sa.Transaction, job: Job) -> None:
        try:
            self._attempt(job)
            transaction.commit()
        except Exception as trouble:
            # What SQLite said first is the reason; that the transaction was lost is only its consequence.
            job.error = job.error or trouble
            self._reconnect()

    def _next(self) -> Job | None:
        try:
            job = self._queue.get_nowait()
        except Empty:
            return None
        if job is None:
            self._queue.put(None)
        return job

    def _begin(self) -> sa.Transaction:
        """BEGIN IMMEDIATE; another process, such as a command, may hold the file for a moment."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._connection = self._connection or self._connect()
                return self._connection.begin()
            except DBAPIError as error:
                self._reconnect()
                if attempt == _TRIES or "locked" not in str(error.orig):
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
        raise AssertionError("unreachable")

    def _connect(self) -> sa.Connection:
        connection = self._engine.connect()
        driver: Any = connection.connection.dbapi_connection
        for pragma in (BACKSTOP, _MEMORY):
            driver.execute(pragma)
        return connection

    def _reconnect(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _attempt(self, job: Job) -> None:
        """Run one unit in its savepoint; raises only if the whole transaction is gone."""
        job.answer, job.error, job.news = None, None, []
        if job.waiting.cancelled():
            return
        assert self._connection is not None
        driver: Any = self._connection.connection.dbapi_connection
        began = time.monotonic()
        driver.execute("SAVEPOINT unit")
        unit = self._unit_on(self._connection)
        try:
            job.answer = job.deed(unit)
            unit.finish()
            job.news = unit.news
        except BaseException as error:
            job.error = error
        if not driver.in_transaction:
            raise _Lost
        if unit.in_transaction():
            unit.close()
        if job.error is not None:
            driver.execute("ROLLBACK TO unit")
        driver.execute("RELEASE unit")
        self._faults.at(f"{job.name}.before_commit")
        if (took := time.monotonic() - began) > _LONG_UNIT_S:
            log.warning("the unit %s took %d ms, and everybody waited for it", job.name, took * 1000)

    def _answer(self, group: list[Job]) -> None:
        for job in group:
            self._fail_here(f"{job.name}.after_commit", job)
        self._news.tell([topic for job in group if job.error is None for topic in job.news])
        hand_over(group)

    def _fail_here(self, point: str, job: Job) -> None:
        if job.error is not None:
            return
        try:
            self._faults.at(point)
        except Exception as planned:
            job.error = planned


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
