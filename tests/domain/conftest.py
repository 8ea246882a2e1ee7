"""Banks of these tests have the demo's billers and terminals; `watch` moves real time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank
from tests.databases import open_bank
from tests.make.moments import Watch


@pytest.fixture
def sqlite_bank(sqlite_database: str, tmp_path: Path, bank_settings: dict[str, Any]) -> Iterator[Bank]:
    """For what is asked of SQLite's own file and words."""
    with open_bank(sqlite_database, tmp_path, **bank_settings) as opened:
        demo_data.load(opened)
        yield opened


@pytest.fixture
def bank(any_bank: Bank) -> Bank:
    """Every deed of the bank is tried on both databases."""
    return any_bank


@pytest.fixture
def any_bank(any_bank: Bank) -> Bank:
    demo_data.load(any_bank)
    return any_bank


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)
