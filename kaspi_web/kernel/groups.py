"""Group commit: one thread writes for everybody, and many callers' units share one commit and one fsync.

Every unit runs in a savepoint of its own, so a refused one takes nothing of the others with it. When the
common commit fails, each unit of the group is run again alone, which a unit of work permits; answers and
news leave only after the commit. SQLite has one writer anyway, and here callers wait for it in a fair
queue and not in the file's lock.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from queue import Empty
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kaspi_web.kernel.checkpoints import BACKSTOP, Checkpoints
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.jobs import Job, Writers, hand_over
from kaspi_web.kernel.news import News

if TYPE_CHECKING:
    from kaspi_web.kernel.database import Unit

log = logging.getLogger(__name__)

MOST_TOGETHER = 256
_OPEN_FOR_S = 0.02
"""A group takes no further unit after this time, so that those who are done are not kept waiting."""
_LONG_UNIT_S = 0.25
_MEMORY = "PRAGMA cache_size=-65536"
"""64 MB for the pages that payments touch all over a long history."""
_TRIES = 3


class _Lost(Exception):
    """SQLite rolled the whole group back, for instance because the disk is full."""


class GroupWriter(Writers):
    """The one writer of a SQLite bank; `unit_on(connection)` opens a unit inside its transaction."""

    def __init__(
        self, engine: sa.Engine, unit_on: Callable[[sa.Connection], Unit], *, faults: Faults, news: News
    ) -> None:
        super().__init__(1)
        self._engine, self._unit_on, self._faults, self._news = engine, unit_on, faults, news
        self._connection: sa.Connection | None = None
        self._checkpoints = Checkpoints(engine)

    def _start(self) -> None:
        super()._start()
        self._checkpoints.start()

    def close(self) -> None:
        """Do what is queued and end the thread."""
        self._checkpoints.close()
        super().close()

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
