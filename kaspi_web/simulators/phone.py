"""The simulated phone's memory: one SQLite file of its own, with one row for each message and one for each number.

A carrier may bring a message twice, because whoever sends it may die between sending and noting it. The sender and
its own id of the message are the key here, so that "never twice" is a rule of this file and not a hope.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kaspi_web.kernel.clock import real_now

BANK = ""
"""The sender whose messages carry no name on the phone."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS arrival (
    number INTEGER PRIMARY KEY,
    sender TEXT NOT NULL,
    message_id TEXT NOT NULL,
    phone TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at TEXT NOT NULL,
    UNIQUE (sender, message_id)
) STRICT;
CREATE INDEX IF NOT EXISTS arrival_of_phone ON arrival (phone, number);
CREATE TABLE IF NOT EXISTS owner (
    phone TEXT PRIMARY KEY,
    browser TEXT NOT NULL,
    bound_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS owner_browser ON owner (browser);
"""
_HAS_OLD = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'message'"
_MOVE_OLD = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS message (message_id INTEGER PRIMARY KEY, phone TEXT, text TEXT, received_at TEXT);
INSERT OR IGNORE INTO arrival (sender, message_id, phone, text, received_at)
    SELECT '', CAST(message_id AS TEXT), phone, text, received_at FROM message ORDER BY message_id;
DROP TABLE message;
COMMIT;
"""
"""Files of the first release knew one sender only; made again empty when somebody else has just moved them."""
_PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL")
# Two who make the file at the same moment would refuse each other the change to WAL, without waiting.
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Received:
    """A message as the phone shows it; `id` counts arrivals, `sender` is empty for the bank."""

    id: int
    sender: str
    phone: str
    text: str
    received_at: datetime


class PhoneStore:
    """Messages and owners of numbers in `path`; every call opens the file anew, so any thread may call."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def receive(self, message_id: int | str, phone: str, text: str, *, sender: str = BANK) -> bool:
        """Keep a message; False when this id of this sender came before, and then nothing changes."""
        row = (sender, str(message_id), phone, text, real_now().isoformat())
        with self._opened() as db:
            return db.execute("INSERT OR IGNORE INTO arrival VALUES (NULL, ?, ?, ?, ?, ?)", row).rowcount == 1

    def bind(self, phone: str, browser: str) -> bool:
        """Give a number to the browser that asks first; False when it is somebody's already."""
        with self._opened() as db:
            row = (phone, browser, real_now().isoformat())
            return db.execute("INSERT OR IGNORE INTO owner VALUES (?, ?, ?)", row).rowcount == 1

    def numbers(self, browser: str) -> list[str]:
        """The numbers of a browser, the oldest first."""
        with self._opened() as db:
            rows = db.execute("SELECT phone FROM owner WHERE browser = ? ORDER BY bound_at, phone", (browser,))
            return [phone for (phone,) in rows]

    def inbox(self, browser: str, *, most: int = 20) -> list[Received]:
        """The last messages to the numbers of a browser, newest first."""
        with self._opened() as db:
            rows = db.execute(
                "SELECT number, sender, phone, text, received_at FROM arrival JOIN owner USING (phone)"
                " WHERE browser = ? ORDER BY number DESC LIMIT ?",
                (browser, most),
            )
            return [Received(*row, received_at=datetime.fromisoformat(at)) for *row, at in rows]

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one call; each statement is a transaction of its own."""
        with _opening:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self._path, isolation_level=None)
            try:
                for pragma in _PRAGMAS:
                    db.execute(f"PRAGMA {pragma}")
                db.executescript(_SCHEMA)
                if db.execute(_HAS_OLD).fetchone():
                    db.executescript(_MOVE_OLD)
            except BaseException:
                db.close()
                raise
        with contextlib.closing(db):
            yield db
