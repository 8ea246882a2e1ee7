"""One server for one data folder: SQLite has one writer, and what was told goes round inside one process.

The lock is the operating system's, so it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from kaspi_web.settings import Settings


class AlreadyServed(Exception):
    """Another server works on the same database."""


def lock_path(settings: Settings) -> Path:
    """`bank.lock` beside the bank's file, or in the data folder when the database is a server."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).resolve().with_suffix(".lock")
    return settings.data_dir / "bank.lock"


@contextmanager
def serving_alone(settings: Settings) -> Iterator[None]:
    """Hold the lock inside; raises AlreadyServed when another server has it."""
    path = lock_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(f"another server holds {path}") from None
        yield


def is_served(settings: Settings) -> bool:
    """Whether a server holds the lock at this moment."""
    if not lock_path(settings).exists():
        return False
    try:
        with serving_alone(settings):
            return False
    except AlreadyServed:
        return True
