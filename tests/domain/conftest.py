"""Banks of these tests have the demo's billers and terminals; `watch` moves real time."""

from __future__ import annotations

import pytest

from kaspi_web import demo_data
from kaspi_web.kernel.bank import Bank
from tests.make.moments import Watch


@pytest.fixture
def bank(bank: Bank) -> Bank:
    demo_data.load(bank)
    return bank


@pytest.fixture
def any_bank(any_bank: Bank) -> Bank:
    demo_data.load(any_bank)
    return any_bank


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)
