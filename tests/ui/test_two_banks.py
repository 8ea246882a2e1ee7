"""Two banks in one process, each served by an app of its own: neither sees the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext

from kaspi_web import demo_data
from kaspi_web.domain.customers import service as customers
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui import session
from kaspi_web.ui.home.state import HomeState
from tests.databases import open_bank, sqlite_copy
from tests.make.customers import PHONE, customer
from tests.make.ledger import give
from tests.ui.harness import serving, signed_in


@pytest.fixture
def other(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, bank_settings: Any) -> Iterator[Bank]:
    folder = tmp_path_factory.mktemp("other")
    with open_bank(sqlite_copy(sqlite_template, folder), folder, **bank_settings) as opened:
        demo_data.load(opened)
        yield opened


@pytest.fixture
def other_app(app: Any, other: Bank) -> Any:
    """A second app, built as the first one was."""
    from kaspi_web.kaspi_web import build

    before = RegistrationContext.set(app._registration_context.fork())
    try:
        return build(other)
    finally:
        RegistrationContext.reset(before)


def test_a_customer_of_one_bank_is_unknown_in_the_other(app: Any, other_app: Any, bank: Bank, other: Bank):
    header = signed_in(bank, customer(bank, money=Money.tenge(1_234)))

    async def story() -> None:
        async with serving(app, bank) as here, serving(other_app, other) as there:
            home = await here.open("/en/home", cookie=header)
            strange = await there.open("/en/home", cookie=header)
            # And again in the first: what was asked of the second has changed nothing.
            await home.call(HomeState.load)
            assert home.went_to == []
            assert "1 234" in home.everything.replace("\\u00a0", " ").replace("\xa0", " ").replace(",", " ")
            assert strange.went_to == ["/en/login"]
            assert "234" not in str(dict(strange.shows(HomeState)))
            assert here.troubles == there.troubles == []

    asyncio.run(story())
    assert bank.db.read_now(customers.card_by_phone, phone=PHONE) is not None
    assert other.db.read_now(customers.card_by_phone, phone=PHONE) is None


def test_news_of_one_bank_refresh_nothing_of_the_other(app: Any, other_app: Any, bank: Bank, other: Bank):
    owner, namesake = customer(bank), customer(other)
    assert owner == namesake, "the same number in both, so that the topics are the same"

    async def story() -> None:
        async with serving(app, bank) as here, serving(other_app, other) as there:
            mine = await here.open("/en/home", cookie=signed_in(bank, owner))
            theirs = await there.open("/en/home", cookie=signed_in(other, namesake))
            sent, sent_there = len(mine.wire), len(theirs.wire)
            await asyncio.to_thread(give, bank, owner, Money.tenge(777))
            bank.news.tell([f"customer:{owner}"])
            await asyncio.sleep(0.3)
            assert len(mine.wire) > sent
            assert "777" in mine.everything
            assert len(theirs.wire) == sent_there

    asyncio.run(story())


def test_outside_of_an_event_there_is_no_bank(bank: Bank):
    session.open_counter(bank)
    with pytest.raises(RuntimeError, match="no bank here"):
        session.bank()


def _draws_the_phone(app: Any, route: str) -> bool:
    return "peek-list" in str(app._unevaluated_pages[route].component().render())


def test_pages_are_drawn_for_the_bank_of_their_app(app: Any, other: Bank):
    from kaspi_web.kaspi_web import build

    real = replace(other, settings=replace(other.settings, demo=False))
    before = RegistrationContext.set(app._registration_context.fork())
    try:
        plain = build(real)
    finally:
        RegistrationContext.reset(before)
    assert "en/sim" in app._unevaluated_pages
    assert "en/sim" not in plain._unevaluated_pages
    assert _draws_the_phone(app, "en/register/code")
    assert not _draws_the_phone(plain, "en/register/code")
    for route in plain._unevaluated_pages:
        assert not _draws_the_phone(plain, route)
