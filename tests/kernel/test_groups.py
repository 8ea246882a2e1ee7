"""Group commit on SQLite: who shares a commit, who is refused alone, and when an answer may leave."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from kaspi_web.kernel import checkpoints, database, groups, jobs
from kaspi_web.kernel.clock import Clock
from kaspi_web.kernel.database import Database, Unit, prepared
from kaspi_web.kernel.errors import NotFound, Overloaded
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.news import News
from tests.workers.waiting import until

_TABLES = """
    CREATE TABLE parent (id INTEGER PRIMARY KEY);
    CREATE TABLE child (name TEXT PRIMARY KEY, parent INTEGER REFERENCES parent (id), load BLOB);
    CREATE TRIGGER child_stays BEFORE DELETE ON child BEGIN SELECT RAISE(ABORT, 'children stay'); END;
"""
_INSERT = prepared("INSERT INTO child (name, parent, load) VALUES (?, ?, ?)")
_NAMES = sa.text("SELECT name FROM child ORDER BY name")


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(database, "_SQLITE_PRAGMAS", (*database._SQLITE_PRAGMAS, "busy_timeout=20"))
    yield from opened(tmp_path)


def opened(folder: Path, faults: str = "") -> Iterator[Database]:
    path = folder / "group.db"
    made = sqlite3.connect(path)
    made.executescript(_TABLES)
    made.close()
    keys = Keys(b"k" * 32)
    database = Database(f"sqlite:///{path}", clock=Clock(), keys=keys, news=News(), faults=Faults(faults))
    yield database
    database.close()


@pytest.fixture(autouse=True)
def no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups stay open until nobody waits, so that who shares one does not hang on the machine's speed."""
    monkeypatch.setattr(groups, "_OPEN_FOR_S", 60.0)


@pytest.fixture
def commits(db: Database) -> list[int]:
    """Grows by one with every commit."""
    seen: list[int] = []
    sa.event.listen(db.engine, "commit", lambda connection: seen.append(1))
    return seen


def note(unit: Unit, name: str) -> str:
    unit.run(_INSERT, name, None, None)
    return name


def by_orm(unit: Unit, name: str) -> str:
    unit.connection().execute(sa.text("INSERT INTO child (name) VALUES (:name)"), {"name": name})
    unit.tell(f"noted:{name}")
    return name


def names(db: Database) -> list[str]:
    return db.read_now(lambda unit: [name for (name,) in unit.sql(_NAMES)])


async def together(db: Database, *deeds: Callable[[Unit], Any]) -> list[Any]:
    """Answers and refusals of deeds that certainly share one group: the writer is busy while they queue."""
    busy, go = threading.Event(), threading.Event()

    def occupy(unit: Unit) -> None:
        busy.set()
        go.wait(10)

    first = asyncio.ensure_future(db.write(occupy))
    await asyncio.to_thread(busy.wait, 10)
    waiting = [asyncio.ensure_future(db.write(deed)) for deed in deeds]
    await asyncio.sleep(0)
    go.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


def run(db: Database, *deeds: Callable[[Unit], Any]) -> list[Any]:
    return asyncio.run(together(db, *deeds))


def refused(unit: Unit) -> None:
    note(unit, "of the refused")
    raise NotFound


def breaks_a_constraint(unit: Unit) -> None:
    note(unit, "of the broken")
    note(unit, "of the broken")


def breaks_one_by_orm(unit: Unit) -> None:
    by_orm(unit, "of the broken")
    by_orm(unit, "of the broken")


def meets_a_trigger(unit: Unit) -> None:
    note(unit, "of the stopped")
    unit.run(prepared("DELETE FROM child"))


def loses_everything(unit: Unit) -> None:
    note(unit, "of the loser")
    unit.run(prepared("INSERT OR ROLLBACK INTO child (name) VALUES ('of the loser')"))


