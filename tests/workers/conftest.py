"""Banks of these tests have the demo's billers and terminals, and workers that can be called one round at a time."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank
from tests.workers.loopback import free_port


@pytest.fixture
def bank_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A short patience with billers, and a port of our own for those who call /osmp."""
    usual: dict[str, Any] = {"biller_timeout_s": 1.5, "port": free_port()}
    if "biller" in request.fixturenames:
        usual["biller_url"] = request.getfixturevalue("biller").url
    return usual


@pytest.fixture
def bank(bank: Bank) -> Bank:
    demo_data.load(bank)
    return bank
