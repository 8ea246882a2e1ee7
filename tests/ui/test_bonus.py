"""The page of bonuses: the balance, each line with its receipt, and the rules in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kaspi_web.domain.bonus.queries import PAGE
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.bonus.state import BonusState
from tests.make.bills import accepted, paid
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, post
from tests.make.services import rule, without_rules
from tests.ui.harness import Site, play, signed_in
from tests.workers.waiting import until


@pytest.mark.parametrize("locale", LOCALES)
def test_a_payment_is_a_line_that_leads_to_its_receipt(app: Any, bank: Bank, locale: str):
    owner = customer(bank, money=Money.tenge(50_000))
    made = paid(bank, owner, Money.tenge(4_812, 40))
    accepted(bank, made.id)

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/bonus", cookie=signed_in(bank, owner))
        (line,) = page.shows(BonusState).moves
        assert line["href"] == f"/{locale}/receipt/{made.receipt}"
        assert line["title"] == made.biller.names[locale]
        assert "48" in line["amount"]
        assert line["is_in"]
        assert "48" in page.shows(BonusState).balance

    play(app, bank, story)


def test_the_rules_in_force_are_said_in_words_of_the_page(app: Any, bank: Bank):
    owner, today = customer(bank), bank.clock.today()
    without_rules(bank)
    rule(bank, 100, since=date(2020, 1, 1))
    rule(bank, 500, "category", "flights", since=date(2020, 1, 1), until=today)
    rule(bank, 0, "service", "almaty-energo", since=date(2020, 1, 1))
    rule(bank, 900, "category", "water", since=today + timedelta(days=1))

    async def story(site: Site) -> None:
        said = {}
        for locale in LOCALES:
            page = await site.open(f"/{locale}/bonus", cookie=signed_in(bank, owner))
            said[locale] = page.shows(BonusState).rules
        assert said["en"][0] == "1% of every payment for services"
        assert said["en"][1].startswith("Flights: 5%, until ")
        assert said["en"][2].endswith(": no bonus")
        assert [len(each) for each in said.values()] == [3, 3, 3]
        assert len({each[0] for each in said.values()}) == 3

    play(app, bank, story)


def test_long_accounts_are_shown_by_pages_with_the_balance_after_each_line(app: Any, bank: Bank):
    owner = customer(bank)
    own, expense = account(bank, "bonus", str(owner)), account(bank, "bonus_expense")
    for _ in range(PAGE + 3):
        post(bank, (expense, own, Money.tenge(1)))

    async def story(site: Site) -> None:
        page = await site.open("/en/bonus", cookie=signed_in(bank, owner))
        shown = page.shows(BonusState)
        assert (len(shown.moves), shown.newest) == (PAGE, "")
        assert "23.00" in shown.moves[0]["after"]
        assert shown.moves[0]["href"] == ""
        await page.go(shown.older)
        shown = page.shows(BonusState)
        assert (len(shown.moves), shown.older, shown.newest) == (3, "", "/en/bonus")
        assert "1.00" in shown.moves[-1]["after"]

    play(app, bank, story)


def test_the_page_is_up_to_date_without_a_tap_and_nobody_elses(app: Any, bank: Bank):
    owner, other = customer(bank, money=Money.tenge(50_000)), customer(bank, phone=OTHER_PHONE)

    async def story(site: Site) -> None:
        page = await site.open("/en/bonus", cookie=signed_in(bank, owner))
        strangers = await site.open("/en/bonus", cookie=signed_in(bank, other))
        assert page.shows(BonusState).moves == []
        accepted(bank, paid(bank, owner, Money.tenge(1_000)).id)
        await until(lambda: len(page.shows(BonusState).moves) == 1)
        assert strangers.shows(BonusState).moves == []

    play(app, bank, story)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "", "%00"])
def test_an_odd_address_shows_the_first_page(app: Any, bank: Bank, before: str):
    owner = customer(bank, money=Money.tenge(50_000))
    accepted(bank, paid(bank, owner, Money.tenge(1_000)).id)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/bonus?before={before}", cookie=signed_in(bank, owner))
        assert len(page.shows(BonusState).moves) == 1

    play(app, bank, story)
