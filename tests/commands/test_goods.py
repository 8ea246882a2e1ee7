"""The word `goods`: any number of goods, added once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaspi_web import shop_goods
from kaspi_web.commands import goods
from kaspi_web.settings import Settings


@pytest.fixture
def settings(sqlite_database: str, tmp_path: Path) -> Settings:
    return Settings(database_url=sqlite_database, data_dir=tmp_path, demo_goods=12)


def said(settings: Settings, count: int | None, capsys: pytest.CaptureFixture[str]) -> str:
    assert goods.load(settings, count) == 0
    return capsys.readouterr().out.splitlines()[-1]


def test_adds_what_is_missing_and_nothing_else(settings: Settings, capsys: pytest.CaptureFixture[str]):
    assert said(settings, 8, capsys) == "Goods added: 8."
    assert said(settings, None, capsys) == "Goods added: 4."
    assert said(settings, 12, capsys) == "Goods added: 0."


@pytest.mark.parametrize("count", [-1, shop_goods.MOST + 1])
def test_refuses_a_number_out_of_range(settings: Settings, count: int, capsys: pytest.CaptureFixture[str]):
    assert goods.load(settings, count) == 2
    assert str(shop_goods.MOST) in capsys.readouterr().err
