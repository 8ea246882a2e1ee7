"""What a commit shared by many callers needs of the schema, and what the ledger's own deeds do inside one."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import InsufficientFunds, Move
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money
from tests.make.ledger import assert_clean, balance, entries, wallet

TEN = Money.tenge(10)


def send(unit: Unit, one: int, two: int, money: Money, key: str) -> int:
    return ledger.post(unit, kind="test", key=key, moves=[Move(one, two, money)])


def test_triggers_only_abort_because_more_would_throw_away_others_work(sqlite_template: Path) -> None:
    connection = sqlite3.connect(sqlite_template)
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    connection.close()
    raised = {name: re.findall(r"RAISE\s*\(\s*(\w+)", text) for name, text in found.items()}
    assert {"entry_no_update", "posting_no_delete", "seal_no_update"} <= set(raised)
    assert {word for words in raised.values() for word in words} == {"ABORT"}


def test_no_constraint_waits_for_the_commit_in_sqlite(sqlite_template: Path) -> None:
    connection = sqlite3.connect(sqlite_template)
    texts = [text for (text,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    connection.close()
    assert len(texts) > 20
    assert not [text for text in texts if re.search(r"DEFERR|ON CONFLICT ROLLBACK", text, re.IGNORECASE)]


def test_no_constraint_waits_for_the_commit_in_postgres(postgres_database: str) -> None:
    with psycopg.connect(postgres_database.replace("+psycopg", "")) as connection:
        found = connection.execute(
            "SELECT conname, condeferrable FROM pg_constraint WHERE contype IN ('f','u','p','c')"
        )
        rows = found.fetchall()
    assert len(rows) > 20
    assert not [name for name, deferrable in rows if deferrable]


@pytest.mark.parametrize("poison", ["too much", "the same key"])
def test_a_refused_transfer_among_63_good_ones_moves_nothing_and_the_others_move(bank: Bank, poison: str) -> None:
    one, two = wallet(bank, owner="1", money=Money.tenge(1_000)), wallet(bank, owner="2")
    before = entries(bank)

    def good(unit: Unit, number: int) -> int:
        return send(unit, one, two, TEN, f"good:{number}")

    def bad(unit: Unit) -> int:
        send(unit, one, two, TEN, "bad")
        return send(unit, one, two, Money.tenge(2_000) if poison == "too much" else TEN, "bad")

    async def story() -> list[Any]:
        deeds = [bank.db.write(good, number) for number in range(31)]
        deeds += [bank.db.write(bad), *[bank.db.write(good, number) for number in range(31, 63)]]
        return await asyncio.gather(*deeds, return_exceptions=True)

    answers = asyncio.run(story())
    refusal = answers.pop(31)
    assert isinstance(refusal, InsufficientFunds) == (poison == "too much")
    assert isinstance(refusal, Exception)
    assert all(isinstance(each, int) for each in answers)
    assert entries(bank) == before + 63
    assert balance(bank, two) == Money.tenge(630)
    assert_clean(bank)
