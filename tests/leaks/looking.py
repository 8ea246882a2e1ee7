"""Looking for what must be nowhere: in logs, in frames, in every byte of every file, and in every value of a database.

A long number is looked for as it is, in groups, and by its first twelve digits. A security code has three digits, which
stand in many a time and number; it counts as found where it stands by itself.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_APART = r"(?<![0-9A-Za-z.:,_+-]){}(?![0-9A-Za-z.:,_%-])"
_DATABASE = ".db"


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that was typed or shown once: its name and its digits."""

    name: str
    digits: str

    @property
    def pattern(self) -> re.Pattern[str]:
        """What it looks like wherever it might have been written."""
        if len(self.digits) < 6:
            return re.compile(_APART.format(self.digits))
        fours = [self.digits[at : at + 4] for at in range(0, len(self.digits), 4)]
        spellings = [self.digits[:12], *(mark.join(fours) for mark in (" ", "-", "\u00a0", "+", "%20"))]
        return re.compile("|".join(map(re.escape, spellings)))


def in_text(where: str, text: str, secrets: list[Secret]) -> Iterator[str]:
    """Each secret that the text holds, with its place."""
    for secret in secrets:
        if secret.pattern.search(text):
            yield f"{secret.name} in {where}"


def in_folder(folder: Path, secrets: list[Secret], *, but: tuple[str, ...] = ()) -> list[str]:
    """Every secret in every file below the folder: long ones in the bytes, all of them in a database's texts.

    `but` are the beginnings of names of files that belong to somebody else.
    """
    found: list[str] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(but)):
        found += _in_bytes(file, secrets)
        if file.suffix == _DATABASE:
            found += _in_values(file, secrets)
    return found


def _in_bytes(file: Path, secrets: list[Secret]) -> Iterator[str]:
    """Deleted rows, the write-ahead log and free pages hold what no query shows."""
    long = [secret for secret in secrets if len(secret.digits) >= 6]
    for code in ("latin-1", "utf-16-le"):
        yield from in_text(f"{file.name} ({code})", file.read_bytes().decode(code, "replace"), long)


def _in_values(file: Path, secrets: list[Secret]) -> Iterator[str]:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            for row in db.execute(f'SELECT * FROM "{table}"'):
                text = "\n".join(str(value) for value in row if isinstance(value, str | bytes))
                yield from in_text(f"{file.name}, table {table}", text, secrets)
