"""Where transactions begin and end; nobody else commits.

A unit of work is a plain function `fn(unit, ...)` that reads and writes through its Unit and returns
plain data. It is short, pure and repeatable: it may be run again after a lock or a serialisation
conflict, and it never calls the outside. On SQLite one writer commits many units together (see groups);
PostgreSQL commits each by itself, several at once, and relies on row locks (see many).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlmodel import Session, SQLModel

from kaspi_web.kernel.clock import Clock
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.groups import GroupWriter
from kaspi_web.kernel.jobs import Job
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.many import ASK_AFTER_S, WRITERS, ManyWriters
from kaspi_web.kernel.news import News
from kaspi_web.kernel.statements import Prepared as Prepared
from kaspi_web.kernel.statements import defaults_of, insert_of, prepared, times
from kaspi_web.kernel.table import stored_moment

_SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "synchronous=FULL",
    "recursive_triggers=ON",
)
_READERS = 4

P = ParamSpec("P")
T = TypeVar("T")


class Unit(Session):
    """One unit of work: a session that also knows the bank's clock and keys, and collects news for after the commit."""

    def __init__(self, bind: sa.Engine | sa.Connection, *, clock: Clock, keys: Keys) -> None:
        super().__init__(bind, expire_on_commit=False, join_transaction_mode="create_savepoint")
        self.clock = clock
        self.keys = keys
        self.news: list[str] = []
        self._dialect = bind.dialect
        self.on_sqlite = bind.dialect.name == "sqlite"
        self._driver: Any = bind.connection.dbapi_connection if isinstance(bind, sa.Connection) else None

    def sql(self, statement: sa.TextClause, **params: Any) -> sa.CursorResult[Any]:
        """Run prepared text; the pending rows of this unit are written first, so that it sees them."""
        self.flush()
        return self.connection().execute(statement, params)

    def run(self, statement: Prepared, *values: Any) -> Any:
        """Run a hot statement by the driver itself, several times quicker than `sql`; answers its cursor.

        Moments are passed through `stored_moment`; errors are SQLAlchemy's, as everywhere.
        """
        self.flush()
        self._driver = self._driver or self.connection().connection.dbapi_connection
        # SQLite gives a whole transaction up when the disk is full; what came after would commit by itself.
        assert not self.on_sqlite or self._driver.in_transaction, "the transaction is gone"
        text = statement.sqlite if self.on_sqlite else statement.postgresql
        try:
            return self._driver.execute(text, values)
        except self._dialect.loaded_dbapi.Error as error:
            raise self._told(text, error) from error

    def _told(self, text: str, error: Exception) -> DBAPIError:
        base = self._dialect.loaded_dbapi.Error
        told = DBAPIError.instance(text, None, error, base, hide_parameters=True, dialect=self._dialect)
        assert isinstance(told, DBAPIError)
        return told

    def put(self, row: SQLModel) -> Any:
        """Insert a row by the driver, as `run` does; answers its key. The row is not followed by this session."""
        assert getattr(row, "id", None) is None or isinstance(row.id, str), "the database numbers the row"  # type: ignore[attr-defined]
        insert, columns = insert_of(type(row), self._dialect.name)  # type: ignore[arg-type]
        return self.run(insert, *(write(getattr(row, name)) for name, write in columns)).fetchone()[0]

    def insert(self, model: type[SQLModel], **values: Any) -> Any:
        """Insert a row of `model` by the driver, without making an object of it; answers its key.

        Columns that are left out have the defaults of the model.
        """
        insert, columns = insert_of(model, self._dialect.name)  # type: ignore[arg-type]
        given = defaults_of(model) | values  # type: ignore[arg-type]
        return self.run(insert, *(write(given[name]) for name, write in columns)).fetchone()[0]

    def insert_many(self, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
        """The same for several rows in one statement; nobody asks for their keys."""
        if not rows:
            return
        insert, columns = insert_of(model, self._dialect.name)  # type: ignore[arg-type]
        usual = defaults_of(model)  # type: ignore[arg-type]
        values = [write((usual | row)[name]) for row in rows for name, write in columns]
        self.run(times(insert, len(rows)), *values)

    def run_many(self, statement: Prepared, rows: Sequence[Sequence[Any]]) -> int:
        """Run a hot statement for every row of values, in as few journeys as may be; answers how many rows it met."""
        if not rows:
            return 0
        self.flush()
        self._driver = self._driver or self.connection().connection.dbapi_connection
        assert not self.on_sqlite or self._driver.in_transaction, "the transaction is gone"
        text = statement.sqlite if self.on_sqlite else statement.postgresql
        cursor = self._driver.cursor()
        try:
            cursor.executemany(text, rows)
            return cursor.rowcount
        except self._dialect.loaded_dbapi.Error as error:
            raise self._told(text, error) from error
        finally:
            cursor.close()

    def stored_moment(self, moment: datetime) -> Any:
        """A moment as the `Moment` columns of this database hold it."""
        return stored_moment(moment, self._dialect.name)

    def finish(self) -> None:
        """Write what is pending into the transaction around this unit."""
        self.flush()
        if self.in_transaction():
            self.commit()

    def commit_alone(self) -> None:
        """Commit this unit's own transaction, whether the session or only the driver knows of it."""
        self.finish()
        try:
            self._driver.commit()
        except self._dialect.loaded_dbapi.Error as error:
            raise self._told("COMMIT", error) from error

    def tell(self, topic: str) -> None:
        """Announce `topic` once this unit is committed."""
        self.news.append(topic)


def lock_name(unit: Unit, name: str) -> None:
    """Let units that count or check the same `name` follow one another until their end.

    SQLite's single writer already does; on PostgreSQL it is an advisory lock.
    """
    if not unit.on_sqlite:
        unit.run(_LOCK_NAME, name)


_LOCK_NAME = prepared("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")


def open_engine(url: str) -> sa.Engine:
    """An engine with the guards this project relies on: foreign keys, WAL, full durability, recursive triggers.

    Its errors never repeat the values of a statement, since they end in logs.
    """
    if not url.startswith("sqlite"):
        return _open_server(url)
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


def _open_server(url: str) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=WRITERS + _READERS, max_overflow=0, hide_parameters=True)

    @event.listens_for(engine, "checkin")
    def _note(_: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: Any, _: Any) -> None:
        # The server may have been started anew meanwhile. Asking before every deed would cost a journey each.
        if time.monotonic() - record.info.get("used", time.monotonic()) > ASK_AFTER_S:
            try:
                connection.execute("SELECT 1")
                connection.rollback()
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    return engine