def spoils_the_commit(unit: Unit) -> None:
    # No unit of ours does this: it is a sure way to make SQLite refuse the COMMIT itself.
    unit.run(prepared("PRAGMA defer_foreign_keys = ON"))
    unit.run(_INSERT, "of the spoiler", 4711, None)


POISON = {
    "a refusal": (refused, NotFound),
    "a constraint": (breaks_a_constraint, IntegrityError),
    "a constraint met by the ORM": (breaks_one_by_orm, IntegrityError),
    "a trigger": (meets_a_trigger, IntegrityError),
    "a lost transaction": (loses_everything, IntegrityError),
    "a failing commit": (spoils_the_commit, IntegrityError),
}


class TestAPoisonedUnitAmong63GoodOnes:
    @pytest.mark.parametrize("poison", POISON)
    @pytest.mark.parametrize("place", [0, 31, 63])
    def test_is_refused_alone(self, db: Database, poison: str, place: int) -> None:
        deed, refusal = POISON[poison]
        good = [f"{number:02d}" for number in range(63)]
        deeds: list[Callable[[Unit], Any]] = [lambda unit, name=name: note(unit, name) for name in good]
        deeds.insert(place, deed)
        answers = run(db, *deeds)
        assert type(answers.pop(place)) is refusal
        assert answers == good
        assert names(db) == good

    @pytest.mark.parametrize("poison", ["a refusal", "a constraint", "a constraint met by the ORM", "a trigger"])
    def test_costs_no_second_commit(self, db: Database, commits: list[int], poison: str) -> None:
        run(db, POISON[poison][0], *[lambda unit, name=name: note(unit, name) for name in "abc"])
        assert len(commits) == 1

    def test_writing_goes_on_after_each_kind(self, db: Database) -> None:
        for number, (deed, refusal) in enumerate(POISON.values()):
            with pytest.raises(refusal):
                db.write_now(deed)
            db.write_now(note, f"{number}")
        assert names(db) == [str(number) for number in range(len(POISON))]


def test_64_callers_share_one_commit(db: Database, commits: list[int]) -> None:
    good = [f"{number:02d}" for number in range(64)]
    assert run(db, *[lambda unit, name=name: by_orm(unit, name) for name in good]) == good
    assert len(commits) == 1
    assert names(db) == good


def test_driver_text_and_orm_of_one_unit_stand_and_fall_together(db: Database) -> None:
    def mixed(unit: Unit) -> None:
        note(unit, "first")
        by_orm(unit, "second")
        note(unit, "third")
        raise NotFound

    answers = run(db, mixed, lambda unit: note(unit, "other"))
    assert type(answers[0]) is NotFound
    assert names(db) == ["other"]


