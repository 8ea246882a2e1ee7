"""While a server works in a data folder, no other starts there and nobody deletes its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaspi_web import demo_data
from kaspi_web.commands import frontend
from kaspi_web.commands.reset import reset
from kaspi_web.commands.run import run
from kaspi_web.domain.bills.models import Biller
from kaspi_web.domain.ledger.seal_head import Head, read_head, write_head
from kaspi_web.domain.terminals.models import Terminal
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.serving import serving_alone
from kaspi_web.settings import ROOT, Settings
from tests.workers.loopback import free_port


def test_run_says_that_another_server_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    settings = Settings(data_dir=tmp_path, port=free_port())
    with serving_alone(settings):
        assert run(settings) == 1
    said = capsys.readouterr().err
    assert "Another server" in said
    assert str(tmp_path) in said


def test_reset_is_refused_while_a_server_works_on_whatever_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "bank.db").touch()
    settings = Settings(data_dir=tmp_path, port=free_port())
    with serving_alone(Settings(data_dir=tmp_path, port=free_port())):
        assert reset(settings, sure=True) == 1
        assert (tmp_path / "bank.db").exists()
    assert "stop it first" in capsys.readouterr().err
    assert reset(settings, sure=True) == 0
    assert not (tmp_path / "bank.db").exists()


def test_reset_leaves_no_head_of_a_chain_that_is_gone(tmp_path: Path):
    (tmp_path / "bank.db").touch()
    (tmp_path / "keys").mkdir()
    write_head(tmp_path, Head(7, "digest", "key"))
    assert reset(Settings(data_dir=tmp_path, port=free_port()), sure=True) == 0
    assert read_head(tmp_path) is None
    assert (tmp_path / "keys").exists()


def _edit(unit: Unit) -> None:
    biller = unit.get(Biller, "almaty-energo")
    terminal = unit.get(Terminal, "almaty-02")
    assert biller is not None
    assert terminal is not None
    biller.minimum_tiyn = 777
    unit.delete(terminal)


def _seen(unit: Unit) -> tuple[int, bool]:
    biller = unit.get(Biller, "almaty-energo")
    assert biller is not None
    return biller.minimum_tiyn, unit.get(Terminal, "almaty-02") is not None


def test_demo_data_adds_what_is_missing_and_keeps_what_was_edited(bank: Bank):
    demo_data.load(bank)
    bank.db.write_now(_edit)
    demo_data.load(bank)
    assert bank.db.read_now(_seen) == (777, True)


@pytest.mark.parametrize(
    "name",
    [
        "kaspi_web/kernel/money.py",
        "kaspi_web/settings.py",
        "kaspi_web/locales.py",
        "kaspi_web/domain/terminals/kiosk.py",
        "kaspi_web/ui/shell.py",
    ],
)
def test_what_is_compiled_into_the_front_end_makes_it_anew(name: str, monkeypatch: pytest.MonkeyPatch):
    before = frontend._made_of(Settings())
    read = Path.read_bytes
    changed = ROOT / name
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + (b"#" if path == changed else b""))
    assert frontend._made_of(Settings()) != before
