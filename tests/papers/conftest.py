"""Banks of these tests have the demo's billers and terminals."""

from __future__ import annotations

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank


@pytest.fixture
def bank(bank: Bank) -> Bank:
    demo_data.load(bank)
    return bank
