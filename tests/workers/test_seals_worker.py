"""The sealing worker: a batch at a time, near the newest seal, over everything now and then, head file last."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa

from kaspi_web.domain.ledger import seals
from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.ledger.seal_head import NAME, Head, read_head, write_head
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.faults import PlannedFault
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.money import Money
from kaspi_web.workers.crew import crew
from kaspi_web.workers.seals import _BELOW_ALL, Sealer, seal_all
from tests.databases import open_bank
from tests.make.ledger import assert_clean, give, sealed, sql, tamper
from tests.make.moments import Watch
from tests.workers.waiting import until

TEN = Money.tenge(10)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


@contextmanager
def same(bank: Bank, **settings: object) -> Iterator[Bank]:
    """A second bank over the same database and folder: the next process, or another server."""
    url = bank.db.engine.url.render_as_string(hide_password=False)
    with open_bank(url, bank.settings.data_dir, **settings) as opened:
        yield opened


def gave(bank: Bank, many: int) -> None:
    for _ in range(many):
        give(bank, 1, TEN)


def rounds(*sealers: Sealer, times: int = 1) -> list[int]:
    """Rounds of each worker at once; their answers."""

    async def story() -> list[int]:
        return [each for _ in range(times) for each in await asyncio.gather(*(one.seal_due() for one in sealers))]

    return asyncio.run(story())


def seals_of(bank: Bank) -> int:
    return sql(bank, "SELECT COUNT(*) FROM seal")[0][0]


def head(bank: Bank) -> Head | None:
    return read_head(bank.settings.data_dir)


def end_of_table(bank: Bank) -> Head:
    position, digest = sql(bank, "SELECT position, digest FROM seal ORDER BY position DESC LIMIT 1")[0]
    return Head(position, digest, bank.keys.chain_name())


def floors(bank: Bank) -> list[int]:
    """The ids that looks for unsealed entries begin above, from now on, as SQLite is asked for them."""
    seen: list[int] = []

    def note(statement: str) -> None:
        if asked := re.search(r"FROM entry e LEFT JOIN seal s .* WHERE e.id > (-?\d+)", statement):
            seen.append(int(asked[1]))

    sa.event.listen(bank.db.engine, "checkout", lambda driver, *_: driver.set_trace_callback(note))
    return seen


class Interrupted(Keys):
    """Keys in whose first use something else happens: between a worker's look and its write."""

    meanwhile: Callable[[], object] | None = None

    def link(self, previous: str, text: str) -> str:
        deed, self.meanwhile = self.meanwhile, None
        if deed:
            deed()
        return super().link(previous, text)


def test_a_round_seals_what_is_committed_and_writes_the_head(any_bank: Bank):
    gave(any_bank, 3)
    assert rounds(Sealer(any_bank)) == [0]
    assert seals_of(any_bank) == 3
    assert head(any_bank) == end_of_table(any_bank)
    assert run_audit(any_bank).is_clean


def test_a_bank_without_entries_has_neither_seals_nor_a_head_file(bank: Bank):
    assert rounds(Sealer(bank)) == [0]
    assert (seals_of(bank), head(bank)) == (0, None)


def test_a_long_queue_is_sealed_batch_after_batch_and_read_once(bank: Bank, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seals, "MOST_AT_ONCE", 2)
    gave(bank, 5)
    first = sql(bank, "SELECT MIN(id) FROM entry")[0][0]
    seen = floors(bank)
    assert rounds(Sealer(bank), times=4) == [2, 2, 0, 0]
    assert seen == [_BELOW_ALL, first + 1, first + 3, first + 4 - seals.NEAR]
    assert_clean(bank)


def test_workers_of_two_servers_make_one_chain(any_bank: Bank):
    with same(any_bank) as other:
        one, two = Sealer(any_bank), Sealer(other)
        for many in (3, 1, 4):
            gave(any_bank, many)
            rounds(one, two, times=3)
    assert seals_of(any_bank) == 8
    assert run_audit(any_bank).is_clean


def test_a_round_that_was_too_late_is_done_again_at_once(any_bank: Bank):
    gave(any_bank, 1)
    keys = Interrupted.in_folder(any_bank.settings.data_dir / "keys")
    keys.meanwhile = lambda: sealed(any_bank)
    late = Sealer(replace(any_bank, keys=keys))
    assert rounds(late) == [1]
    assert rounds(late) == [0]
    assert seals_of(any_bank) == 1
    assert_clean(any_bank)


def test_a_crash_between_commit_and_head_file_is_mended_by_the_next_process(any_bank: Bank):
    gave(any_bank, 2)
    with same(any_bank, faults="ledger.seals.append.after_commit=raise") as dying, pytest.raises(PlannedFault):
        rounds(Sealer(dying))
    assert (seals_of(any_bank), head(any_bank)) == (2, None)
    assert run_audit(any_bank).is_clean
    rounds(Sealer(any_bank))
    assert head(any_bank) == end_of_table(any_bank)


