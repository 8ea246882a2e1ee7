"""Home, History, receipts, Top up and Profile: what their owner sees, in every language, and as it changes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kaspi_web.domain.bills import outcomes
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.history.state import HistoryState, ReceiptState
from kaspi_web.ui.home.state import HomeState
from kaspi_web.ui.profile.state import ProfileState
from kaspi_web.ui.topup.state import TopUpState
from tests.make.bills import paid
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import sql
from tests.make.topups import SLOW_TERMINAL, top_up
from tests.ui.harness import Site, play, signed_in
from tests.workers.waiting import until


def lively(bank: Bank) -> int:
    """A customer with a top-up, a late one, and a payment that is done."""
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000), terminal="almaty-01")
    top_up(bank, Money.tenge(700), terminal=SLOW_TERMINAL)
    made = paid(bank, owner, Money.tenge(4_812, 40))
    bank.db.write_now(outcomes.accepted, payment_id=made.id, biller_txn="1")
    return owner


@pytest.mark.parametrize("locale", LOCALES)
def test_home_shows_name_balance_bonus_and_the_last_rows(app: Any, bank: Bank, locale: str):
    owner = lively(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/home", cookie=signed_in(bank, owner))
        home = page.shows(HomeState)
        assert (home.ready, home.name) == (True, "Айгүл")
        assert "15" in home.balance
        assert "187" in home.balance
        assert "48" in home.bonus
        assert [(row["is_in"], row["state"]) for row in home.rows] == [
            (False, "done"),
            (True, "on_way"),
            (True, "done"),
        ]
        assert all(row["href"].startswith(f"/{locale}/receipt/") for row in home.rows)
        assert words(locale)("operations.topup") in {row["title"] for row in home.rows}

    play(app, bank, story)


def test_home_is_up_to_date_after_a_top_up_without_a_tap(app: Any, bank: Bank):
    owner = customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/home", cookie=signed_in(bank, owner))
        assert page.shows(HomeState).balance == "₸0"
        await asyncio.to_thread(top_up, bank, Money.tenge(3_000))
        await until(lambda: page.shows(HomeState).balance == "₸3,000")
        assert len(page.shows(HomeState).rows) == 1

    play(app, bank, story)


def test_somebody_elses_news_changes_nothing(app: Any, bank: Bank):
    owner = customer(bank)
    customer(bank, phone=OTHER_PHONE)

    async def story(site: Site) -> None:
        page = await site.open("/en/home", cookie=signed_in(bank, owner))
        sent = len(page.wire)
        await asyncio.to_thread(top_up, bank, Money.tenge(3_000), account=OTHER_PHONE)
        await asyncio.sleep(0.2)
        assert len(page.wire) == sent

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
def test_history_stands_by_days_a_page_at_a_time(app: Any, bank: Bank, locale: str):
    owner = customer(bank)
    for _ in range(25):
        top_up(bank, Money.tenge(500))

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/my-payments/history", cookie=signed_in(bank, owner))
        first = page.shows(HistoryState)
        assert sum(len(day["rows"]) for day in first.days) == 20
        assert first.newest == ""
        await page.go(first.older)
        second = page.shows(HistoryState)
        assert sum(len(day["rows"]) for day in second.days) == 5
        assert second.older == ""
        assert second.newest == f"/{locale}/my-payments/history"

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_receipt_has_its_facts(app: Any, bank: Bank, locale: str):
    owner = lively(bank)
    bill = sql(bank, "SELECT receipt FROM operation WHERE kind = 'bill'")[0][0]
    late = sql(bank, "SELECT receipt FROM operation WHERE state = 'on_way'")[0][0]

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/receipt/{bill}", cookie=signed_in(bank, owner))
        shown = page.shows(ReceiptState)
        facts = " ".join(fact["value"] for fact in shown.facts).replace("\N{NO-BREAK SPACE}", " ")
        assert (shown.ready, shown.missing, shown.state_word) == (True, False, "done")
        assert all(each in facts for each in ("04512287", "060640002375", "Айгүл Н.", "+7 701 ••• •• 01", "UTC+5"))
        assert "4812" in "".join(c for c in shown.amount if c.isdigit())
        await page.go(f"/{locale}/receipt/{late}")
        assert page.shows(ReceiptState).state_word == "on_way"
        await page.go(f"/{locale}/receipt/nothing")
        assert page.shows(ReceiptState).missing

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
def test_top_up_shows_terminals_the_number_and_what_is_on_its_way(app: Any, bank: Bank, locale: str):
    owner = lively(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/topup", cookie=signed_in(bank, owner))
        shown = page.shows(TopUpState)
        assert shown.number == "+7 701 000 01 01"
        assert len(shown.places) == 3
        assert len(shown.incoming) == 1
        assert "700" in shown.incoming[0]["amount"]

    play(app, bank, story)


def test_the_profile_keeps_a_language_for_sms(app: Any, bank: Bank):
    owner = customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/ru/profile", cookie=signed_in(bank, owner))
        assert page.shows(ProfileState).sms_language == "kk"
        await page.call(ProfileState.choose_language, {"language": "xx"})
        assert not page.shows(ProfileState).saved
        await page.call(ProfileState.choose_language, {"language": "en"})
        assert (page.shows(ProfileState).sms_language, page.shows(ProfileState).saved) == ("en", True)

    play(app, bank, story)
    assert sql(bank, "SELECT language FROM customer")[0][0] == "en"


def test_who_has_signed_out_elsewhere_sees_nothing_new(app: Any, bank: Bank):
    owner = customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/home", cookie=signed_in(bank, owner))
        sql(bank, "UPDATE sign_in SET ended_at = started_at")
        bank.news.tell(["sign_in:1"])
        await asyncio.sleep(0)
        await asyncio.to_thread(top_up, bank, Money.tenge(3_000))
        await asyncio.sleep(0.2)
        assert "3,000" not in page.everything
        await page.call(HistoryState.load)
        assert page.went_to == ["/en/login"]
        assert page.shows(HomeState).balance == ""

    play(app, bank, story)
