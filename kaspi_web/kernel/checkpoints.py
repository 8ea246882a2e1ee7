"""Carrying SQLite's write-ahead log over into the file, beside the writer and not in its way.

By itself SQLite does it inside every so many commits, and whoever commits then waits for it: the longer the
history, the more pages. Here a thread of its own does it once a second.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import sqlalchemy as sa

log = logging.getLogger(__name__)

EVERY_S = 1.0
MOST_PAGES = 16_000
"""A longer log (64 MB) is begun anew, for which the writer is stopped for a moment."""
BACKSTOP = "PRAGMA wal_autocheckpoint=50000"
"""The writer's own checkpoint, should this thread ever be stuck."""


class Checkpoints:
    """The thread that does it, over a connection of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; what is left in the log stays there, which is as safe."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            try:
                carry_over(self._engine)
            except Exception as trouble:
                # The log only grows meanwhile, and the writer's own backstop bounds it.
                log.warning("a checkpoint failed: %s", type(trouble).__name__)


def carry_over(engine: sa.Engine) -> int:
    """One checkpoint that stops nobody, and another that begins a long log anew; answers the log's pages."""
    connection = engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        _, pages, _ = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if pages > MOST_PAGES:
            driver.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        return pages
    finally:
        connection.close()
