"""The simulated phone: browsers that it knows, numbers they own, and what it has received."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from kaspi_web.domain.sessions.service import digest_of, new_cookie
from kaspi_web.kernel.bank import Bank
from kaspi_web.simulators.phone import PhoneStore


def phone_file(bank: Bank) -> Path:
    """The database file of the simulated phone, apart from the bank's."""
    return bank.settings.data_dir / "phone.db"


def browser(bank: Bank, *numbers: str) -> str:
    """The Cookie header of a browser that was the first to ask for codes for these numbers."""
    name = new_cookie()
    for number in numbers:
        assert PhoneStore(phone_file(bank)).bind(number, digest_of(name))
    return f"phone={name}"


def numbers_of(bank: Bank, cookie: str) -> list[str]:
    """The numbers of the browser with this Cookie header."""
    return PhoneStore(phone_file(bank)).numbers(digest_of(cookie.removeprefix("phone=")))


def owners(bank: Bank) -> int:
    """How many numbers have a browser."""
    return _rows(phone_file(bank), "SELECT COUNT(*) FROM owner")[0][0] if phone_file(bank).exists() else 0


def received(bank: Bank, phone: str | None = None) -> list[str]:
    """Texts that came for a number, or for all, newest first; whoever may see them."""
    return arrived(phone_file(bank), phone)


def arrived(file: Path, phone: str | None = None) -> list[str]:
    """The same of a phone's own file."""
    if not file.exists():
        return []
    rows = _rows(file, "SELECT phone, text FROM arrival ORDER BY number DESC")
    return [text for number, text in rows if phone in (None, number)]


def _rows(path: Path, statement: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute(statement).fetchall()
