"""The migrated database's own rules: every named constraint is there and refuses, in SQLite and in PostgreSQL."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

import kaspi_web.domain.models  # noqa: F401  every table registers itself here
from alembic import command
from kaspi_web.commands.migrate import _config
from kaspi_web.domain.ledger.chart import CHART, KEPT
from kaspi_web.kernel.bank import Bank
from tests.databases import open_bank, postgres_copy, sqlite_copy
from tests.make import goods_rows, listed_rows, loan_rows, order_rows, shop_rows
from tests.make.rows import COMPANIONS, ROWS, SPARE

TABLES = {name: table for name, table in SQLModel.metadata.tables.items() if name in ROWS}


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest) -> Iterator[Bank]:
    """A migrated database with one valid row in every table; tests take back what they write."""
    with tempfile.TemporaryDirectory() as folder:
        if request.param == "sqlite":
            url = sqlite_copy(request.getfixturevalue("sqlite_template"), Path(folder))
            yield from _filled(url, Path(folder))
        else:
            with postgres_copy(request.getfixturevalue("postgres_template")) as url:
                yield from _filled(url, Path(folder))


def _filled(url: str, folder: Path) -> Iterator[Bank]:
    with open_bank(url, folder) as bank:
        with bank.db.engine.begin() as connection:
            for name, rows in ROWS.items():
                connection.execute(TABLES[name].insert(), rows)
        yield bank


@pytest.fixture
def connection(filled: Bank) -> Iterator[sa.Connection]:
    with filled.db.engine.connect() as opened:
        opened.begin()
        yield opened
        opened.rollback()


on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("filled", ["postgres"], indirect=True)


def is_sqlite(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite"


def named(kind: type) -> dict[str, tuple[sa.Table, Any]]:
    """Every constraint of a kind in the models, by the name that the database knows."""
    found = {}
    for table in TABLES.values():
        for constraint in table.constraints:
            if isinstance(constraint, kind):
                found[_name(table, constraint)] = (table, constraint)
    return found


def _name(table: sa.Table, constraint: Any) -> str:
    compiler = sqlite.dialect().ddl_compiler(sqlite.dialect(), None)
    return str(compiler.preparer.format_constraint(constraint)).strip('"')


CHECKS = named(sa.CheckConstraint)
UNIQUES = named(sa.UniqueConstraint) | named(sa.PrimaryKeyConstraint)
REFERENCES = named(sa.ForeignKeyConstraint)


def fresh(table: sa.Table, *, keep: set[str] = frozenset()) -> dict[str, Any]:
    """A valid row that collides with none, except in the columns to `keep`."""
    row = dict(ROWS[table.name][0])
    unique = {column.name for name, (of, rule) in UNIQUES.items() if of is table for column in rule.columns}
    unique |= {column.name for index in table.indexes if index.unique for column in index.columns}
    for column in unique - keep:
        row[column] = _another(table, column, row[column])
    return row


def _another(table: sa.Table, column: str, value: Any) -> Any:
    if (table.name, column) in SPARE:
        return SPARE[table.name, column]
    if value is None or table.c[column].foreign_keys or column in ("kind",):
        return value
    return value + 1000 if isinstance(value, int) else f"{value}-2"


_DONE = {"state": "done", "finished_at": ROWS["entry"][0]["booked_at"]}
BREAKS: dict[str, dict[str, Any]] = {
    "ck_account_kind_in_chart": {"kind": "petty_cash", "balance_tiyn": None},
    "ck_account_kept_balance": {"kind": "wallet", "balance_tiyn": None},
    "ck_account_not_below_zero": {"kind": "wallet", "balance_tiyn": -1},
    "ck_posting_amount_above_zero": {"amount_tiyn": 0},
    "ck_posting_two_accounts": {"debit_account_id": 1, "credit_account_id": 1},
    "ck_hold_amount_above_zero": {"amount_tiyn": 0},
    "ck_hold_captured_not_negative": {"captured_tiyn": -1},
    "ck_hold_released_not_negative": {"released_tiyn": -1},
    "ck_hold_within_amount": {"captured_tiyn": 6, "released_tiyn": 5},
    "ck_sms_code_wrong_tries_not_negative": {"wrong_tries": -1},
    "ck_customer_language_known": {"language": "de"},
    "ck_phone_proof_purpose_known": {"purpose": "pay"},
    "ck_operation_amount_not_zero": {"amount_tiyn": 0},
    "ck_operation_state_known": {"state": "lost"},
    "ck_operation_fee_not_negative": {"fee_tiyn": -1},
    "ck_operation_wallet_same_way": {"wallet_tiyn": 5},
    "ck_operation_refused_moves_nothing": {"state": "refused", "wallet_tiyn": -10},
    "ck_terminal_network_limits_in_order": {"minimum_tiyn": 2, "maximum_tiyn": 1},
    "ck_terminal_delay_within_30_minutes": {"credit_delay_s": 1801},
    "ck_topup_amount_above_zero": {"amount_tiyn": 0},
    "ck_topup_credited_when_through": {"state": "on_way"},
    "ck_topup_state_known": {"state": "lost"},
    "ck_kiosk_visit_inserted_not_negative": {"inserted_tiyn": -1},
    "ck_kiosk_visit_state_known": {"state": "lost"},
    "ck_biller_limits_in_order": {"minimum_tiyn": 0},
    "ck_biller_dialect_known": {"dialect": "latin"},
    "ck_bonus_rule_applies_known": {"applies": "weekday"},
    "ck_bonus_rule_named_unless_for_all": {"name": ""},
    "ck_bonus_rule_within_whole": {"basis_points": 10_001},
    "ck_bonus_rule_days_in_order": {"valid_until": date(2025, 12, 31)},
    "ck_card_kind_known": {"kind": "gift"},
    "ck_card_link_state_known": {"state": "lost"},
    "ck_card_recipient_ours_or_tokened": {"token": "t"},
    "ck_card_charge_amount_above_zero": {"amount_tiyn": 0, "refunded_tiyn": 0},
    "ck_card_charge_state_known": {"state": "lost"},
    "ck_card_charge_wanted_known": {"wanted": "more"},
    "ck_card_charge_nothing_wanted_at_the_end": {"state": "voided", "wanted": "capture"},
    "ck_card_charge_refunded_within": {"refunded_tiyn": 11},
    "ck_card_refund_amount_above_zero": {"amount_tiyn": 0},
    "ck_card_refund_state_known": {"state": "lost"},
    "ck_card_payout_amount_above_zero": {"amount_tiyn": 0},
    "ck_card_payout_state_known": {"state": "lost"},
    "ck_transfer_limit_kind_known": {"kind": "gift"},
    "ck_transfer_limit_limits_in_order": {"per_day_tiyn": 4},
    "ck_transfer_kind_known": {"kind": "gift"},
    "ck_transfer_state_known": {"state": "lost", "finished_at": ROWS["entry"][0]["booked_at"]},
    "ck_transfer_source_known": {"source": "sock"},
    "ck_transfer_card_is_named": {"source": "card"},
    "ck_transfer_amount_above_zero": {"amount_tiyn": 0},
    "ck_transfer_goes_somewhere": {"token": ""},
    "ck_transfer_own_goes_to_oneself": {"kind": "own"},
    "ck_transfer_deed_has_content": {"amount_tiyn": None},
    "ck_transfer_held_or_charged": {"charge_id": 1},
    "ck_transfer_draft_takes_nothing": {"state": "draft"},
    "ck_transfer_open_has_money": {"hold_id": None},
    "ck_transfer_held_until_known": {"state": "held"},
    "ck_transfer_waits_until_known": {"state": "waiting", "waits_until": ROWS["entry"][0]["booked_at"]},
    "ck_transfer_sending_is_paid_out": {"payout_id": None},
    "ck_transfer_finished_when_final": {"state": "done"},
    "ck_transfer_bonus_within": {"bonus_tiyn": 11, "bonus_hold_id": 3},
    "ck_transfer_whole_is_by_bonus": {"source": "bonus"},
    "ck_transfer_held_bonus_is_spent": {"bonus_hold_id": 3},
    "ck_transfer_open_has_bonus": {"bonus_tiyn": 5},
    "ck_return_request_state_known": {"state": "lost", "answered_at": ROWS["entry"][0]["booked_at"]},
    "ck_return_request_answered_when_final": {"state": "accepted"},
    "ck_payment_intent_paid_has_content": {"source": ""},
    "ck_payment_intent_bonus_within": {"spend_bonus_tiyn": 11},
    "ck_bill_payment_amount_above_zero": {"amount_tiyn": -1},
    "ck_bill_payment_bonus_not_negative": {"bonus_tiyn": -1},
    "ck_bill_payment_state_known": {"state": "lost", "finished_at": ROWS["entry"][0]["booked_at"]},
    "ck_bill_payment_finished_when_final": {"state": "done"},
    "ck_bill_payment_source_known": {"source": "sock"},
    "ck_bill_payment_bonus_within": {"spent_bonus_tiyn": 11, "bonus_hold_id": 2},
    "ck_bill_payment_bonus_is_held": {"bonus_hold_id": 2},
    "ck_bill_payment_money_is_held_or_charged": {"hold_id": None},
    "ck_bill_payment_refunded_within": {"refunded_tiyn": 11} | _DONE,
    "ck_bill_payment_refunded_when_done": {"refunded_tiyn": 5},
    "ck_bill_payment_taken_back_within": {"taken_back_tiyn": 1},
    "ck_bill_refund_amount_above_zero": {"amount_tiyn": 0, "to_money_tiyn": 0},
    "ck_bill_refund_parts_not_negative": {"to_bonus_tiyn": -1, "to_money_tiyn": 6},
    "ck_bill_refund_parts_add_up": {"to_money_tiyn": 4},
    "ck_bill_refund_taken_back_not_negative": {"taken_back_tiyn": -1},
    "ck_bill_refund_goes_to_known": {"goes_to": "sock"},
    "ck_difference_kind_known": {"kind": "odd"},
    "ck_difference_by_hand_when_resolved": {"by_hand": True},
}
BREAKS |= goods_rows.BREAKS | listed_rows.BREAKS | loan_rows.BREAKS | shop_rows.BREAKS | order_rows.BREAKS


def test_every_table_has_a_row_here_and_every_check_a_way_to_break_it() -> None:
    ours = {name for name, table in SQLModel.metadata.tables.items() if name != "alembic_version"}
    assert ours == set(ROWS)
    assert set(CHECKS) == set(BREAKS)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_fresh_valid_row_is_taken(connection: sa.Connection, name: str) -> None:
    connection.execute(TABLES[name].insert().values(fresh(TABLES[name])))


@pytest.mark.parametrize("name", sorted(BREAKS))
def test_a_row_that_breaks_a_check_is_refused_by_its_name(connection: sa.Connection, name: str) -> None:
    table, _ = CHECKS[name]
    with pytest.raises(IntegrityError, match=name):
        connection.execute(table.insert().values(fresh(table) | BREAKS[name]))


@pytest.mark.parametrize("name", sorted(UNIQUES))
def test_a_row_with_a_key_that_is_taken_is_refused(connection: sa.Connection, name: str) -> None:
    table, constraint = UNIQUES[name]
    columns = [column.name for column in constraint.columns]
    words = ", ".join(f"{table.name}.{column}" for column in columns) if is_sqlite(connection) else name
    with pytest.raises(IntegrityError, match=re.escape(words)):
        connection.execute(table.insert().values(fresh(table, keep=set(columns))))


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_a_row_that_refers_to_nothing_is_refused(connection: sa.Connection, name: str) -> None:
    table, constraint = REFERENCES[name]
    (column,) = (column.name for column in constraint.columns)
    nothing = "nothing" if isinstance(ROWS[table.name][0][column], str) else 999_999
    words = "FOREIGN KEY constraint failed" if is_sqlite(connection) else name
    row = fresh(table) | COMPANIONS.get((table.name, column), {})
    with pytest.raises(IntegrityError, match=words):
        connection.execute(table.insert().values(row | {column: nothing}))


@pytest.mark.parametrize(
    "name", sorted({element.column.table.name for _, c in REFERENCES.values() for element in c.elements})
)
def test_a_row_that_others_refer_to_is_not_deleted(connection: sa.Connection, name: str) -> None:
    with pytest.raises(IntegrityError):
        connection.exec_driver_sql(f"DELETE FROM {name}")


def test_every_constraint_of_the_models_is_in_the_migrated_database_under_its_name(connection: sa.Connection) -> None:
    if is_sqlite(connection):
        text = "\n".join(row[0] for row in connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql <> ''"))
        there = set(re.findall(r"CONSTRAINT (\w+)", text))
    else:
        there = {row[0] for row in connection.exec_driver_sql("SELECT conname FROM pg_constraint")}
    assert set(CHECKS) | set(UNIQUES) | set(REFERENCES) <= there
    assert all(name.startswith(("ck_", "uq_", "pk_", "fk_")) for name in {*CHECKS, *UNIQUES, *REFERENCES})


def test_every_index_of_the_models_is_in_the_migrated_database(connection: sa.Connection) -> None:
    inspector = sa.inspect(connection)
    there = {index["name"] for name in TABLES for index in inspector.get_indexes(name)}
    assert {index.name for table in TABLES.values() for index in table.indexes} <= there


@on_postgres
def test_every_sum_and_every_id_is_a_bigint_in_postgres(connection: sa.Connection) -> None:
    rows = connection.exec_driver_sql(
        "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    ).all()
    sums = {(table, column): kind for table, column, kind in rows if column.endswith("_tiyn")}
    ids = {(table, column): kind for table, column, kind in rows if column == "id" or column.endswith("_id")}
    assert set(sums) == {(name, c.name) for name, table in TABLES.items() for c in table.c if c.name.endswith("_tiyn")}
    assert set(sums.values()) == {"bigint"}
    assert {at for at, kind in ids.items() if kind not in ("bigint", "character varying")} == set()
    assert ids["posting", "id"] == ids["posting", "debit_account_id"] == ids["kiosk_visit", "txn_id"] == "bigint"


@on_postgres
def test_moments_know_their_zone_in_postgres(connection: sa.Connection) -> None:
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = 'public'"
        " AND (column_name LIKE '%%\\_at' OR column_name IN ('at', 'leased_until'))"
    ).all()
    assert rows == [("timestamp with time zone",)]


def test_every_kind_of_the_chart_can_be_opened(connection: sa.Connection) -> None:
    for number, kind in enumerate(CHART, start=100):
        row = {"id": number, "kind": kind, "owner": "new", "balance_tiyn": 0 if kind in KEPT else None}
        connection.execute(TABLES["account"].insert().values(row))


def test_migrations_make_exactly_the_tables_of_the_models(filled: Bank) -> None:
    url = filled.db.engine.url.render_as_string(hide_password=False)
    config = _config(url)
    config.print_stdout = lambda *_: None  # type: ignore[method-assign]
    config.stdout = io.StringIO()
    command.check(config)


class TestGuards:
    """Entries and postings stay as they were written, whoever asks."""

    @pytest.mark.parametrize("table", ["entry", "posting"])
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE {} SET id = id + 1", "UPDATE {} SET id = id", "DELETE FROM {}", "DELETE FROM {} WHERE id = 1"],
    )
    def test_a_written_row_is_never_changed_or_deleted(
        self, connection: sa.Connection, table: str, statement: str
    ) -> None:
        with pytest.raises(IntegrityError, match=f"{table} rows are never changed"):
            connection.exec_driver_sql(statement.format(table))

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE posting SET amount_tiyn = 1",
            "UPDATE posting SET credit_account_id = 1, debit_account_id = 2",
            "UPDATE entry SET booked_at = '2020-01-01 00:00:00'",
            "UPDATE entry SET key = 'free again'",
        ],
    )
    def test_no_column_of_a_written_row_can_be_changed(self, connection: sa.Connection, statement: str) -> None:
        with pytest.raises(IntegrityError, match="rows are never changed"):
            connection.exec_driver_sql(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT OR REPLACE INTO entry (id, kind, key, subject, booked_at, written_at)"
            " VALUES (1, 'k', 'other', '', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
            "REPLACE INTO entry (kind, key, subject, booked_at, written_at)"
            " VALUES ('k', 'e1', '', '2026-01-01 00:00:00', '2026-01-01 00:00:00')",
            "INSERT OR REPLACE INTO posting (id, entry_id, debit_account_id, credit_account_id, amount_tiyn)"
            " VALUES (1, 1, 1, 2, 999)",
            "UPDATE OR REPLACE entry SET key = 'e2'",
        ],
    )
    @on_sqlite
    def test_replace_does_not_slip_past_the_guards_of_sqlite(self, connection: sa.Connection, statement: str) -> None:
        with pytest.raises(IntegrityError, match="rows are never changed"):
            connection.exec_driver_sql(statement)

    def test_an_upsert_does_not_slip_past_the_guards(self, connection: sa.Connection) -> None:
        with pytest.raises(IntegrityError, match="rows are never changed"):
            connection.exec_driver_sql(
                "INSERT INTO entry (kind, key, subject, booked_at, written_at)"
                " VALUES ('k', 'e1', '', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
                " ON CONFLICT (key) DO UPDATE SET kind = 'other'"
            )

    @pytest.mark.parametrize(
        "statement",
        [
            "TRUNCATE posting",
            "TRUNCATE entry, posting, seal",
            "TRUNCATE entry CASCADE",
            "TRUNCATE posting CASCADE",
            "TRUNCATE account CASCADE",
        ],
    )
    @on_postgres
    def test_truncate_is_refused_in_postgres(self, connection: sa.Connection, statement: str) -> None:
        with pytest.raises(IntegrityError, match="rows are never changed"):
            connection.exec_driver_sql(statement)

    def test_a_refused_change_leaves_the_rest_of_the_callers_work(self, connection: sa.Connection) -> None:
        """The triggers ABORT and never ROLLBACK: what was written before stays the caller's to commit."""
        connection.execute(TABLES["entry"].insert().values(fresh(TABLES["entry"])))
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql("DELETE FROM posting")
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM entry WHERE key = 'e1-2'").scalar_one() == 1