class Disk:
    """A disk with room for so many pages of the file; it holds for connections made from then on."""

    def __init__(self, db: Database, pages: int) -> None:
        self.pages = pages
        sa.event.listen(db.engine, "connect", lambda connection, _: self._limit(connection))

    def _limit(self, connection: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {self.pages}")


def heavy(unit: Unit, name: str) -> str:
    unit.run(_INSERT, name, None, b"x" * 4096 * 64)
    return name


class TestDiskFull:
    def test_one_that_does_not_fit_is_refused_and_the_others_are_written(self, db: Database) -> None:
        Disk(db, pages=30)
        answers = run(db, lambda unit: note(unit, "a"), lambda unit: heavy(unit, "heavy"), lambda u: by_orm(u, "b"))
        assert answers[0] == "a"
        assert answers[2] == "b"
        assert isinstance(answers[1], OperationalError)
        assert "full" in str(answers[1].orig)
        assert names(db) == ["a", "b"]

    def test_the_reason_is_told_also_when_the_orm_met_it(self, db: Database) -> None:
        Disk(db, pages=30)

        def heavy_by_orm(unit: Unit) -> None:
            by_orm(unit, "small")
            heavy(unit, "heavy")

        (refusal,) = run(db, heavy_by_orm)
        assert "full" in str(refusal)
        assert names(db) == []

    def test_when_nothing_fits_everybody_is_refused_and_later_ones_are_served(self, db: Database) -> None:
        disk = Disk(db, pages=30)
        answers = run(db, *[lambda unit, name=name: heavy(unit, name) for name in "abcdefgh"])
        assert {type(each) for each in answers} == {OperationalError}
        assert names(db) == []
        disk.pages = 1_000
        assert db.write_now(heavy, "room again") == "room again"


class TestAUnitThatWaits:
    def test_keeps_the_answers_of_its_group_back_until_all_is_committed(self, db: Database) -> None:
        inside, go = threading.Event(), threading.Event()

        def waits(unit: Unit) -> None:
            inside.set()
            go.wait(10)

        async def story() -> None:
            group = asyncio.ensure_future(together(db, lambda unit: note(unit, "quick"), waits))
            await asyncio.to_thread(inside.wait, 10)
            assert not group.done()
            assert await asyncio.to_thread(names, db) == []
            go.set()
            assert (await group)[0] == "quick"
            assert names(db) == ["quick"]

        asyncio.run(story())

    def test_is_named_in_the_journal_and_takes_nobody_else_into_its_group(
        self, db: Database, commits: list[int], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(groups, "_LONG_UNIT_S", 0.0)
        monkeypatch.setattr(groups, "_OPEN_FOR_S", 0.0)
        run(db, lambda unit: note(unit, "a"), lambda unit: note(unit, "b"))
        assert len(commits) == 3
        assert "everybody waited" in caplog.text
        assert "test_groups" in caplog.text


class TestAnswers:
    def test_and_news_leave_only_after_the_commit(self, db: Database) -> None:
        heard: list[tuple[str, list[str]]] = []

        async def story() -> None:
            db.news.listen(lambda topic: heard.append((topic, names(db))))
            await together(db, lambda unit: by_orm(unit, "a"), lambda unit: by_orm(unit, "b"), refused)
            await until(lambda: len(heard) == 2)

        asyncio.run(story())
        assert heard == [("noted:a", ["a", "b"]), ("noted:b", ["a", "b"])]

    def test_of_a_unit_run_again_are_those_of_the_second_run(self, db: Database) -> None:
        runs: list[str] = []

        def counted(unit: Unit) -> int:
            runs.append(by_orm(unit, f"run {len(runs)}"))
            return len(runs)

        answers = run(db, counted, spoils_the_commit)
        assert answers[0] == 2
        assert names(db) == ["run 1"]

    def test_a_caller_who_gave_up_in_the_queue_has_nothing_done(self, db: Database) -> None:
        busy, go = threading.Event(), threading.Event()

        def occupy(unit: Unit) -> None:
            busy.set()
            go.wait(10)

        async def story() -> None:
            first = asyncio.ensure_future(db.write(occupy))
            await asyncio.to_thread(busy.wait, 10)
            gone = asyncio.ensure_future(db.write(note, "of the gone"))
            await asyncio.sleep(0)
            gone.cancel()
            await asyncio.gather(gone, return_exceptions=True)
            go.set()
            await first
            await db.write(note, "of the patient")

        asyncio.run(story())
        assert names(db) == ["of the patient"]

    def test_of_threads_without_a_loop_come_too(self, db: Database) -> None:
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda number: db.write_now(note, f"{number:02d}"), range(64)))
        assert answers == names(db)


