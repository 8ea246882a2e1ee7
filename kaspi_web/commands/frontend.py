"""The built front end: made once, and again only when something that it is made of has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from kaspi_web.settings import ROOT, Settings

WEB = ROOT / ".web"
STAMP = WEB / "built-from"
"""Holds the fingerprint of what the build beside it was made of."""
LOG = ROOT / ".reflex" / "build.log"
_FOLDERS = ("kaspi_web/ui", "kaspi_web/i18n", "kaspi_web/kernel", "assets")
_FILES = (
    "kaspi_web/kaspi_web.py",
    "kaspi_web/settings.py",
    "kaspi_web/locales.py",
    # Its notes are keys on the screen of the kiosk.
    "kaspi_web/domain/terminals/kiosk.py",
    # Widths of pictures, and the cities of buyers.
    "kaspi_web/papers/showcase.py",
    "kaspi_web/domain/checkout/fetching.py",
    "rxconfig.py",
    "requirements.txt",
)
_LAST_LINES = 30


class BuildFailed(Exception):
    """The front end could not be built; holds the end of what the build printed."""


def is_current(settings: Settings) -> bool:
    """Whether the build at hand was made of what is in the tree now."""
    return _is_built() and STAMP.exists() and STAMP.read_text() == f"{_made_of(settings)} {_lock()}"


def build(settings: Settings) -> None:
    """Build the front end; raises BuildFailed."""
    # Taken before the build: what is edited meanwhile belongs to the next one. The lock is written by the build.
    sources = _made_of(settings)
    STAMP.unlink(missing_ok=True)
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as out:
        words = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
        done = subprocess.run(words, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if done.returncode or not _is_built():
        lines = LOG.read_text(errors="replace").splitlines()
        raise BuildFailed("\n".join(lines[-_LAST_LINES:]))
    STAMP.write_text(f"{sources} {_lock()}")


def _is_built() -> bool:
    return (WEB / "build" / "client" / "404.html").exists() and (WEB / "backend").exists()


def _made_of(settings: Settings) -> str:
    files = [ROOT / name for name in _FILES]
    for folder in _FOLDERS:
        files += sorted(path for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc")
    # The kiosk and the simulated phone are built into a demo only.
    return _digest(files, f"{settings.brand} demo={settings.demo}")


def _lock() -> str:
    return _digest(sorted((ROOT / "reflex.lock").glob("*")))


def _digest(files: Iterable[Path], salt: str = "") -> str:
    digest = hashlib.sha256(salt.encode())
    for path in files:
        if path.is_file():
            name = os.fsencode(path.relative_to(ROOT))
            digest.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
