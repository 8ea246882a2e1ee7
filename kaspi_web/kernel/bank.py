"""One bank, passed down: everything that a deed, a screen or a worker may need of its surroundings.

There is no module-level engine, clock or key, so that several banks can live in one process: a test's,
or a demo visitor's.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.kernel.clock import Clock
from kaspi_web.kernel.database import Database
from kaspi_web.kernel.faults import Faults
from kaspi_web.kernel.keys import Keys
from kaspi_web.kernel.news import News
from kaspi_web.settings import Settings


@dataclass(frozen=True, slots=True)
class Bank:
    """A running bank: its settings, database, clock, keys, news and planned faults."""

    settings: Settings
    db: Database
    clock: Clock
    keys: Keys
    news: News
    faults: Faults

    @classmethod
    def open(cls, settings: Settings) -> Bank:
        """The bank of these settings; its database must be migrated already."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        clock, news, faults = Clock(), News(), Faults(settings.faults)
        keys = Keys.in_folder(settings.data_dir / "keys", chain_key=settings.seal_key)
        db = Database(settings.database, clock=clock, keys=keys, news=news, faults=faults)
        return cls(settings, db, clock, keys, news, faults)

    def close(self) -> None:
        """End running work and release what is held."""
        self.db.close()
