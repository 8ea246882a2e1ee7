"""Seals: a chain over the committed entries that tells of every change behind the ledger's back."""

from __future__ import annotations

import hmac
import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.ledger import audit_seals, seals
from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.ledger.seal_head import NAME, DamagedHead, Head, read_head, write_head
from kaspi_web.domain.ledger.service import InsufficientFunds, Move
from kaspi_web.domain.ledger.service import post as post_entry
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Prepared
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.money import Money
from kaspi_web.settings import SettingError, read
from tests.databases import open_bank
from tests.make.ledger import account, assert_clean, give, post, sealed, sql, tamper, wallet
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals

TEN = Money.tenge(10)


def five(bank: Bank) -> list[int]:
    """Five entries, sealed; answers their ids."""
    for owner in range(1, 6):
        give(bank, owner, TEN)
    assert sealed(bank) == 5
    return [entry_id for (entry_id,) in sql(bank, "SELECT id FROM entry ORDER BY id")]


def faults(bank: Bank) -> list[str]:
    return list(run_audit(bank).faults)


def of_seals(bank: Bank) -> list[str]:
    """What the audit says of the seals alone: whoever moves money behind the bank's back upsets balances too."""
    file = audit_seals.HeadFile.of(bank.settings.data_dir)
    return bank.db.read_now(audit_seals.faults_of_seals, file)


def looked(bank: Bank, **how: Any) -> list[int]:
    """The entries that a look finds unsealed."""
    return list(bank.db.read_now(seals.look, **how).texts)


def planted(bank: Bank, entry_id: int) -> None:
    """A whole entry with this id: ten tenge from one wallet to another."""
    one, two = wallet(bank, owner="1"), wallet(bank, owner="2")
    sql(
        bank,
        "INSERT INTO entry (id, kind, key, subject, booked_at, written_at)"
        " VALUES (:id, 'k', :key, '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)",
        id=entry_id,
        key=f"planted:{entry_id}",
    )
    sql(
        bank,
        "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn) VALUES (:id, :one, :two, 1)",
        id=entry_id,
        one=one,
        two=two,
    )


