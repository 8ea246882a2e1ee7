"""A service that exists in a data file alone: the bank offers it, the simulated biller plays it, and it is paid."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kaspi_web.commands.services import load
from kaspi_web.domain.bills import billers
from kaspi_web.gateways.billers import Billers, Debt, RegistryRow, debt_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.osmp import Answer, Result
from kaspi_web.settings import Settings
from tests.billers import running_biller

AT = datetime(2026, 11, 22, 7, 0, 5, tzinfo=UTC)
FILE = """
[[service]]
slug = "qala-pool"
category = "education"
city = "karaganda"
name = { kk = "Қала бассейні", ru = "Городской бассейн", en = "City Pool" }
bin = "060640002375"
dialect = "DIALECT"
tells_owner = true
minimum = "50.00"
[[service.way]]
name = "member"
kind = "digits"
label = { kk = "Мүше нөмірі", ru = "Номер участника", en = "Member number" }
pattern = '[0-9]{5}'
example = "12287"
[[service.extra]]
name = "group"
kind = "text"
label = { kk = "Топ", ru = "Группа", en = "Group" }
pattern = '.{1,20}'
example = "Дельфин"
[service.simulator]
digits = 5
[[service.simulator.account]]
number = "12287"
owed = "7500.55"
owner = "Сейтқали Айгүл Маратқызы"
"""


@pytest.mark.parametrize("dialect", ["osmp", "kaspi_json", "kaspi_xml"])
def test_a_service_is_added_by_a_file_and_paid(bank: Bank, tmp_path: Path, dialect: str):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "pool.toml").write_text(FILE.replace("DIALECT", dialect), "utf-8")
    assert load(bank.settings, folder) == 0
    (found,) = bank.db.read_now(billers.found, words="бассейн")
    typed = billers.filled({"account": "12 287", "group": "Дельфин"}, of=found)

    async def deal(url: str) -> tuple[Debt, Answer, Debt, list[RegistryRow]]:
        doors = Billers(Settings(biller_url=url))
        door = doors.at(found.address, found.dialect)
        try:
            before = debt_of(await door.check(1, typed.account, typed.extra))
            answer = await door.pay(2, typed.account, Money.tenge(500), AT, typed.extra)
            after = debt_of(await door.check(3, typed.account, typed.extra))
            return before, answer, after, await door.registry(date(2026, 11, 22))
        finally:
            await doors.aclose()

    with running_biller(tmp_path / "biller", services=[folder]) as running:
        before, answer, after, registry = asyncio.run(deal(running.url))
    assert (before.owner_name, before.amount) == ("Сейтқали Айгүл Маратқызы", Money.tenge(7_500, 55))
    assert (answer.result, after.amount) == (Result.OK, Money.tenge(7_000, 55))
    assert [(row.txn_id, row.account, row.state) for row in registry] == [("2", "12287", "done")]
