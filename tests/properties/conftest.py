"""A processor whose book can be read, and what the stories were made of, printed when they have been told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.processor import ProcessorProcess, running_processor

_figures: dict[str, Counter[str]] = {}


@pytest.fixture(scope="session")
def processor_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the simulated processor of these tests."""
    return tmp_path_factory.mktemp("processor") / "processor.db"


@pytest.fixture(scope="session")
def processor_process(processor_book: Path) -> Iterator[ProcessorProcess]:
    """The simulated card processor over that file."""
    with running_processor(processor_book.parent) as running:
        yield running


@pytest.fixture
def figures() -> dict[str, Counter[str]]:
    """Where a test leaves what has happened, by database."""
    return _figures


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how often each thing has happened."""
    if not _figures:
        return
    terminalreporter.section("random stories")
    names = sorted(set().union(*_figures.values()))
    terminalreporter.write_line(f"{'':<50}" + "".join(f"{database:>12}" for database in _figures))
    for name in names:
        terminalreporter.write_line(f"{name:<50}" + "".join(f"{seen[name]:>12}" for seen in _figures.values()))
