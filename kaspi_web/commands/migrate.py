"""The shape of the database: bringing it up to date, and checking that no table was forgotten."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.config import Config
from alembic.util import CommandError

from alembic import command
from kaspi_web.settings import ROOT, Settings


def upgrade(url: str) -> None:
    """Bring the database at `url` to the newest shape; does nothing when it has it."""
    command.upgrade(_config(url), "head")


def migrate(settings: Settings) -> int:
    """The word `migrate`."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)
    return 0


def check() -> int:
    """The word `check-migrations`: on an empty database, the migrations must make exactly the tables of the models."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bank.db'}"
        upgrade(url)
        try:
            command.check(_config(url))
        except CommandError as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _config(url: str) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "alembic"))
    # Alembic reads % as the start of a variable; passwords in addresses are percent-encoded.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