def _snapshots(engine: sa.Engine) -> sa.Engine:
    """The engine for reads: every statement of one sees the same moment, as SQLite's readers do anyway."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


class Database:
    """Reads and units of work over one database, off the event loop."""

    def __init__(self, url: str, *, clock: Clock, keys: Keys, news: News, faults: Faults) -> None:
        self.engine = open_engine(url)
        self.news, self._clock, self._keys = news, clock, keys
        self._reading = _snapshots(self.engine)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")
        writing = self.engine.execution_options(write=True)
        if self.engine.dialect.name == "sqlite":
            self._writer: GroupWriter | ManyWriters = GroupWriter(writing, self._unit, faults=faults, news=news)
        else:
            self._writer = ManyWriters(writing, self._unit, faults=faults, news=news)

    def _unit(self, bind: sa.Engine | sa.Connection) -> Unit:
        return Unit(bind, clock=self._clock, keys=self._keys)

    async def read(self, query: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of `query(unit, ...)`, which only reads."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self.read_now(query, *args, **kwargs))

    async def write(self, deed: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer of `deed(unit, ...)`, committed; a refusal raised inside rolls everything back.

        Raises Overloaded when too many wait already.
        """
        waiting = asyncio.get_running_loop().create_future()
        self._writer.submit(Job(lambda unit: deed(unit, *args, **kwargs), _name(deed), waiting))
        return await waiting

    def read_now(self, query: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`read` for callers that have no event loop: commands and tests."""
        with self._unit(self._reading) as unit:
            return query(unit, *args, **kwargs)

    def write_now(self, deed: Callable[Concatenate[Unit, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`write` for callers that have no event loop."""
        waiting: Future[T] = Future()
        self._writer.submit(Job(lambda unit: deed(unit, *args, **kwargs), _name(deed), waiting))
        return waiting.result()

    def close(self) -> None:
        """Let running work end and release the connections."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()


def _name(deed: Callable[..., Any]) -> str:
    return f"{deed.__module__.removeprefix('kaspi_web.domain.')}.{deed.__name__}"
