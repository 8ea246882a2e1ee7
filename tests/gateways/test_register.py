"""The bank's side of the register: its word, or silence; never half a word, and never a number in the log."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kaspi_web.domain.customers.names import Person
from kaspi_web.gateways.register import Register, RegisterSilent
from kaspi_web.kernel.bank import Bank
from tests.make.identity import AIGUL
from tests.register import PHONE, RegisterProcess
from tests.workers.loopback import free_port

OTHER = Person("Тимур", "Оспанов", "Ержанұлы", date(1985, 6, 15))


def ask(bank: Bank, name: str, *args: Any, timeout_s: float = 5.0) -> Any:
    async def story() -> Any:
        async with aclosing(Register(bank, timeout_s=timeout_s)) as register:
            return await getattr(register, name)(*args)

    return asyncio.run(story())


def test_the_owner_of_a_number_is_told(bank: Bank, register: RegisterProcess):
    ask(bank, "issue", "r", PHONE, OTHER)
    (card,) = ask(bank, "cards", PHONE)
    assert card.person == OTHER
    assert ask(bank, "find", card.iin) == OTHER


def test_a_number_that_nobody_has_is_no_silence(bank: Bank, register: RegisterProcess):
    assert ask(bank, "find", "900101300007") is None
    assert ask(bank, "cards", PHONE) == []


def test_the_same_reference_issues_one_card(bank: Bank, register: RegisterProcess):
    for person in (AIGUL, OTHER):
        ask(bank, "issue", "r", PHONE, person)
    assert [each.person for each in ask(bank, "cards", PHONE)] == [AIGUL]


@pytest.mark.parametrize(("mode", "more"), [("down", {}), ("broken", {}), ("slow", {"seconds": 5})])
def test_a_register_in_trouble_is_silent(bank: Bank, register: RegisterProcess, mode: str, more: dict[str, Any]):
    number = register.issue()
    register.fault(mode, **more)
    for name, *args in (("find", number), ("cards", PHONE)):
        with pytest.raises(RegisterSilent):
            ask(bank, name, *args, timeout_s=0.5)
    register.clear()
    assert ask(bank, "find", number) == AIGUL


def test_a_register_that_is_not_there_is_silent(bank: Bank):
    away = replace(bank, settings=replace(bank.settings, register_url=f"http://127.0.0.1:{free_port()}"))
    for name, *args in (("find", "900101300007"), ("cards", PHONE), ("issue", "r", PHONE, AIGUL)):
        with pytest.raises(RegisterSilent):
            ask(away, name, *args)


def test_with_a_wrong_password_it_is_silent(bank: Bank, register: RegisterProcess, tmp_path: Any):
    from tests.databases import open_bank

    with open_bank(bank.settings.database, tmp_path / "elsewhere", register_url=register.url) as other:
        for name, *args in (("find", "900101300007"), ("cards", PHONE), ("issue", "r", PHONE, AIGUL)):
            with pytest.raises(RegisterSilent):
                ask(other, name, *args)


def test_no_number_and_no_name_reach_the_log(bank: Bank, register: RegisterProcess, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    number = register.issue()
    ask(bank, "find", number)
    register.fault("broken")
    with pytest.raises(RegisterSilent):
        ask(bank, "find", number)
    assert caplog.text
    assert not [word for word in (number, "Айгүл", "Нұрланова") if word in caplog.text]