def test_a_second_waiting_unit_too_many_is_refused_and_not_queued(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_WAITING", 2)
    answers = run(db, *[lambda unit, name=name: note(unit, name) for name in "abcd"])
    assert [type(each) for each in answers] == [str, str, Overloaded, Overloaded]
    assert names(db) == ["a", "b"]


def test_a_file_held_by_another_process_is_waited_for(db: Database, tmp_path: Path) -> None:
    db.write_now(note, "first")
    other = sqlite3.connect(tmp_path / "group.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    # Held until the writer has waited in vain for as long as SQLite itself waits, and comes again.
    refused_once: list[Any] = []
    sa.event.listen(db.engine, "handle_error", lambda context: refused_once.append(other.execute("ROLLBACK")))
    assert db.write_now(note, "patient") == "patient"
    assert len(refused_once) == 1
    other.close()


def test_when_the_file_stays_held_all_who_wait_are_refused_and_later_ones_are_served(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(groups, "_TRIES", 1)
    db.write_now(note, "first")
    other = sqlite3.connect(tmp_path / "group.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def story() -> list[Any]:
        deeds = [db.write(note, name) for name in "abc"]
        return await asyncio.gather(*deeds, return_exceptions=True)

    assert {type(each) for each in asyncio.run(story())} == {OperationalError}
    other.execute("ROLLBACK")
    other.close()
    assert db.write_now(note, "later") == "later"
    assert names(db) == ["first", "later"]


@pytest.mark.parametrize("ending", [StopIteration, SystemExit, KeyboardInterrupt])
def test_a_unit_that_ends_strangely_stops_neither_the_loop_nor_the_writer(
    db: Database, ending: type[BaseException]
) -> None:
    def strange(unit: Unit) -> None:
        raise ending

    answers = run(db, lambda unit: note(unit, "a"), strange, lambda unit: note(unit, "b"))
    assert answers[::2] == ["a", "b"]
    assert isinstance(answers[1], RuntimeError)
    assert names(db) == ["a", "b"]


def test_news_for_a_loop_that_has_ended_harms_nobody(db: Database) -> None:
    async def listen() -> None:
        db.news.listen(lambda topic: None)

    asyncio.run(listen())
    assert db.write_now(by_orm, "a") == "a"
    assert db.write_now(by_orm, "b") == "b"


def test_a_unit_does_not_go_on_after_its_transaction_was_lost(db: Database) -> None:
    def goes_on(unit: Unit) -> None:
        with contextlib.suppress(IntegrityError):
            loses_everything(unit)
        note(unit, "outside of any transaction")

    with pytest.raises(AssertionError, match="transaction is gone"):
        db.write_now(goes_on)
    assert names(db) == []


def test_a_long_log_is_carried_over_and_begun_anew(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "MOST_PAGES", 50)
    db.write_now(heavy, "heavy")
    assert checkpoints.carry_over(db.engine) > 50
    db.write_now(note, "after")
    assert checkpoints.carry_over(db.engine) < 10
    copy = tmp_path / "copy.db"
    shutil.copyfile(tmp_path / "group.db", copy)
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT COUNT(*) FROM child").fetchone() == (2,)
    connection.close()


def test_a_unit_that_asks_for_another_is_a_mistake_and_not_a_standstill(db: Database) -> None:
    with pytest.raises(AssertionError, match="must not wait"):
        db.write_now(lambda unit: db.write_now(note, "inner"))


def test_a_closed_bank_takes_nothing_more(db: Database) -> None:
    db.write_now(note, "before")
    db.close()
    with pytest.raises(RuntimeError):
        db.write_now(note, "after")


def test_errors_of_hot_statements_do_not_repeat_what_was_written(db: Database) -> None:
    with pytest.raises(DBAPIError) as caught:
        db.write_now(lambda unit: unit.run(prepared("INSERT INTO nowhere VALUES (?)"), "4711"))
    assert "4711" not in str(caught.value)


class TestPlannedFaults:
    def test_in_the_middle_of_a_group_lose_nothing(self, tmp_path: Path) -> None:
        for db in opened(tmp_path, f"{__name__}.<lambda>.in_group=raise"):
            assert run(db, *[lambda unit, name=name: note(unit, name) for name in "abc"]) == ["a", "b", "c"]
            assert names(db) == ["a", "b", "c"]

    def test_after_a_commit_are_told_to_its_callers_only(self, tmp_path: Path) -> None:
        for db in opened(tmp_path, f"{__name__}.note.after_commit=raise"):
            with pytest.raises(RuntimeError, match="after_commit"):
                db.write_now(note, "done all the same")
            assert db.write_now(by_orm, "another") == "another"
            assert names(db) == ["another", "done all the same"]
