"""Where transactions begin and end; nobody else commits.

A unit of work is a plain function `fn(unit, ...)` that reads and writes through its Unit and returns
plain data. It is short, pure and repeatable: it may be run again after a lock or a serialisation
conflict, and it never calls the outside. SQLite has one writer, so writes queue in one thread;
PostgreSQL writes in several and relies on row locks.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from kaspi_web.kernel.clock import Clock
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.news import News

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "synchronous=FULL",
    "recursive_triggers=ON",
)
_RETRY_STATES = {"40001", "40P01", "55P03"}
_TRIES = 8

P = ParamSpec("P")
T = TypeVar("T")


class Unit(Session):
    """One unit of work: a session that also knows the bank's clock and keys, and collects news for after the commit."""

    def __init__(self, bind: sa.Engine, *, clock: Clock, keys: Keys) -> None:
        super().__init__(bind, expire_on_commit=False)
        self.clock = clock
        self.keys = keys
        self.news: list[str] = []

    def sql(self, statement: sa.TextClause, **params: Any) -> sa.CursorResult[Any]:
        """Run prepared text; the pending rows of this unit are written first, so that it sees them."""
        self.flush()
        return self.connection().execute(statement, params)

    def tell(self, topic: str) -> None:
        """Announce `topic` once this unit is committed."""
        self.news.append(topic)


def lock_name(unit: Unit, name: str) -> None:
    """Let units that count or check the same `name` follow one another until their end.

    SQLite's single writer already does; on PostgreSQL it is an advisory lock.
    """
    if unit.get_bind().dialect.name == "postgresql":
        unit.sql(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), name=name)


def open_engine(url: str) -> sa.Engine:
    """An engine with the guards this project relies on: foreign keys, WAL, full durability, recursive triggers.

    Its errors never repeat the values of a statement, since they end in logs.
    """
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=16, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    connecting = {"check_same_thread": False, "timeout": 5}
    engine = sa.create_engine(url, pool_size=8, max_overflow=4, connect_args=connecting, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _snapshots(engine: sa.Engine) -> sa.Engine:
    """The engine for reads: every statement of one sees the same moment, as SQLite's readers do anyway."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _may_repeat(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRY_STATES or "database is locked" in str(error.orig)


class Database:
    """Reads and units of work over one database, off the event loop."""

    def __init__(self, url: str, *, clock: Clock, keys: Keys, news: News, faults: Faults) -> None:
        self.engine = open_engine(url)
        self._clock, self._keys, self._news, self._faults = clock, keys, news, faults
        self._writing = self.engine.execution_options(write=True)
        self._reading = _snapshots(self.engine)
        writers = 1 if self.engine.dialect.name == "sqlite" else 8
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="writer")
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="reader")

    def _unit(self, engine: sa.Engine) -> Unit:
        return Unit(engine, clock=self._clock, keys=self._keys)

    async def read(self, query: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of `query(unit, ...)`, which only reads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read_now(query, *args, **kwargs))

    async def write(self, deed: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of `deed(unit, ...)`, committed; a refusal raised inside rolls everything back."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, lambda: self.write_now(deed, *args, **kwargs))

    def read_now(self, query: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for callers that have no event loop: commands and tests."""
        with self._unit(self._reading) as unit:
            return query(unit, *args, **kwargs)

    def write_now(self, deed: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`write` for callers that have no event loop."""
        for attempt in range(1, _TRIES + 1):
            try:
                return self._once(deed, *args, **kwargs)
            except DBAPIError as error:
                if attempt == _TRIES or not _may_repeat(error):
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
        raise AssertionError("unreachable")

    def _once(self, deed: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        with self._unit(self._writing) as unit:
            answer = deed(unit, *args, **kwargs)
            unit.commit()
            self._faults.at(f"{deed.__module__.removeprefix('kaspi_web.domain.')}.{deed.__name__}.after_commit")
        self._news.tell(unit.news)
        return answer

    def close(self) -> None:
        """Let running work end and release the connections."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()
