"""Several writers side by side, one transaction each: PostgreSQL locks rows, and commits many fsyncs at once itself.

Each thread keeps a connection of its own. A unit that met a deadlock, a serialisation conflict or a lock's
time-out is run again; so is one whose connection broke before its commit. A connection that breaks during the
commit leaves it unknown whether the deed was done, and the caller is told so.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.jobs import Job, Writers, hand_over
from kaspi_web.kernel.news import News

if TYPE_CHECKING:
    from kaspi_web.kernel.database import Unit

log = logging.getLogger(__name__)

WRITERS = 16
ASK_AFTER_S = 5.0
"""A connection that was idle for longer is asked whether it still stands: the server may have been started anew."""
_RETRY_STATES = {"40001", "40P01", "55P03"}
_TRIES = 8


class ManyWriters(Writers):
    """The writers of a PostgreSQL bank; `unit_on(connection)` opens a unit on a thread's connection."""

    def __init__(
        self, engine: sa.Engine, unit_on: Callable[[sa.Connection], Unit], *, faults: Faults, news: News
    ) -> None:
        super().__init__(WRITERS)
        self._engine, self._unit_on, self._faults, self._news = engine, unit_on, faults, news

    # --- on a writer's own thread

    def _run(self) -> None:
        line = _Line(self._engine)
        while (job := self._queue.get()) is not None:
            if job.waiting.cancelled():
                continue
            try:
                self._serve(line, job)
            except BaseException as error:
                job.error = error
            hand_over([job])
        line.close()

    def _serve(self, line: _Line, job: Job) -> None:
        unit = self._run_often(line, job)
        self._faults.at(f"{job.name}.after_commit")
        self._news.tell(unit.news)

    def _run_often(self, line: _Line, job: Job) -> Unit:
        for attempt in range(1, _TRIES):
            try:
                return self._once(line, job)
            except DBAPIError as error:
                broke = error.connection_invalidated or line.is_broken
                if not broke and getattr(error.orig, "sqlstate", None) not in _RETRY_STATES:
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
        return self._once(line, job)

    def _once(self, line: _Line, job: Job) -> Unit:
        unit = self._unit_on(line.connection())
        try:
            job.answer = job.deed(unit)
            unit.flush()
            self._faults.at(f"{job.name}.before_commit")
        except BaseException:
            line.roll_back(unit)
            raise
        line.commit(unit)
        return unit


class OutcomeUnknown(RuntimeError):
    """The connection broke during the commit: the deed may or may not have been done."""


class _Line:
    """One thread's connection to the database server."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._open: sa.Connection | None = None
        self._used_at = 0.0

    def connection(self) -> sa.Connection:
        """The connection, made anew if it broke or if it does not answer after a while."""
        if time.monotonic() - self._used_at > ASK_AFTER_S:
            self._ask()
        if self.is_broken:
            self.close()
        self._used_at = time.monotonic()
        self._open = self._open or self._engine.connect()
        return self._open

    def _ask(self) -> None:
        if self._open is None or self.is_broken:
            return
        try:
            self._driver.execute("SELECT 1")
            self._driver.rollback()
        except self._engine.dialect.loaded_dbapi.Error as trouble:
            log.info("the database server is connected anew: %s", type(trouble).__name__)

    @property
    def _driver(self) -> Any:
        # Asking an invalidated connection for its driver would connect it anew and hide that it broke.
        return None if self._open is None or self._open.invalidated else self._open.connection.dbapi_connection

    @property
    def is_broken(self) -> bool:
        """Whether the server has gone away."""
        return self._open is not None and (self._driver is None or self._driver.closed)

    def commit(self, unit: Unit) -> None:
        """Commit the unit; raises OutcomeUnknown when nobody can say whether it was."""
        try:
            unit.commit_alone()
        except DBAPIError as error:
            broke = error.connection_invalidated or self.is_broken
            self.roll_back(unit)
            if broke:
                raise OutcomeUnknown from error
            raise
        unit.close()

    def roll_back(self, unit: Unit) -> None:
        """Leave nothing of the unit; a connection that cannot do so is given up, and with it what it held."""
        try:
            unit.close()
            if self._driver is not None:
                self._driver.rollback()
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as trouble:
            log.info("a connection is given up: %s", type(trouble).__name__)
            assert self._open is not None
            self._open.invalidate()

    def close(self) -> None:
        """Give the connection back."""
        if self._open is not None:
            if self.is_broken:
                self._open.invalidate()
            self._open.close()
            self._open = None
