"""The register's book: one SQLite file, one row for each person, one card for each request."""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kaspi_web.kernel import iin
from kaspi_web.kernel.clock import real_now
from kaspi_web.simulators.register.sexes import sex_of

_SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
    number INTEGER PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    iin TEXT NOT NULL UNIQUE,
    phone TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    patronymic TEXT NOT NULL,
    born_on TEXT NOT NULL,
    issued_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS person_of_phone ON person (phone, number);
"""
_PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL")
_SERIALS = 10_000
_COLUMNS = "iin, given_name, family_name, patronymic, born_on"


class Full(Exception):
    """More people of this day and sex than numbers."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks for a card; `reference` names the request, so that repeating it issues nothing more."""

    reference: str
    phone: str
    given_name: str
    family_name: str
    patronymic: str
    born_on: date


@dataclass(frozen=True, slots=True)
class Card:
    """What the register knows of a person."""

    iin: str
    given_name: str
    family_name: str
    patronymic: str
    born_on: str


class Book:
    """People in `path`; any thread may call, one at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._turn = threading.Lock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in _PRAGMAS:
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def issue(self, asked: Applicant) -> None:
        """Issue a card, unless this reference has one; raises Full."""
        with self._writing() as db:
            if db.execute("SELECT 1 FROM person WHERE reference = ?", (asked.reference,)).fetchone():
                return
            names = (asked.given_name, asked.family_name, asked.patronymic)
            row = (asked.reference, self._free(asked), asked.phone, *names, asked.born_on.isoformat())
            db.execute("INSERT INTO person VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)", (*row, real_now().isoformat()))

    def _free(self, asked: Applicant) -> str:
        """A number that nobody has; the serial is drawn, so that one person's does not tell the next one's."""
        sex = sex_of(asked.given_name, asked.family_name, asked.patronymic)
        beginning, first = iin.prefix(asked.born_on, sex), secrets.randbelow(_SERIALS)
        for step in range(_SERIALS):
            eleven = f"{beginning}{(first + step) % _SERIALS:04d}"
            last = iin.check_digit(eleven)
            if last is not None and not self._is_taken(f"{eleven}{last}"):
                return f"{eleven}{last}"
        raise Full

    def _is_taken(self, number: str) -> bool:
        return self._db.execute("SELECT 1 FROM person WHERE iin = ?", (number,)).fetchone() is not None

    def find(self, number: str) -> Card | None:
        """Whose number it is."""
        with self._turn:
            found = self._db.execute(f"SELECT {_COLUMNS} FROM person WHERE iin = ?", (number,)).fetchone()  # noqa: S608
        return Card(*found) if found else None

    def of_phone(self, phone: str) -> list[Card]:
        """The cards that were issued for a phone, newest first."""
        asked = f"SELECT {_COLUMNS} FROM person WHERE phone = ? ORDER BY number DESC LIMIT 10"  # noqa: S608
        with self._turn:
            return [Card(*row) for row in self._db.execute(asked, (phone,))]

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
