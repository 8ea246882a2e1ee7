"""Accounts, money in them, and what a test wants to know of the ledger."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.ledger import seals
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.domain.ledger.guards import FROZEN, FROZEN_SEALS
from kaspi_web.domain.ledger.seal_head import Head, write_head
from kaspi_web.domain.ledger.service import Move
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_numbers = itertools.count(1)


def fresh_key() -> str:
    """A key that no other entry of this process has."""
    return f"test:{next(_numbers)}"


def account(bank: Bank, kind: str = "wallet", owner: str = "") -> int:
    """The id of an account, opened on first use."""
    return bank.db.write_now(ledger.account, kind, owner)


def wallet(bank: Bank, *, owner: str = "1", money: Money | None = None) -> int:
    """A wallet's account, with `money` in it."""
    account_id = account(bank, "wallet", owner)
    if money:
        give(bank, int(owner), money)
    return account_id


def give(bank: Bank, owner: int, money: Money) -> None:
    """Post `money` from a terminal network to the wallet of `owner`."""
    bank.db.write_now(_give, str(owner), money)


def _give(unit: Unit, owner: str, money: Money) -> None:
    move = Move(ledger.account(unit, "terminal_network", "kaspi"), ledger.account(unit, "wallet", owner), money)
    ledger.post(unit, kind="topup", key=fresh_key(), moves=[move])


def post(bank: Bank, *moves: tuple[int, int, Money], **overrides: Any) -> int:
    """Post an entry with these moves (debit, credit, amount)."""
    entry = {"kind": "test", "key": fresh_key(), "moves": [Move(*move) for move in moves]}
    return bank.db.write_now(ledger.post, **(entry | overrides))


def hold(bank: Bank, account_id: int, money: Money, **overrides: Any) -> int:
    """Hold money of an account; answers the hold's id."""
    key = fresh_key()
    usual = {"kind": "test_held", "key": key, "account_id": account_id, "amount": money, "subject": key}
    return bank.db.write_now(ledger.hold, **(usual | overrides))


def capture(bank: Bank, hold_id: int, money: Money, to: int, **overrides: Any) -> int:
    """Capture money of a hold for the account `to`."""
    usual = {"hold_id": hold_id, "amount": money, "to": to, "kind": "test_captured", "key": fresh_key()}
    return bank.db.write_now(ledger.capture, **(usual | overrides))


def release(bank: Bank, hold_id: int, money: Money, **overrides: Any) -> int:
    """Release money of a hold."""
    usual = {"hold_id": hold_id, "amount": money, "kind": "test_released", "key": fresh_key()}
    return bank.db.write_now(ledger.release, **(usual | overrides))


def balance(bank: Bank, account_id: int) -> Money:
    """The account's balance on its normal side."""
    return bank.db.read_now(ledger.balance, account_id)


def sql(bank: Bank, statement: str, **params: Any) -> Any:
    """Run SQL as somebody with the database's password would."""
    return bank.db.write_now(_run, statement, **params)


def _run(unit: Unit, statement: str, **params: Any) -> Any:
    result = unit.sql(text(statement), **params)
    return result.all() if result.returns_rows else result.rowcount


def moved(bank: Bank) -> dict[str, Any]:
    """All that money has left behind: equal before and after means that nothing was moved or noted."""
    statements = {
        "accounts": "SELECT id, balance_tiyn FROM account WHERE balance_tiyn <> 0 ORDER BY id",
        "entries": "SELECT COUNT(*) FROM entry",
        "postings": "SELECT COUNT(*), SUM(amount_tiyn) FROM posting",
        "holds": "SELECT id, amount_tiyn, captured_tiyn, released_tiyn FROM hold ORDER BY id",
        "topups": "SELECT id, state, amount_tiyn FROM topup ORDER BY id",
        "payments": "SELECT id, state, amount_tiyn FROM bill_payment ORDER BY id",
        "operations": "SELECT id, state FROM operation ORDER BY id",
        "messages": "SELECT COUNT(*) FROM sms_message",
    }
    return {name: [tuple(row) for row in sql(bank, statement)] for name, statement in statements.items()}


def entries(bank: Bank, kind: str | None = None) -> int:
    """How many entries there are, of a kind or in all."""
    where = "WHERE kind = :kind" if kind else ""
    params = {"kind": kind} if kind else {}
    return sql(bank, f"SELECT COUNT(*) FROM entry {where}", **params)[0][0]


def sealed(bank: Bank) -> int:
    """Seal every committed entry, as the worker does; answers how many."""
    count = 0
    while links := seals.chain(bank.keys, bank.db.read_now(seals.look, above=0)):
        with contextlib.suppress(IntegrityError):
            # Another may have been first; then the head is theirs to write.
            if bank.db.write_now(seals.append, links=links):
                count += len(links)
                write_head(bank.settings.data_dir, Head(links[-1].position, links[-1].digest, bank.keys.chain_name()))
    return count


def tamper(bank: Bank, *statements: str) -> None:
    """Change what may not be changed, as somebody with the file or the server's own password would."""
    if bank.db.engine.dialect.name == "sqlite":
        _tamper_sqlite(str(bank.db.engine.url.database), statements)
        return
    url = bank.db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement.encode()).rowcount > 0, statement


def _tamper_sqlite(path: str, statements: tuple[str, ...]) -> None:
    guards = [f"{table}_no_{deed}" for table in FROZEN + FROZEN_SEALS for deed in ("update", "delete")]
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = [(words,) for name, words in found if name in guards]
        for guard in guards:
            connection.execute(f"DROP TRIGGER {guard}")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        for (guard,) in kept:
            connection.execute(guard)


def assert_clean(bank: Bank) -> None:
    """The audit finds nothing, once the entries are sealed: a test may have moved real time, and has no worker."""
    sealed(bank)
    report = run_audit(bank)
    assert report.is_clean, "\n".join(report.lines())
