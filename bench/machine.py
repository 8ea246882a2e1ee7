"""Facts of the machine that figures depend on. No names of hosts and no paths: results are published."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

_PAGE = b"\0" * 4096
_PACKAGES = ("sqlalchemy", "psycopg", "reflex", "granian", "uvloop", "Django", "django-hordak")
_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")


def facts(folder: Path, server: str) -> dict[str, Any]:
    """What there is to say of the machine, of `folder`'s disk and of the PostgreSQL server."""
    with psycopg.connect(server) as connection:
        named = {name: _shown(connection, name) for name in ("server_version", *_SETTINGS)}
    return {
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "model": _model(),
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": named.pop("server_version").split()[0],
        "postgresql settings": ", ".join(f"{name}={value}" for name, value in named.items()),
        "sqlite settings": "journal_mode=WAL, synchronous=FULL, foreign_keys=ON",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "fsync ms": round(fsync_ms(folder), 3),
        "load before": round(os.getloadavg()[0], 2),
    }


def _shown(connection: psycopg.Connection[Any], name: str) -> str:
    row = connection.execute("SELECT current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return row[0]


def _model() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def fsync_ms(folder: Path, times: int = 200) -> float:
    """The median time of writing 4 KiB and waiting for the disk, in milliseconds."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(_PAGE)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000
