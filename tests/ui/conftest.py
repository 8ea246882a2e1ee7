"""Banks of these tests have the demo's billers and terminals; the real app is imported once, over an empty folder."""

from __future__ import annotations

import os
from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank
from tests.workers.loopback import free_port


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The app with every page and handler, as the server imports it; each test lends it a bank."""
    before = dict(os.environ)
    os.environ.update(DATA_DIR=str(tmp_path_factory.mktemp("app")), DEMO="on")
    try:
        from kaspi_web.kaspi_web import app
    finally:
        os.environ.clear()
        os.environ.update(before)
    return app


@pytest.fixture
def bank_settings(bank_settings: dict[str, Any], app: Any) -> dict[str, Any]:
    return {"biller_timeout_s": 1.5, "port": free_port()} | bank_settings


@pytest.fixture
def bank(bank: Bank) -> Bank:
    demo_data.load(bank)
    return bank
