"""What tests may ask for: a fresh bank on SQLite or on both databases, a PostgreSQL server, the simulated billers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.billers import BillerProcess, running_biller
from tests.processor import ProcessorProcess, running_processor, share_keys
from tests.register import RegisterProcess, running_register

if TYPE_CHECKING:
    from kaspi_web.kernel.bank import Bank

# tests.databases is imported inside: tests of the kernel and the simulators need neither PostgreSQL nor migrations.


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The libpq address of a PostgreSQL server that lives as long as the session."""
    from tests.databases import running_postgres

    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The server's libpq address, once it has a migrated template."""
    from tests.databases import make_postgres_template

    make_postgres_template(postgres_url)
    return postgres_url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    from tests.databases import make_sqlite_template

    path = tmp_path_factory.mktemp("template") / "bank.db"
    make_sqlite_template(path)
    return path


@pytest.fixture
def postgres_database(postgres_template: str) -> Iterator[str]:
    """The SQLAlchemy address of a fresh, migrated PostgreSQL database."""
    from tests.databases import postgres_copy

    with postgres_copy(postgres_template) as url:
        yield url


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    """The SQLAlchemy address of a fresh, migrated SQLite file."""
    from tests.databases import sqlite_copy

    return sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def bank_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings that differ from the usual; a test file overrides this fixture to have its own.

    A test that asks for `biller`, `processor` or `register` too gets a bank that knows its address.
    """
    outside = [name for name in ("biller", "processor", "register") if name in request.fixturenames]
    return {f"{name}_url": request.getfixturevalue(name).url for name in outside}


@pytest.fixture
def bank(sqlite_database: str, tmp_path: Path, bank_settings: dict[str, Any]) -> Iterator[Bank]:
    """A fresh bank on SQLite."""
    from tests.databases import open_bank

    with open_bank(sqlite_database, tmp_path, **bank_settings) as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgres"])
def any_bank(request: pytest.FixtureRequest, tmp_path: Path, bank_settings: dict[str, Any]) -> Iterator[Bank]:
    """A fresh bank, once on each database."""
    from tests.databases import open_bank

    url = request.getfixturevalue(f"{request.param}_database")
    with open_bank(url, tmp_path, **bank_settings) as opened:
        yield opened


@pytest.fixture(scope="session")
def biller_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BillerProcess]:
    """The simulated billers, one process for the session."""
    with running_biller(tmp_path_factory.mktemp("biller")) as running:
        yield running


@pytest.fixture
def biller(biller_process: BillerProcess) -> Iterator[BillerProcess]:
    """The simulated billers with no faults and no payments, so that a fresh bank may number from 1 again."""
    biller_process.reset()
    yield biller_process
    biller_process.clear()


@pytest.fixture(scope="session")
def processor_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessorProcess]:
    """The simulated card processor, one process for the session."""
    with running_processor(tmp_path_factory.mktemp("processor")) as running:
        yield running


@pytest.fixture
def processor(processor_process: ProcessorProcess, tmp_path: Path) -> Iterator[ProcessorProcess]:
    """The simulated card processor with full cards, no faults and no texts.

    It knows the bank that is opened in the test's own folder.
    """
    share_keys(tmp_path / "keys")
    processor_process.reset()
    yield processor_process
    processor_process.clear()


@pytest.fixture
def register(tmp_path: Path) -> Iterator[RegisterProcess]:
    """The simulated population register with nobody in it; it knows the bank that is opened in the same folder."""
    with running_register(tmp_path / "register", share_keys(tmp_path / "keys")) as running:
        yield running
