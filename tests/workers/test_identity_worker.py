"""Ordering identity cards: one for every wallet that was opened, however the register and the bank fail."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.gateways.register import Register
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.faults import PlannedFault
from kaspi_web.workers import identity
from tests.databases import open_bank
from tests.make.ledger import sql
from tests.make.moments import Watch
from tests.make.onboarding import described
from tests.register import PERSON, PHONE, RegisterProcess


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def opened(bank: Bank, *, with_card: bool = True) -> None:
    """A wallet opened through registration."""
    bank.db.write_now(onboarding.open_wallet, cookie=described(bank), password_hash="x", with_card=with_card)


def work(bank: Bank) -> int:
    async def story() -> int:
        async with aclosing(Register(bank, timeout_s=2)) as register:
            return await identity.order_due(bank, register)

    return asyncio.run(story())


def open_orders(bank: Bank) -> int:
    return sql(bank, "SELECT COUNT(*) FROM identity_request WHERE done_at IS NULL")[0][0]


def test_a_new_wallet_gets_a_card_of_what_was_given_at_registration(bank: Bank, register: RegisterProcess):
    opened(bank)
    assert (work(bank), work(bank), open_orders(bank)) == (1, 0, 0)
    (card,) = register.cards(PHONE)
    assert {name: card[name] for name in PERSON} == PERSON


def test_a_wallet_outside_a_demo_gets_none(bank: Bank, register: RegisterProcess):
    opened(bank, with_card=False)
    assert (work(bank), register.cards(PHONE)) == (0, [])


def test_a_silent_register_is_asked_again_until_it_answers(bank: Bank, register: RegisterProcess, watch: Watch):
    opened(bank)
    register.fault("down")
    assert (work(bank), work(bank), open_orders(bank)) == (1, 0, 1)
    register.clear()
    watch.later(seconds=3)
    assert (work(bank), open_orders(bank), len(register.cards())) == (1, 0, 1)


def test_an_answer_that_was_lost_issues_no_second_card(bank: Bank, register: RegisterProcess, watch: Watch):
    opened(bank)
    faulty = {"faults": "register.answered=raise", "register_url": register.url}
    with open_bank(bank.settings.database, bank.settings.data_dir, **faulty) as dying, pytest.raises(PlannedFault):
        work(dying)
    assert (open_orders(bank), len(register.cards())) == (1, 1)
    watch.later(seconds=31)
    assert (work(bank), open_orders(bank), len(register.cards())) == (1, 0, 1)


def test_a_registration_that_was_refused_orders_nothing(bank: Bank):
    cookie = described(bank)
    bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash="x", with_card=True)
    with pytest.raises(onboarding.AlreadyDone):
        bank.db.write_now(onboarding.open_wallet, cookie=cookie, password_hash="x", with_card=True)
    assert open_orders(bank) == 1
