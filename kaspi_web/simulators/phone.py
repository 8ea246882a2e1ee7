"""The simulated phone's memory: one SQLite file of its own, with one row for each message and one for each number.

A carrier may bring a message twice, because the bank may die between sending and noting it. The message's id is
the key here, so that "never twice" is a rule of this file and not a hope.
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

_SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    message_id INTEGER PRIMARY KEY,
    phone TEXT NOT NULL,
    text TEXT NOT NULL,
    received_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS message_of_phone ON message (phone, message_id);
CREATE TABLE IF NOT EXISTS owner (
    phone TEXT PRIMARY KEY,
    browser TEXT NOT NULL,
    bound_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS owner_browser ON owner (browser);
"""
_PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL")
# Two who make the file at the same moment would refuse each other the change to WAL, without waiting.
_opening = threading.Lock()


@dataclass(frozen=True, slots=True)
class Received:
    """A message as the phone shows it."""

    id: int
    phone: str
    text: str
    received_at: datetime


class PhoneStore:
    """Messages and owners of numbers in `path`; every call opens the file anew, so any thread may call."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def receive(self, message_id: int, phone: str, text: str) -> bool:
        """Keep a message; False when this id came before, and then nothing changes."""
        row = (message_id, phone, text, real_now().isoformat())
        with self._opened() as db:
            return db.execute("INSERT OR IGNORE INTO message VALUES (?, ?, ?, ?)", row).rowcount == 1

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
                "SELECT message_id, phone, text, received_at FROM message JOIN owner USING (phone)"
                " WHERE browser = ? ORDER BY message_id DESC LIMIT ?",
                (browser, most),
            )
            return [Received(number, phone, text, datetime.fromisoformat(at)) for number, phone, text, at in rows]

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
            except BaseException:
                db.close()
                raise
        with contextlib.closing(db):
            yield db
