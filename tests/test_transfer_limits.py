"""Limits on transfers come from a file: dated, added and never changed, and what has no meaning is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kaspi_web import demo_data, transfer_limits
from kaspi_web.commands.services import load
from kaspi_web.domain.transfers import limits
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.service_tables import BadServiceFile
from tests.make import transfers as make
from tests.make.customers import customer
from tests.make.ledger import sql

GOOD = '[[limit]]\nkind = "phone"\nvalid_from = 2026-01-01\nper_operation = "10.00"\nper_day = "20.50"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "limits.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_limit_of_the_file_is_in_force(bank: Bank, tmp_path: Path) -> None:
    found = transfer_limits.read(written(tmp_path, GOOD))
    for _ in range(2):
        bank.db.write_now(transfer_limits.save, found=found)
    in_force = bank.db.read_now(limits.limits, customer_id=customer(bank), kind="phone")
    assert in_force == limits.Limits(Money.tenge(10), Money.tenge(20, 50), Money.tenge(20, 50))
    assert sql(bank, "SELECT COUNT(*) FROM transfer_limit") == [(1,)]


def test_a_limit_that_is_there_stays_what_it_was(bank: Bank, tmp_path: Path) -> None:
    bank.db.write_now(transfer_limits.save, found=transfer_limits.read(written(tmp_path, GOOD)))
    changed = GOOD.replace("20.50", "99.00") + GOOD.replace("01-01", "02-01").replace("20.50", "30.00")
    bank.db.write_now(transfer_limits.save, found=transfer_limits.read(written(tmp_path, changed)))
    assert sql(bank, "SELECT per_day_tiyn FROM transfer_limit ORDER BY valid_from") == [(2050,), (3000,)]


def test_the_shipped_limits_are_those_of_phones_and_cards(bank: Bank) -> None:
    demo_data.load(bank)
    rows = {tuple(row) for row in sql(bank, "SELECT kind, per_operation_tiyn, per_day_tiyn FROM transfer_limit")}
    assert rows == {("phone", 50_000_000, 100_000_000), ("card", 30_000_000, 60_000_000)}


def test_a_bank_that_has_loaded_no_limits_sends_nothing_out_and_the_word_services_loads_them(bank: Bank) -> None:
    me = customer(bank, money=Money.tenge(1_000))
    linked, mine = make.linked(bank, me), make.own_card(bank, me)
    going_out = make.to_phone(bank, me), make.to_other_bank(bank, me), make.to_own(bank, me, linked.public_id)
    for draft in going_out:
        with pytest.raises(limits.LimitsMissing):
            make.proposed(bank, me, draft)
    with pytest.raises(limits.LimitsMissing):
        make.proposed(bank, me, make.to_own(bank, me), source=linked.public_id)
    make.proposed(bank, me, make.to_own(bank, me, mine.public_id))
    assert load(replace(bank.settings, demo=False), None) == 0
    for draft in going_out:
        make.proposed(bank, me, draft)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[limit", "limits.toml"),
        ("limits = []", "unknown key limits"),
        ("limit = 3", "limit: expected a list"),
        (GOOD.replace("phone", "pigeon"), "kind"),
        (GOOD.replace("2026-01-01", "'soon'"), "valid_from"),
        (GOOD.replace("valid_from = 2026-01-01", ""), "valid_from"),
        (GOOD.replace('"10.00"', "10"), "per_operation"),
        (GOOD.replace('"10.00"', '"0"'), "per_day"),
        (GOOD.replace("20.50", "9.99"), "per_day"),
        (GOOD + "per_week = 1", "unknown key per_week"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadServiceFile, match=said) as caught:
        transfer_limits.read(written(tmp_path, text))
    assert "limits.toml" in str(caught.value)
