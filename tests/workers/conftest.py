"""Banks of these tests have the demo's billers and terminals, and workers that can be called one round at a time."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank
from tests.workers.loopback import free_port


@pytest.fixture
def bank_settings(bank_settings: dict[str, Any]) -> dict[str, Any]:
    """A short patience with billers, and a port of our own for those who call /osmp."""
    return {"biller_timeout_s": 1.5, "port": free_port()} | bank_settings


@pytest.fixture
def bank(bank: Bank) -> Bank:
    demo_data.load(bank)
    return bank
