"""A bank that was made before there were cards and services from files: its payments go on as they were promised."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alembic import command
from kaspi_web.commands.migrate import _config
from kaspi_web.domain.bills import billers, outcomes, payments, refunds
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import open_engine
from kaspi_web.kernel.money import ZERO, Money
from tests.databases import empty_postgres, open_bank
from tests.make.ledger import account, assert_clean, balance

NOW = "2026-11-20 12:00:00+00:00"
_BILLER = (
    "INSERT INTO biller (slug, category, name_kk, name_ru, name_en, bin, address, account_pattern, account_example,"
    " bonus_basis_points, minimum_tiyn, maximum_tiyn) VALUES ('almaty-energo', 'electricity', 'А', 'А', 'A',"
    " '060640002371', '/osmp/almaty-energo', '[0-9]{8}', '04512287', 100, 1000, 100000000)"
)
_CUSTOMER = (
    "INSERT INTO customer (id, phone, given_name, family_name, patronymic, born_on, language, password_hash,"
    f" consent_version, consented_at, created_at) VALUES (1, '+77010000001', 'A', 'B', '', '1990-05-01', 'kk', 'x',"
    f" '1', '{NOW}', '{NOW}')"
)
_ACCOUNTS = (
    "INSERT INTO account (id, kind, owner, balance_tiyn) VALUES (1, 'wallet', '1', 1000000), (2, 'bonus', '1', 20000),"
    " (3, 'holds', '', NULL), (4, 'biller_payable', 'almaty-energo', NULL), (5, 'bonus_expense', '', NULL),"
    " (6, 'terminal_network', 'kaspi', NULL)"
)
_ENTRIES = [
    "INSERT INTO entry (id, kind, key, subject, booked_at, written_at)"
    f" VALUES ({number}, '{kind}', '{key}', '', '{NOW}', '{NOW}')"
    for number, kind, key in (
        (1, "topup", "t1"),
        (2, "bill_held", "h1"),
        (3, "bill_paid", "bill_payment:1:paid"),
        (4, "bill_held", "h2"),
    )
]
_POSTINGS = (
    "INSERT INTO posting (id, entry_id, debit_account_id, credit_account_id, amount_tiyn) VALUES (1, 1, 6, 1, 3200000),"
    " (2, 2, 1, 3, 2000000), (3, 3, 3, 4, 2000000), (4, 3, 5, 2, 20000), (5, 4, 1, 3, 200000)"
)
_HOLDS = (
    "INSERT INTO hold (id, account_id, subject, amount_tiyn, captured_tiyn, released_tiyn, created_at) VALUES"
    f" (1, 1, 'h1', 2000000, 2000000, 0, '{NOW}'), (2, 1, 'h2', 200000, 0, 0, '{NOW}')"
)
_PAYMENTS = [
    "INSERT INTO bill_payment (id, txn_id, customer_id, biller, account, amount_tiyn, bonus_tiyn, hold_id, state,"
    " last_word, tries, started_at, due_at, gives_up_at, leased_until, finished_at, biller_txn) VALUES"
    f" ({number}, {number}77, 1, 'almaty-energo', '04512287', {sum_}, {bonus}, {number}, '{state}', '', 0, '{NOW}',"
    f" '{NOW}', '{NOW}', '{NOW}', {finished}, '')"
    for number, sum_, bonus, state, finished in (
        (1, 2_000_000, 20_000, "done", f"'{NOW}'"),
        (2, 200_000, 2_000, "on_way", "NULL"),
    )
]
_INTENTS = [
    "INSERT INTO payment_intent (id, key, customer_id, biller, account, issued_at, expires_at, answered_at, owner_name,"
    " address, debt_tiyn, amount_tiyn, source, confirmed_tiyn, payment_id) VALUES"
    f" ('i{number}', 'k{number}', 1, 'almaty-energo', '04512287', '{NOW}', '{NOW}', '{NOW}', '', '', NULL, {sum_},"
    f" 'wallet', NULL, {number})"
    for number, sum_ in ((1, 2_000_000), (2, 200_000))
]
_OPERATIONS = [
    "INSERT INTO operation (id, receipt, customer_id, kind, subject, counterparty, account, amount_tiyn, bonus_tiyn,"
    f" state, occurred_at, changed_at) VALUES ({number}, 'r{number}', 1, 'bill', 'bill_payment:{number}',"
    f" 'almaty-energo', '04512287', -{sum_}, {bonus}, '{state}', '{NOW}', '{NOW}')"
    for number, sum_, bonus, state in ((1, 2_000_000, 20_000, "done"), (2, 200_000, 2_000, "on_way"))
]
_OLD = [_BILLER, _CUSTOMER, _ACCOUNTS, *_ENTRIES, _POSTINGS, _HOLDS, *_PAYMENTS, *_INTENTS, *_OPERATIONS]


@pytest.fixture(params=["sqlite", "postgres"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bank]:
    """A bank of the second migration with rows in it, brought to the newest shape."""
    if request.param == "sqlite":
        yield from _upgraded(f"sqlite:///{tmp_path / 'bank.db'}", tmp_path)
        return
    with empty_postgres(request.getfixturevalue("postgres_url")) as url:
        yield from _upgraded(url, tmp_path)


def _upgraded(url: str, folder: Path) -> Iterator[Bank]:
    command.upgrade(_config(url), "0002")
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in _OLD:
            connection.exec_driver_sql(_spelt(statement, connection))
        for table in ("account", "entry", "posting", "hold", "bill_payment", "operation", "customer"):
            if connection.dialect.name != "sqlite":
                # The rows above were numbered by hand.
                connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1000)")
    engine.dispose()
    command.upgrade(_config(url), "head")
    with open_bank(url, folder) as bank:
        yield bank


def _spelt(statement: str, connection: sa.Connection) -> str:
    # SQLite keeps moments without a zone.
    return statement.replace("+00:00", ".000000") if connection.dialect.name == "sqlite" else statement


def _refund(bank: Bank, txn: str, amount: Money, **more: Any) -> refunds.RefundView:
    given = {"slug": "almaty-energo", "cancel_id": f"c{txn}", "txn_id": txn, "amount": amount}
    return bank.db.write_now(refunds.refund, **given | more)


def test_a_refund_of_an_old_payment_takes_back_what_its_old_rate_says(upgraded: Bank) -> None:
    made = _refund(upgraded, "177", Money.tenge(1))
    assert (made.to_money, made.taken_back, made.withheld) == (Money.tenge(1), Money(1), ZERO)
    assert balance(upgraded, account(upgraded, "bonus", "1")) == Money(19_999)


def test_a_payment_that_was_on_its_way_is_accepted_with_the_bonus_it_was_promised(upgraded: Bank) -> None:
    upgraded.db.write_now(outcomes.accepted, payment_id=2, biller_txn="9")
    assert upgraded.db.read_now(payments.payment, customer_id=1, payment_id=2).state == "done"
    assert balance(upgraded, account(upgraded, "bonus", "1")) == Money(22_000)
    assert_clean(upgraded)


def test_an_old_service_still_asks_for_its_account(upgraded: Bank) -> None:
    of = upgraded.db.read_now(billers.biller, slug="almaty-energo")
    assert billers.filled({"account": "0451 2287"}, of=of).account == "04512287"


def test_every_guard_and_check_of_the_old_tables_still_stands(upgraded: Bank) -> None:
    for statement in (
        "UPDATE entry SET kind = 'x'",
        "DELETE FROM posting",
        "UPDATE account SET balance_tiyn = -1 WHERE kind = 'wallet'",
        "UPDATE bill_payment SET state = 'nothing'",
        "UPDATE bill_payment SET hold_id = NULL WHERE id = 1",
    ):
        with pytest.raises(sa.exc.IntegrityError), upgraded.db.engine.begin() as connection:
            connection.exec_driver_sql(statement)