class TestChain:
    def test_every_committed_entry_gets_one_seal_in_the_order_of_ids(self, bank: Bank) -> None:
        ids = five(bank)
        rows = sql(bank, "SELECT position, entry_id FROM seal ORDER BY position")
        assert [tuple(row) for row in rows] == list(enumerate(ids, start=1))
        assert_clean(bank)

    def test_a_digest_is_made_of_the_one_before_it_and_of_the_whole_entry(self, bank: Bank) -> None:
        with open_bank(url_of(bank), bank.settings.data_dir, seal_key="x" * 32) as other:
            give(other, 7, TEN)
            give(other, 7, TEN)
            sealed(other)
        key, digest = hmac.digest(b"x" * 32, b"ledger", "sha256"), seals.FIRST
        rows = sql(bank, "SELECT id, booked_at, written_at, key FROM entry ORDER BY id")
        for position, entry in enumerate(rows, start=1):
            (posting,) = sql(bank, "SELECT * FROM posting WHERE entry_id = :id", id=entry.id)
            sides = [posting.debit_account_id, "terminal_network:kaspi", posting.credit_account_id, "wallet:7"]
            moments = [str(at)[:26] for at in (entry.booked_at, entry.written_at)]
            said = [entry.id, "topup", entry.key, "", *moments, [[posting.id, *sides, 1000]]]
            text = digest + json.dumps(said, separators=(",", ":"))
            digest = hmac.digest(key, text.encode(), "sha256").hex()
            assert sql(bank, "SELECT digest FROM seal WHERE position = :at", at=position) == [(digest,)]

    def test_an_entry_that_is_rolled_back_is_never_seen(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1"), account(bank, "settlement")
        with pytest.raises(InsufficientFunds):
            post(bank, (one, two, TEN))
        assert looked(bank, above=0) == []

    def test_a_look_takes_no_more_than_a_batch(self, bank: Bank) -> None:
        for owner in range(1, 6):
            give(bank, owner, TEN)
        assert looked(bank, most=2) == looked(bank, above=0)[:2]
        first = seals.chain(bank.keys, bank.db.read_now(seals.look, most=2))
        assert bank.db.write_now(seals.append, links=first)
        assert [link.position for link in seals.chain(bank.keys, bank.db.read_now(seals.look))] == [3, 4, 5]
        assert seals.MOST_AT_ONCE <= 500

    def test_batches_make_the_same_chain_as_one(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        for owner in range(1, 6):
            give(bank, owner, TEN)
        whole = seals.chain(bank.keys, bank.db.read_now(seals.look))
        for _ in range(3):
            links = seals.chain(bank.keys, bank.db.read_now(seals.look, most=2))
            bank.db.write_now(seals.append, links=links)
        assert [tuple(row) for row in sql(bank, "SELECT position, entry_id, digest FROM seal ORDER BY 1")] == whole

    def test_both_databases_and_every_start_give_one_text(self, bank: Bank) -> None:
        moment = "2026-11-20 07:00:00.000001"
        sql(
            bank,
            "INSERT INTO entry (id, kind, key, subject, booked_at, written_at)"
            f" VALUES (77, 'k', 'ключ', 's', '{moment}', '{moment}')"
            if bank.db.engine.dialect.name == "sqlite"
            else "INSERT INTO entry (id, kind, key, subject, booked_at, written_at)"
            f" VALUES (77, 'k', 'ключ', 's', '{moment}+00', '{moment}+00')",
        )
        texts = bank.db.read_now(seals.texts_of, [77])
        assert texts == {77: f'[77,"k","\\u043a\\u043b\\u044e\\u0447","s","{moment}","{moment}",[]]'}


class TestTampering:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE posting SET amount_tiyn = 2000 WHERE entry_id = {}",
            "UPDATE posting SET credit_account_id = (SELECT MIN(credit_account_id) FROM posting) WHERE entry_id = {}",
            "UPDATE posting SET id = 999 WHERE entry_id = {}",
            "UPDATE posting SET entry_id = 1 WHERE entry_id = {}",
            "DELETE FROM posting WHERE entry_id = {}",
            "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)"
            " SELECT {}, debit_account_id, credit_account_id, 1 FROM posting WHERE entry_id = 1",
            "UPDATE entry SET kind = 'gift' WHERE id = {}",
            "UPDATE entry SET key = 'other' WHERE id = {}",
            "UPDATE entry SET subject = 'other' WHERE id = {}",
            "UPDATE entry SET booked_at = '2020-01-01 00:00:00' WHERE id = {}",
            "UPDATE entry SET written_at = '2020-01-01 00:00:00' WHERE id = {}",
            "UPDATE account SET owner = '99' WHERE owner = '3' AND {} > 0",
            "UPDATE account SET kind = 'bonus' WHERE owner = '3' AND {} > 0",
        ],
    )
    def test_a_rewritten_entry_is_named_and_the_later_ones_are_not(self, bank: Bank, change: str) -> None:
        third = five(bank)[2]
        tamper(bank, change.format(third))
        expected = f"entry {third}: is not what was sealed (seal 3)"
        found = [fault for fault in of_seals(bank) if not fault.startswith("entry 1:")]
        assert found == [expected]
        assert expected in faults(bank)

    def test_a_posting_that_moved_to_another_entry_breaks_both(self, bank: Bank) -> None:
        ids = five(bank)
        tamper(bank, f"UPDATE posting SET entry_id = {ids[3]} WHERE entry_id = {ids[1]}")
        assert [fault.split(":")[0] for fault in of_seals(bank)] == [f"entry {ids[1]}", f"entry {ids[3]}"]

    def test_a_sealed_entry_that_is_gone_is_named(self, bank: Bank) -> None:
        third = five(bank)[2]
        tamper(bank, f"DELETE FROM posting WHERE entry_id = {third}", f"DELETE FROM entry WHERE id = {third}")
        assert of_seals(bank) == [f"entry {third}: was sealed and is gone (seal 3)"]

    def test_a_seal_that_is_missing_in_the_middle_is_named_and_sealing_again_hides_nothing(self, bank: Bank) -> None:
        fourth = five(bank)[3]
        tamper(bank, "DELETE FROM seal WHERE position = 3")
        missing = f"seal 3: is missing, so entry {fourth} cannot be checked"
        assert of_seals(bank) == [missing]
        assert sealed(bank) == 1
        assert of_seals(bank) == [missing]

    def test_several_missing_seals_are_told_as_one_gap(self, bank: Bank) -> None:
        fifth = five(bank)[4]
        tamper(bank, "DELETE FROM seal WHERE position IN (2, 3, 4)")
        assert of_seals(bank) == [f"seals 2 to 4: are missing, so entry {fifth} cannot be checked"]

    def test_a_tail_that_was_cut_off_is_told_by_the_head_file(self, bank: Bank) -> None:
        fifth = five(bank)[4]
        tamper(
            bank,
            "DELETE FROM seal WHERE position = 5",
            f"DELETE FROM posting WHERE entry_id = {fifth}",
            f"DELETE FROM entry WHERE id = {fifth}",
            "UPDATE account SET balance_tiyn = 0 WHERE owner = '5'",
        )
        assert faults(bank) == [f"seals: {NAME} tells of seal 5, the table ends with 4: its end was cut off"]

    def test_a_cut_tail_that_grew_again_is_told_by_the_head_file(self, bank: Bank) -> None:
        fifth = five(bank)[4]
        head = read_head(bank.settings.data_dir)
        assert head
        tamper(
            bank,
            "DELETE FROM seal WHERE position = 5",
            f"UPDATE posting SET amount_tiyn = 1 WHERE entry_id = {fifth}",
            "UPDATE account SET balance_tiyn = 1 WHERE owner = '5'",
        )
        assert sealed(bank) == 1
        write_head(bank.settings.data_dir, head)
        assert faults(bank) == [f"seal 5: has another digest than {NAME} tells"]

    def test_a_seal_of_somebody_elses_making_is_found(self, bank: Bank) -> None:
        five(bank)
        tamper(bank, f"UPDATE seal SET digest = '{'0' * 64}' WHERE position = 2")
        assert [fault.rpartition(" (")[2] for fault in of_seals(bank)] == ["seal 2)", "seal 3)"]

    def test_very_many_rewritten_entries_are_named_up_to_a_bound_and_counted(
        self, bank: Bank, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(audit_seals, "NAMED", 2)
        ids = five(bank)
        tamper(bank, f"UPDATE entry SET subject = 'x' WHERE id > {ids[0]}")
        found = of_seals(bank)
        assert [fault.split(":")[0] for fault in found] == [f"entry {ids[1]}", f"entry {ids[2]}", "seals"]
        assert found[2] == "seals: 2 more entries are not what was sealed"

    def test_chunks_of_the_walk_hang_together(self, bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(audit_seals, "CHUNK", 2)
        third = five(bank)[2]
        assert of_seals(bank) == []
        tamper(bank, f"UPDATE entry SET subject = 'x' WHERE id = {third}")
        assert of_seals(bank) == [f"entry {third}: is not what was sealed (seal 3)"]

    def test_a_value_of_a_type_that_never_was_there_is_a_fault_and_no_crash(self, sqlite_bank: Bank) -> None:
        third = five(sqlite_bank)[2]
        tamper(sqlite_bank, f"UPDATE entry SET booked_at = x'ff00', subject = 1.5 WHERE id = {third}")
        assert of_seals(sqlite_bank) == [f"entry {third}: is not what was sealed (seal 3)"]


class TestKey:
    def test_the_wrong_key_is_one_fault(self, bank: Bank) -> None:
        five(bank)
        with open_bank(url_of(bank), bank.settings.data_dir, seal_key="x" * 32) as other:
            assert faults(other) == ["seals: none of 5 matches its entry: another SEAL_KEY than they were made under"]

    def test_a_key_given_apart_seals_and_is_told_from_the_derived_one(self, bank: Bank) -> None:
        with open_bank(url_of(bank), bank.settings.data_dir, seal_key="x" * 32) as other:
            five(other)
            assert faults(other) == []
        assert faults(bank) != []

    def test_another_key_without_a_head_file_is_one_fault_too(self, bank: Bank) -> None:
        five(bank)
        (bank.settings.data_dir / NAME).unlink()
        with open_bank(url_of(bank), bank.settings.data_dir, seal_key="x" * 32) as other:
            assert faults(other) == ["seals: none of 5 matches its entry: another SEAL_KEY, or all was rewritten"]

    def test_a_short_key_is_refused_at_the_start_and_is_not_repeated(self) -> None:
        with pytest.raises(SettingError) as refused:
            read({"SEAL_KEY": "short-secret"})
        assert "32 characters" in str(refused.value)
        assert "short-secret" not in str(refused.value)
        assert read({"SEAL_KEY": ""}).seal_key == ""

    def test_settings_that_are_printed_do_not_tell_the_key(self) -> None:
        assert "x" * 32 not in repr(read({"SEAL_KEY": "x" * 32}))

    def test_the_master_key_and_the_given_one_make_different_chains(self) -> None:
        keys = [Keys(b"m" * 32), Keys(b"n" * 32), Keys(b"m" * 32, chain_key="x" * 32), Keys(b"m" * 32, chain_key="y")]
        assert len({each.link("", "text") for each in keys}) == len({each.chain_name() for each in keys}) == 4
        assert Keys(b"n" * 32, chain_key="x" * 32).link("", "text") == keys[2].link("", "text")


class TestHeadFile:
    def test_a_head_that_is_behind_is_no_fault(self, bank: Bank) -> None:
        five(bank)
        head = read_head(bank.settings.data_dir)
        assert head
        give(bank, 1, TEN)
        sealed(bank)
        write_head(bank.settings.data_dir, head)
        assert faults(bank) == []

    def test_a_missing_head_file_is_a_fault_except_just_after_the_first_seal(self, bank: Bank, watch: Watch) -> None:
        five(bank)
        (bank.settings.data_dir / NAME).unlink()
        assert faults(bank) == []
        watch.later(minutes=11)
        assert faults(bank) == [f"seals: the file {NAME} is missing, so a chain that was cut off would not show"]

    def test_a_bank_without_seals_needs_no_head_file(self, bank: Bank, watch: Watch) -> None:
        watch.later(minutes=11)
        assert faults(bank) == []

    @pytest.mark.parametrize("said", ["", "{", "[]", '{"position": 5}', '{"position": "x", "digest": "", "key": ""}'])
    def test_a_damaged_head_file_is_a_fault(self, bank: Bank, said: str) -> None:
        five(bank)
        (bank.settings.data_dir / NAME).write_text(said)
        with pytest.raises(DamagedHead):
            read_head(bank.settings.data_dir)
        assert faults(bank) == [f"seals: the file {NAME} cannot be read"]

    def test_a_reader_sees_the_old_head_or_the_new_one_and_never_half(self, tmp_path: Path) -> None:
        write_head(tmp_path, Head(1, "1" * 64, "k"))
        done = threading.Event()

        def write() -> None:
            for position in range(2, 200):
                write_head(tmp_path, Head(position, str(position) * 64, "k"))
            done.set()

        def read_on() -> list[int]:
            seen = []
            while not done.is_set():
                head = read_head(tmp_path)
                assert head == Head(head.position, str(head.position) * 64, "k")
                seen.append(head.position)
            return seen

        _, seen = at_once(write, read_on)
        assert not refusals([seen]), seen
        assert seen == sorted(seen)
        assert [file.name for file in tmp_path.iterdir()] == [NAME]

    def test_a_write_that_fails_leaves_the_old_head_and_no_rubbish(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_head(tmp_path, Head(1, "one", "k"))
        monkeypatch.setattr("os.fsync", _disk_is_full)
        with pytest.raises(OSError, match="full"):
            write_head(tmp_path, Head(2, "two", "k"))
        assert read_head(tmp_path) == Head(1, "one", "k")
        assert [file.name for file in tmp_path.iterdir()] == [NAME]


def _disk_is_full(_: int) -> None:
    raise OSError("the disk is full")


def url_of(bank: Bank) -> str:
    return bank.db.engine.url.render_as_string(hide_password=False)


class TestUnsealed:
    def test_an_entry_unsealed_for_longer_than_ten_minutes_is_told(self, bank: Bank, watch: Watch) -> None:
        five(bank)
        give(bank, 1, TEN)
        give(bank, 1, TEN)
        watch.later(minutes=9)
        assert faults(bank) == []
        watch.later(minutes=2)
        first = sql(bank, "SELECT MAX(id) - 1 FROM entry")[0][0]
        assert faults(bank) == [f"seals: 2 entries unsealed for longer than 10 minutes, the first is entry {first}"]
        assert_clean(bank)

    def test_a_jump_of_the_banks_clock_makes_nothing_late(self, bank: Bank) -> None:
        give(bank, 1, TEN)
        bank.clock.jump(timedelta(days=3))
        assert faults(bank) == []


class TestLooking:
    def test_a_near_look_goes_back_some_thousands_of_ids_and_a_whole_look_to_the_start(self, bank: Bank) -> None:
        planted(bank, 20_000)
        sealed(bank)
        planted(bank, 20_000 - seals.NEAR)
        planted(bank, 20_000 - seals.NEAR + 1)
        planted(bank, 20_001)
        assert looked(bank) == [20_000 - seals.NEAR + 1, 20_001]
        assert looked(bank, above=0) == [20_000 - seals.NEAR, 20_000 - seals.NEAR + 1, 20_001]

    def test_a_look_with_a_long_history_reads_by_indexes_only(self, bank: Bank) -> None:
        with_history(bank, 30_000)
        plan = "\n".join(plan_of(bank, 20_000, 20_000, seals.MOST_AT_ONCE))
        if bank.db.engine.dialect.name == "sqlite":
            assert "SCAN" not in plan, plan
            assert plan.count("SEARCH") == 2, plan
        else:
            assert "Seq Scan" not in plan, plan
            assert "pk_entry" in plan, plan
            assert "uq_seal_entry_id" in plan, plan


def with_history(bank: Bank, many: int) -> None:
    """Entries 1 to `many`, sealed by somebody who cannot make digests: for plans, not for audits."""
    number = (
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :many)"
        if bank.db.engine.dialect.name == "sqlite"
        else "WITH number AS (SELECT generate_series(1, :many) AS n)"
    )
    sql(
        bank,
        f"INSERT INTO entry (id, kind, key, subject, booked_at, written_at) {number}"
        " SELECT n, 'k', 'h' || n, '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM number",
        many=many,
    )
    sql(
        bank,
        "INSERT INTO seal (position, entry_id, digest, sealed_at) SELECT id, id, 'd', CURRENT_TIMESTAMP FROM entry",
    )
    with bank.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))


