"""Writers on PostgreSQL: what is run again, what is not, and what becomes of a connection that breaks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from kaspi_web.kernel import jobs, many
from kaspi_web.kernel.clock import Clock
from kaspi_web.kernel.database import Database, Unit, prepared
from kaspi_web.kernel.errors import NotFound, Overloaded
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.many import OutcomeUnknown
from kaspi_web.kernel.news import News

_NOTE = prepared("INSERT INTO noted (name) VALUES (?)")
_CONFLICT = "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '{}'; END $$"
_HANG_UP = "SELECT pg_terminate_backend(pg_backend_pid())"
_AT_COMMIT = """
    CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {} RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON noted DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION at_commit()
"""


@pytest.fixture
def db(postgres_database: str) -> Iterator[Database]:
    outside(postgres_database, "CREATE TABLE noted (name TEXT PRIMARY KEY)")
    database = Database(postgres_database, clock=Clock(), keys=Keys(b"k" * 32), news=News(), faults=Faults(""))
    yield database
    database.close()


def outside(url: str, statement: str) -> None:
    """Another client of the same server."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def by_driver(unit: Unit, statement: str) -> None:
    unit.run(prepared(statement))


def by_orm(unit: Unit, statement: str) -> None:
    unit.connection().execute(sa.text(statement))


def note(unit: Unit, name: str) -> str:
    unit.run(_NOTE, name)
    return name


def names(db: Database) -> list[str]:
    return db.read_now(lambda unit: [name for (name,) in unit.sql(sa.text("SELECT name FROM noted ORDER BY 1"))])


class Twice:
    """A unit that fails in its first runs, after it has written."""

    def __init__(self, tell: Callable[[Unit, str], None], trouble: str, *, times: int) -> None:
        self.runs, self._tell, self._trouble, self._times = 0, tell, trouble, times
        self.__name__ = "twice"

    def __call__(self, unit: Unit) -> str:
        self.runs += 1
        note(unit, "once")
        if self.runs <= self._times:
            self._tell(unit, self._trouble)
        return f"run {self.runs}"


@pytest.mark.parametrize("state", ["40001", "40P01", "55P03"])
@pytest.mark.parametrize("tell", [by_driver, by_orm])
def test_a_conflict_is_run_again(db: Database, tell: Callable[[Unit, str], None], state: str) -> None:
    deed = Twice(tell, _CONFLICT.format(state), times=2)
    assert db.write_now(deed) == "run 3"
    assert names(db) == ["once"]


def test_a_conflict_that_does_not_end_is_told_after_eight_runs(db: Database) -> None:
    deed = Twice(by_driver, _CONFLICT.format("40001"), times=100)
    with pytest.raises(DBAPIError):
        db.write_now(deed)
    assert deed.runs == many._TRIES
    assert names(db) == []


def test_another_error_is_not_run_again(db: Database) -> None:
    deed = Twice(by_driver, _CONFLICT.format("23514"), times=1)
    with pytest.raises(DBAPIError):
        db.write_now(deed)
    assert deed.runs == 1
    assert names(db) == []


@pytest.mark.parametrize("tell", [by_driver, by_orm])
def test_a_connection_that_breaks_before_the_commit_is_made_anew_and_the_unit_run_again(
    db: Database, tell: Callable[[Unit, str], None]
) -> None:
    deed = Twice(tell, _HANG_UP, times=1)
    assert db.write_now(deed) == "run 2"
    assert names(db) == ["once"]


@pytest.mark.parametrize("idle", [0.0, 1_000.0], ids=["asked before", "not asked"])
def test_after_the_server_was_started_anew_nobody_is_refused(
    db: Database, postgres_database: str, monkeypatch: pytest.MonkeyPatch, idle: float
) -> None:
    monkeypatch.setattr(many, "ASK_AFTER_S", idle)
    assert [db.write_now(note, f"{number:02d}") for number in range(many.WRITERS)]
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    outside(postgres_database, f"{everybody} AND pid <> pg_backend_pid()")

    async def story() -> list[Any]:
        return await asyncio.gather(*(db.write(note, f"again {number:02d}") for number in range(64)))

    assert len(asyncio.run(story())) == 64


def test_a_conflict_at_the_commit_is_run_again(db: Database, postgres_database: str) -> None:
    outside(postgres_database, "CREATE SEQUENCE commits")
    again = "IF nextval('commits') = 1 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END IF;"
    outside(postgres_database, _AT_COMMIT.format(again))
    assert db.write_now(note, "once") == "once"
    assert names(db) == ["once"]


@pytest.mark.parametrize("tell", [by_driver, by_orm])
def test_a_connection_that_breaks_at_the_commit_leaves_the_outcome_unknown_and_nothing_is_run_again(
    db: Database, postgres_database: str, tell: Callable[[Unit, str], None]
) -> None:
    outside(postgres_database, _AT_COMMIT.format("PERFORM pg_terminate_backend(pg_backend_pid());"))
    deed = Twice(tell, "SELECT 1", times=1)
    with pytest.raises(OutcomeUnknown):
        db.write_now(deed)
    assert deed.runs == 1
    outside(postgres_database, "DROP TRIGGER late ON noted")
    assert db.write_now(note, "the writer lives on")


def test_a_refusal_rolls_driver_text_and_orm_back(db: Database) -> None:
    def refused(unit: Unit) -> None:
        note(unit, "by driver")
        by_orm(unit, "INSERT INTO noted VALUES ('by orm')")
        raise NotFound

    with pytest.raises(NotFound):
        db.write_now(refused)
    assert names(db) == []
    assert db.write_now(note, "by driver") == "by driver"


def test_too_many_waiting_units_are_refused_and_a_closed_bank_takes_nothing(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_WAITING", 0)
    with pytest.raises(Overloaded):
        db.write_now(note, "a")
    monkeypatch.undo()
    assert db.write_now(note, "b") == "b"
    db.close()
    with pytest.raises(RuntimeError):
        db.write_now(note, "c")
