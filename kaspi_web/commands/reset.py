"""The word `reset`: an empty bank again."""

from __future__ import annotations

import sys

from kaspi_web.commands.ports import is_busy
from kaspi_web.domain.ledger import seal_head
from kaspi_web.kernel.serving import is_served
from kaspi_web.settings import Settings

_GONE = ("*.db", "*.db-wal", "*.db-shm")


def reset(settings: Settings, sure: bool) -> int:
    """Delete the databases of the data folder and the head of their seals; keys stay.

    Refused without `sure` and while the product runs.
    """
    found = sorted(path for end in _GONE for path in settings.data_dir.glob(end))
    head = settings.data_dir / seal_head.NAME
    if head.exists() and settings.database == f"sqlite:///{settings.data_dir / 'bank.db'}":
        # It tells where the chain of this very ledger ended. That of a database elsewhere is still needed.
        found.append(head)
    if not found:
        print(f"No database in {settings.data_dir}.")
        return 0
    if not sure:
        print("This would delete, for good:", *found, "Say --yes to do it.", sep="\n  ", file=sys.stderr)
        return 1
    if is_served(settings):
        print(f"A server works in {settings.data_dir}; stop it first.", file=sys.stderr)
        return 1
    if is_busy(settings.host, settings.port):
        print(f"Something answers on port {settings.port}; stop it first.", file=sys.stderr)
        return 1
    for path in found:
        path.unlink()
        print(f"Deleted {path}.")
    return 0