def test_a_head_that_a_crash_left_behind_is_brought_forward_without_a_new_entry(bank: Bank):
    gave(bank, 1)
    rounds(Sealer(bank))
    old = head(bank)
    assert old
    gave(bank, 1)
    rounds(Sealer(bank))
    write_head(bank.settings.data_dir, old)
    assert run_audit(bank).is_clean
    rounds(Sealer(bank))
    assert head(bank) == end_of_table(bank) != old


def test_a_head_that_the_table_contradicts_is_left_as_evidence_and_sealing_goes_on(
    any_bank: Bank, caplog: pytest.LogCaptureFixture
):
    gave(any_bank, 3)
    rounds(Sealer(any_bank))
    before = head(any_bank)
    tamper(
        any_bank,
        "DELETE FROM seal WHERE position = 3",
        "UPDATE entry SET subject = 'x' WHERE id = (SELECT MAX(id) FROM entry)",
    )
    worker = Sealer(any_bank)
    gave(any_bank, 3)
    with caplog.at_level(logging.ERROR):
        rounds(worker, times=3)
    assert seals_of(any_bank) == 6
    assert head(any_bank) == before
    assert [message for message in caplog.messages if "disagree" in message] == caplog.messages
    assert len(caplog.messages) == 1


def test_a_damaged_head_file_is_left_as_it_is_and_said_once(bank: Bank, caplog: pytest.LogCaptureFixture):
    gave(bank, 1)
    (bank.settings.data_dir / NAME).write_text("{")
    worker = Sealer(bank)
    with caplog.at_level(logging.ERROR):
        rounds(worker, times=3)
    assert seals_of(bank) == 1
    assert (bank.settings.data_dir / NAME).read_text() == "{"
    assert len(caplog.messages) == 1


def test_nothing_is_sealed_under_another_key_than_the_head_was(bank: Bank, caplog: pytest.LogCaptureFixture):
    gave(bank, 1)
    rounds(Sealer(bank))
    gave(bank, 1)
    with same(bank, seal_key="another secret of 32 characters.") as other, caplog.at_level(logging.ERROR):
        worker = Sealer(other)
        assert rounds(worker, times=2) == [0, 0]
    assert seals_of(bank) == 1
    assert len(caplog.messages) == 1
    assert "another secret" not in caplog.text
    rounds(Sealer(bank))
    assert run_audit(bank).is_clean


def test_an_entry_far_behind_is_found_by_the_next_sweep(any_bank: Bank, watch: Watch):
    gave(any_bank, 1)
    sql(
        any_bank,
        "INSERT INTO entry (id, kind, key, subject, booked_at, written_at)"
        " VALUES (90000, 'k', 'far', '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
    )
    worker = Sealer(any_bank)
    rounds(worker)
    sql(
        any_bank,
        "INSERT INTO entry (id, kind, key, subject, booked_at, written_at)"
        " VALUES (500, 'k', 'late', '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
    )
    rounds(worker, times=3)
    assert seals_of(any_bank) == 2
    watch.later(minutes=61)
    rounds(worker)
    assert seals_of(any_bank) == 3


def test_a_crew_seals_by_itself(bank: Bank):
    async def story() -> None:
        async with crew(bank):
            await asyncio.to_thread(gave, bank, 2)
            await until(lambda: seals_of(bank) == 2, seconds=20)
            await asyncio.to_thread(gave, bank, 1)
            await until(lambda: head(bank) == Head(3, end_of_table(bank).digest, bank.keys.chain_name()), seconds=20)

    asyncio.run(story())
    assert run_audit(bank).is_clean


def test_under_another_key_nothing_is_sealed_even_without_a_head_file(any_bank: Bank, caplog: pytest.LogCaptureFixture):
    gave(any_bank, 3)
    rounds(Sealer(any_bank))
    (any_bank.settings.data_dir / NAME).unlink()
    gave(any_bank, 2)
    other = replace(any_bank, keys=Keys.in_folder(any_bank.settings.data_dir / "keys", chain_key="k" * 32))
    with caplog.at_level(logging.ERROR):
        rounds(Sealer(other), times=3)
    assert seals_of(any_bank) == 3
    assert head(any_bank) is None
    assert len(caplog.messages) == 1
    rounds(Sealer(any_bank))
    assert seals_of(any_bank) == 5


def test_work_that_ends_leaves_nothing_unsealed(any_bank: Bank, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(seals, "MOST_AT_ONCE", 2)
    gave(any_bank, 5)
    asyncio.run(seal_all(any_bank))
    assert seals_of(any_bank) == 5
