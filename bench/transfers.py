"""The same checked, durable transfer three ways: the product's own verb, a bare sqlite3 loop, bare psycopg."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import uvloop

from bench.measure import AMOUNT_TIYN, Round, Transfer, loop_of_tasks, loop_of_threads, transfers
from bench.stage import checked
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit, prepared
from kaspi_web.kernel.money import Money

_DONE = prepared("SELECT id FROM entry WHERE key = ?")


def transfer(unit: Unit, asked: Transfer) -> int:
    """The deed that is measured, as a street would write it: once for a key, through the ledger's real verb."""
    done = unit.run(_DONE, asked.key).fetchone()
    if done is not None:
        return done[0]
    move = Move(asked.debit, asked.credit, Money(AMOUNT_TIYN))
    return ledger.post(unit, kind="transfer", key=asked.key, moves=[move])


def ours(bank: Bank, accounts: Sequence[int], *, callers: int, seconds: float) -> Round:
    """So many callers of one event loop, as the server has, through `bank.db.write`."""
    fresh = transfers(accounts)

    async def deed(asked: Transfer) -> None:
        await bank.db.write(transfer, asked)

    async def run() -> Round:
        return await loop_of_tasks(deed, fresh, callers=callers, seconds=seconds)

    return checked(bank, lambda: uvloop.run(run()))


_DOWN = "UPDATE account SET balance_tiyn = balance_tiyn - {p} WHERE id = {p} AND balance_tiyn - {p} >= 0"
_UP = "UPDATE account SET balance_tiyn = balance_tiyn + {p} WHERE id = {p}"
_ENTRY = (
    "INSERT INTO entry (kind, key, subject, booked_at, written_at) VALUES ('transfer', {p}, '', {p}, {p}) RETURNING id"
)
_POSTING = (
    "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn) VALUES ({p}, {p}, {p}, {p})"
)


class _Statements:
    """The four statements, with a driver's own mark for a parameter."""

    def __init__(self, mark: str) -> None:
        self.down, self.up, self.entry, self.posting = (each.format(p=mark) for each in (_DOWN, _UP, _ENTRY, _POSTING))

    def run(self, connection: Any, asked: Transfer, now: Any) -> None:
        """Check and move both balances, in the order of their ids, and write what was done."""
        take = (self.down, (AMOUNT_TIYN, asked.debit, AMOUNT_TIYN))
        give = (self.up, (AMOUNT_TIYN, asked.credit))
        for statement, params in (take, give) if asked.debit < asked.credit else (give, take):
            assert connection.execute(statement, params).rowcount == 1, "the wallets are full"
        (entry,) = connection.execute(self.entry, (asked.key, now, now)).fetchone()
        connection.execute(self.posting, (entry, asked.debit, asked.credit, AMOUNT_TIYN))


_SQLITE, _POSTGRES = _Statements("?"), _Statements("%s")


def bare_sqlite(bank: Bank, accounts: Sequence[int], *, seconds: float) -> Round:
    """One connection of the sqlite3 module with the product's pragmas; BEGIN IMMEDIATE and COMMIT for each transfer."""
    path = bank.db.engine.url.database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None, timeout=5)) as connection:
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "recursive_triggers=ON"):
            connection.execute(f"PRAGMA {pragma}")

        def deed(asked: Transfer) -> None:
            connection.execute("BEGIN IMMEDIATE")
            _SQLITE.run(connection, asked, str(datetime.now(UTC).replace(tzinfo=None)))
            connection.execute("COMMIT")

        return checked(bank, lambda: _alone(deed, accounts, seconds))


def _alone(deed: Callable[[Transfer], object], accounts: Sequence[int], seconds: float) -> Round:
    # A task that never waits: the loop itself, in this very thread.
    async def at_once(asked: Transfer) -> None:
        deed(asked)

    return uvloop.run(loop_of_tasks(at_once, transfers(accounts), callers=1, seconds=seconds))


def bare_postgres(bank: Bank, accounts: Sequence[int], *, callers: int, seconds: float) -> Round:
    """A thread and a connection of psycopg for each caller, one transaction for each transfer."""
    with _connections(bank, callers) as connections:
        deeds = [_deed(connection) for connection in connections]
        return checked(bank, lambda: loop_of_threads(deeds, transfers(accounts), seconds))


def _deed(connection: psycopg.Connection[Any]) -> Callable[[Transfer], None]:
    def deed(asked: Transfer) -> None:
        _POSTGRES.run(connection, asked, datetime.now(UTC))
        connection.commit()

    return deed


@contextmanager
def _connections(bank: Bank, many: int) -> Iterator[list[psycopg.Connection[Any]]]:
    url = bank.db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with ExitStack() as stack:
        yield [stack.enter_context(psycopg.connect(url)) for _ in range(many)]
