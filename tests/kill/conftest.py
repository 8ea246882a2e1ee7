"""A house for each database, over the billers' own process; figures are printed when the run is over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.billers import BillerProcess
from tests.kill import figures
from tests.kill.house import House


@pytest.fixture
def new_house(
    request: pytest.FixtureRequest, tmp_path: Path, biller: BillerProcess
) -> Iterator[Callable[[str], House]]:
    """A house over a fresh database of the kind that is named; whatever happens, nothing of it is left running."""
    made: list[House] = []

    def new(database: str) -> House:
        url = request.getfixturevalue(f"{database}_database")
        made.append(House(tmp_path, url, biller_url=biller.url))
        return made[-1]

    yield new
    for each in made:
        each.kill()


@pytest.fixture
def house(new_house: Callable[[str], House]) -> House:
    """A house on SQLite."""
    return new_house("sqlite")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in figures.LINES:
        terminalreporter.write_line(line)
