"""The field of a race, on both databases, and the figures that are printed when all are over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank
from tests.races.crowd import Crowd, waiting_crowd
from tests.races.field import Field, Figures

_figures: list[Figures] = []


@pytest.fixture(scope="session")
def crowd() -> Iterator[Crowd]:
    """Four processes for the session; each opens a bank of its own for every race."""
    with waiting_crowd() as crowd:
        yield crowd


@pytest.fixture
def field(any_bank: Bank, request: pytest.FixtureRequest) -> Iterator[Field]:
    """A bank to race in; in the end its books are true, and the figures are kept."""
    demo_data.load(any_bank)
    crowd = request.getfixturevalue("crowd") if any_bank.db.engine.dialect.name == "postgresql" else None
    field = Field(any_bank, crowd)
    yield field
    name = request.node.originalname.removeprefix("test_").replace("_", " ")
    _figures.append(field.figures(name))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what each race was like."""
    if not _figures:
        return
    terminalreporter.section("races")
    terminalreporter.write_line(Figures.HEAD)
    for each in sorted(_figures, key=lambda figures: figures.database):
        terminalreporter.write_line(each.line())
    callers = Counter[str]()
    for each in _figures:
        callers[each.database] += each.callers
    terminalreporter.write_line("calls in all: " + ", ".join(f"{name} {count}" for name, count in callers.items()))