def plan_of(bank: Bank, *values: int) -> list[str]:
    """The database's plan of a look, a line each."""
    plan = Prepared(f"EXPLAIN QUERY PLAN {seals.UNSEALED.sqlite}", f"EXPLAIN {seals.UNSEALED.postgresql}")
    return [str(row[-1]) for row in bank.db.read_now(lambda unit: unit.run(plan, *values).fetchall())]


class TestTwoAtOnce:
    def test_of_two_that_saw_the_same_end_one_writes(self, bank: Bank) -> None:
        give(bank, 1, TEN)
        one = seals.chain(bank.keys, bank.db.read_now(seals.look))
        give(bank, 2, TEN)
        two = seals.chain(bank.keys, bank.db.read_now(seals.look))
        assert bank.db.write_now(seals.append, links=one) is True
        assert bank.db.write_now(seals.append, links=two) is False
        assert_clean(bank)

    def test_many_at_one_moment_make_one_chain(self, bank: Bank) -> None:
        for owner in range(1, 9):
            give(bank, owner, TEN)
        links = seals.chain(bank.keys, bank.db.read_now(seals.look))
        deeds = [lambda n=n: bank.db.write_now(seals.append, links=links[:n]) for n in range(1, 9)]
        said = at_once(*deeds)
        assert answers_of(said).count(True) == 1
        assert all(isinstance(error, IntegrityError) for error in refusals(said))
        assert_clean(bank)

    def test_sealers_while_money_moves_make_one_chain(self, bank: Bank) -> None:
        deeds = [lambda: sealed(bank), lambda: give(bank, 1, TEN), lambda: give(bank, 2, TEN)]
        assert not refusals(at_once(*deeds, times=8))
        assert_clean(bank)
        assert sql(bank, "SELECT COUNT(*), MAX(position) FROM seal") == [(16, 16)]

    def test_a_late_commit_with_a_smaller_id_is_sealed_behind_the_larger_one(
        self, postgres_database: str, tmp_path: Path
    ) -> None:
        with open_bank(postgres_database, tmp_path) as bank:
            wallets = [wallet(bank, owner=owner) for owner in ("1", "2", "3", "4")]
            has_written, may_commit = threading.Event(), threading.Event()

            def slow(unit: Any) -> int:
                late = post_entry(unit, kind="k", key="late", moves=[Move(network, wallets[0], TEN)])
                has_written.set()
                assert may_commit.wait(20)
                return late

            def quick() -> int:
                assert has_written.wait(20)
                made = post(bank, (network, wallets[2], TEN))
                assert sealed(bank) == 1
                may_commit.set()
                return made

            network = account(bank, "terminal_network", "kaspi")
            late, made = at_once(lambda: bank.db.write_now(slow), quick)
            assert late < made
            assert looked(bank) == [late]
            assert sealed(bank) == 1
            assert [id_ for (id_,) in sql(bank, "SELECT entry_id FROM seal ORDER BY position")] == [made, late]
            assert_clean(bank)

    def test_a_payment_does_not_wait_for_a_sealer_that_has_not_committed(
        self, postgres_database: str, tmp_path: Path
    ) -> None:
        with open_bank(postgres_database, tmp_path) as bank:
            give(bank, 1, TEN)
            links = seals.chain(bank.keys, bank.db.read_now(seals.look))
            has_sealed, has_paid = threading.Event(), threading.Event()

            def seal(unit: Any) -> bool:
                done = seals.append(unit, links=links)
                has_sealed.set()
                assert has_paid.wait(20), "the payment waits for the sealer"
                return done

            def pay() -> None:
                assert has_sealed.wait(20)
                give(bank, 1, TEN)
                has_paid.set()

            assert at_once(lambda: bank.db.write_now(seal), pay) == [True, None]
            assert_clean(bank)


class TestGuards:
    @pytest.mark.parametrize(
        "statement", ["UPDATE seal SET digest = 'x'", "UPDATE seal SET position = 9", "DELETE FROM seal"]
    )
    def test_a_seal_is_never_changed(self, bank: Bank, statement: str) -> None:
        give(bank, 1, TEN)
        sealed(bank)
        with pytest.raises(IntegrityError, match="seal rows are never changed"):
            sql(bank, statement)

    def test_a_seal_is_not_replaced_on_sqlite_nor_truncated_on_postgres(self, bank: Bank) -> None:
        five(bank)
        on_sqlite = "INSERT OR REPLACE INTO seal (position, entry_id, digest, sealed_at) VALUES (1, 1, 'x', 'x')"
        statement = on_sqlite if bank.db.engine.dialect.name == "sqlite" else "TRUNCATE seal"
        with pytest.raises(IntegrityError, match="seal rows are never changed"):
            sql(bank, statement)
