"""Services from data files: what becomes rows, what is refused, what stays."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import select

from kaspi_web import demo_data, settings
from kaspi_web.commands import simulators, words
from kaspi_web.commands.services import load
from kaspi_web.domain.bills.models import Biller, Holiday
from kaspi_web.domain.bonus.models import BonusRule
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.service_files import SHIPPED, read
from kaspi_web.service_tables import BadServiceFile
from kaspi_web.settings import Settings

CATEGORIES = (
    *("electricity", "gas", "water", "heating", "phone_line", "intercom", "waste", "lift", "utility_bill"),
    *("mobile", "internet", "tv", "kindergarten", "education", "taxes", "fines", "transport", "flights"),
    "restaurants",
)
SERVICE = """
[shared.account]
name = "account"
kind = "digits"
label = { kk = "Шарт", ru = "Договор", en = "Contract" }
pattern = '[0-9]{6}'
example = "123456"

[[service]]
slug = "qala-net"
category = "internet"
city = "almaty"
name = { kk = "Қала Net", ru = "Кала Net", en = "Qala Net" }
bin = "060640002375"
minimum = "100.00"
[[service.way]]
like = "account"
hint = { kk = "6 сан", ru = "6 цифр", en = "6 digits" }
"""


def folder(path: Path, text: str = SERVICE) -> Path:
    """A folder with one data file."""
    path.mkdir(exist_ok=True)
    (path / "own.toml").write_text(text, "utf-8")
    return path


def rows(unit: Unit) -> dict[str, Biller]:
    found = {row.slug: row for row in unit.exec(select(Biller))}
    unit.expunge_all()
    return found


def test_every_category_has_shipped_services_and_most_of_them_each_city():
    found = read([SHIPPED]).services.values()
    cities = {name: {row["city"] for row in found if row["category"] == name} for name in CATEGORIES}
    assert all(cities.values())
    everywhere = [name for name, places in cities.items() if places >= {"almaty", "astana", "karaganda"}]
    assert len(everywhere) >= 12


def test_every_dialect_is_spoken_by_somebody():
    assert {row["dialect"] for row in read([SHIPPED]).services.values()} == {"osmp", "kaspi_json", "kaspi_xml"}


def test_a_service_becomes_a_row(tmp_path: Path):
    row = read([folder(tmp_path)]).services["qala-net"]
    assert (row["address"], row["dialect"], row["minimum_tiyn"]) == ("/osmp/qala-net", "osmp", 10_000)
    (way,) = json.loads(row["fields"])["ways"]
    assert way == {
        "name": "account",
        "kind": "digits",
        "label": {"kk": "Шарт", "ru": "Договор", "en": "Contract"},
        "hint": {"kk": "6 сан", "ru": "6 цифр", "en": "6 digits"},
        "pattern": "[0-9]{6}",
        "example": "123456",
    }


@pytest.mark.parametrize("word", ["қала", "кала", "qala", "интернет", "алматы"])
def test_a_service_is_found_by_its_names_its_category_and_its_city(tmp_path: Path, word: str):
    assert word in read([folder(tmp_path)]).services["qala-net"]["search"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "qala-net"', 'slug = "Qala Net"', "slug"),
        ('"internet"', '"trains"', "category"),
        ('"almaty"', '"paris"', "city"),
        ("060640002375", "060640002371", "bin: expected 12 digits"),
        ('minimum = "100.00"', "minimum = 100.00", "minimum"),
        ('minimum = "100.00"', 'minimum = "0.00"', "minimum"),
        ('minimum = "100.00"', 'maximum = "1.00"', "minimum"),
        ('minimum = "100.00"', 'minimun = "100.00"', "unknown key minimun"),
        ('en = "Qala Net"', 'de = "Qala Net"', "name"),
        ("[[service.way]]", "[[service.extra]]", "way: expected one [[service.way]]"),
        ('like = "account"', 'like = "number"', "like"),
        ('"123456"', '"12345"', "example: expected something that the pattern accepts"),
        ("'[0-9]{6}'", "'[0-9'", "pattern"),
        ('kind = "digits"', 'kind = "number"', "kind"),
        ("[[service]]", "[service]", "service"),
        ("[[service]]", "[[servise]]", "unknown key servise"),
        ('slug = "qala-net"', "slug = ", "own.toml"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_name_and_key(tmp_path: Path, old: str, new: str, said: str):
    assert old in SERVICE
    with pytest.raises(BadServiceFile, match=re.escape(said)) as refused:
        read([folder(tmp_path, SERVICE.replace(old, new))])
    assert "own.toml" in str(refused.value)


@pytest.mark.parametrize("name", ["txn_id", "by", "lines", "account"])
def test_a_further_field_may_not_be_called_as_what_the_bank_sends(tmp_path: Path, name: str):
    extra = f'[[service.extra]]\nlike = "account"\nname = "{name}"\n'
    with pytest.raises(BadServiceFile, match="extra"):
        read([folder(tmp_path, SERVICE + extra)])


def test_two_services_of_one_name_are_refused(tmp_path: Path):
    with pytest.raises(BadServiceFile, match="is called so already"):
        read([SHIPPED, folder(tmp_path, SERVICE.replace("qala-net", "almaty-su"))])


@pytest.mark.parametrize(
    "rule",
    ['applies = "all"', 'applies = "all"\nfrom = 2026-01-01\nbasis_points = 10001', 'applies = "nobody"'],
)
def test_a_rule_that_says_too_little_is_refused(tmp_path: Path, rule: str):
    with pytest.raises(BadServiceFile):
        read([folder(tmp_path, f"[[rule]]\n{rule}\n")])


def test_a_demo_starts_with_services_rules_and_holidays(bank: Bank):
    demo_data.load(bank)
    assert len(bank.db.read_now(rows)) == len(read([SHIPPED]).services)
    rules = bank.db.read_now(lambda unit: {(r.applies, r.name): r.basis_points for r in unit.exec(select(BonusRule))})
    assert rules == {("all", ""): 100, ("category", "flights"): 500, ("category", "restaurants"): 500}
    assert len(bank.db.read_now(lambda unit: unit.exec(select(Holiday)).all())) > 30


def test_a_row_of_an_older_bank_learns_what_its_file_says(bank: Bank):
    demo_data.load(bank)
    bank.db.write_now(lambda unit: setattr(unit.get(Biller, "almaty-energo"), "search", ""))
    demo_data.load(bank)
    assert bank.db.read_now(rows)["almaty-energo"].search


def test_the_command_replaces_what_is_there(bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    demo_data.load(bank)
    here = folder(
        tmp_path / "own", SERVICE.replace("/osmp", "").replace("city =", 'address = "https://a.kz/o"\ncity =')
    )
    assert load(bank.settings, here) == 0
    assert "Services: 1." in capsys.readouterr().out
    folder(tmp_path / "own", (here / "own.toml").read_text("utf-8").replace("100.00", "250.00"))
    assert load(bank.settings, here) == 0
    assert bank.db.read_now(rows)["qala-net"].minimum_tiyn == 25_000


def test_the_command_tells_a_bad_file_and_changes_nothing(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    here = folder(tmp_path / "own", SERVICE.replace("060640002375", "1"))
    monkeypatch.setenv("DATA_DIR", str(bank.settings.data_dir))
    assert words.main(["services", str(here)]) == 2
    assert "own.toml" in capsys.readouterr().err
    assert not bank.db.read_now(rows)


def test_outside_demos_no_simulated_service_is_loaded(bank: Bank):
    assert load(replace(bank.settings, demo=False), None) == 0
    assert not bank.db.read_now(rows)
    assert bank.db.read_now(lambda unit: len(unit.exec(select(BonusRule)).all())) == 3


def test_the_simulated_billers_read_the_same_folders(tmp_path: Path):
    (billers,) = (each for each in simulators.SIMULATORS if each.package == "biller")
    words_ = billers.arguments(Settings(services_dir=tmp_path))
    folders = [after for word, after in pairwise(words_) if word == "--services"]
    assert folders == [str(SHIPPED), str(tmp_path)]


def test_the_setting_is_a_folder_or_nothing(tmp_path: Path):
    assert settings.read({"SERVICES_DIR": str(tmp_path)}).services_dir == tmp_path
    assert settings.read({"SERVICES_DIR": ""}).services_dir is None
