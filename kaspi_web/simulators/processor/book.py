"""What the processor remembers: one SQLite file with tokens, charges, refunds, payouts, challenges and texts.

Every call is one transaction, and calls may come from any thread. Card numbers and security codes are not here.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kaspi_web.kernel.money import Money

_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY CHECK (id = 1), hex TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS proved (token TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS charge (
    key TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    amount_tiyn INTEGER NOT NULL CHECK (amount_tiyn >= 0),
    state TEXT NOT NULL CHECK (state IN ('challenge', 'authorised', 'captured', 'voided', 'declined')),
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS charge_of_card ON charge (token);
CREATE TABLE IF NOT EXISTS movement (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('refund', 'payout')),
    about TEXT NOT NULL,
    token TEXT NOT NULL,
    amount_tiyn INTEGER NOT NULL CHECK (amount_tiyn > 0),
    state TEXT NOT NULL CHECK (state IN ('done', 'declined')),
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS movement_of_card ON movement (token);
CREATE TABLE IF NOT EXISTS challenge (
    key TEXT PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('link', 'charge')),
    token TEXT NOT NULL,
    phone TEXT NOT NULL,
    words TEXT NOT NULL,
    code TEXT NOT NULL,
    wrong INTEGER NOT NULL DEFAULT 0,
    texts INTEGER NOT NULL DEFAULT 0,
    ends_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'passed', 'failed')),
    reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE IF NOT EXISTS text (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    phone TEXT NOT NULL,
    words TEXT NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    sent INTEGER NOT NULL DEFAULT 0
) STRICT;
"""

Row = sqlite3.Row


def now_ms() -> int:
    """Real time, in milliseconds."""
    return time.time_ns() // 1_000_000


class Book:
    """The file at `path`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_hex(32),))
        self._secret = bytes.fromhex(self._db.execute("SELECT hex FROM secret").fetchone()[0])

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def token_of(self, number: str) -> str:
        """The token of a number: the same each time, and nothing can be told from it."""
        return "tok_" + hmac.new(self._secret, number.encode(), hashlib.sha256).hexdigest()[:40]

    @contextlib.contextmanager
    def deed(self) -> Iterator[None]:
        """One transaction, for whoever reads before writing; deeds follow one another."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def one(self, query: str, *values: Any) -> Row | None:
        """The first row of a query."""
        with self._lock:
            return self._db.execute(query, values).fetchone()

    def run(self, statement: str, *values: Any) -> int:
        """Change something; answers how many rows."""
        with self._lock:
            return self._db.execute(statement, values).rowcount

    def spent(self, token: str) -> Money:
        """What the card has paid or promised, less what came back and what was paid in."""
        with self._lock:
            (out,) = self._db.execute(
                "SELECT coalesce(sum(amount_tiyn), 0) FROM charge WHERE token = ?"
                " AND state IN ('challenge', 'authorised', 'captured')",
                (token,),
            ).fetchone()
            (back,) = self._db.execute(
                "SELECT coalesce(sum(amount_tiyn), 0) FROM movement WHERE token = ? AND state = 'done'", (token,)
            ).fetchone()
        return Money(out - back)

    def unsent(self) -> list[Row]:
        """Texts that no carrier has taken yet, while they are still of use."""
        with self._lock:
            rows = "SELECT id, phone, words FROM text WHERE sent = 0 AND ends_at_ms > ? ORDER BY id LIMIT 20"
            return self._db.execute(rows, (now_ms(),)).fetchall()

    def forget(self) -> None:
        """Start anew, as for another demo; tokens stay what they are."""
        with self.deed():
            for table in ("proved", "charge", "movement", "challenge", "text"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608  words of this line
