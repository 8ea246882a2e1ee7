"""Paying a bill, tap by tap: the debt, the sum, the code, what became of it, and every sum that is refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from kaspi_web.gateways.billers import Billers
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.payments.intent import IntentState as I
from kaspi_web.ui.payments.service import ServiceState
from kaspi_web.workers import bills
from tests.billers import BillerProcess
from tests.make.bills import issued, paid
from tests.make.customers import PHONE, customer
from tests.make.ledger import assert_clean, balance, moved, sql, wallet
from tests.make.sms import last_code, messages, other_than
from tests.make.topups import top_up
from tests.ui.harness import Page, Site, play, signed_in
from tests.workers.waiting import until

HAD = Money.tenge(50_000)


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank, money=HAD)


async def at_bill(site: Site, owner: int, *, locale: str = "en") -> Page:
    """The page of a fresh intent."""
    made = await asyncio.to_thread(issued, site.bank, owner)
    return await site.open(f"/{locale}/payments/i/{made.id}", cookie=signed_in(site.bank, owner))


async def biller_asked(bank: Bank) -> None:
    clients = Billers(bank.settings)
    await bills.ask_due(bank, clients)
    await clients.aclose()


def left(bank: Bank, owner: int) -> Money:
    return balance(bank, wallet(bank, owner=str(owner)))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_bill_from_the_account_to_the_receipt(app: Any, bank: Bank, biller: BillerProcess, owner: int, locale: str):
    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/payments/s/almaty-energo", cookie=signed_in(bank, owner))
        await page.call(ServiceState.check, {"account": "0451 2295"})
        (address,) = page.went_to
        await page.go(address)
        bill = page.shows(I).bill
        assert page.shows(I).step == "amount"
        assert bill["amount"] == ("4812.40" if locale == "en" else "4812,40")
        assert bill["account"] == "04512295"
        assert bill["owner"]
        await page.call(I.propose, {"amount": bill["amount"], "source": "wallet"})
        assert page.shows(I).step == "review"
        assert not page.shows(I).review["needs_code"]
        assert left(bank, owner) == HAD, "nothing is moved before Pay"
        await page.call(I.pay)
        assert (page.shows(I).step, page.shows(I).result["state"]) == ("result", "on_way")
        await biller_asked(bank)
        await until(lambda: page.shows(I).result["state"] == "done")

    play(app, bank, story)
    assert left(bank, owner) == HAD - Money.tenge(4_812, 40)
    assert_clean(bank)


def test_five_thousand_needs_no_code(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        await page.call(I.propose, {"amount": "5 000.00"})
        assert not page.shows(I).review["needs_code"]
        await page.call(I.pay)
        assert page.shows(I).step == "result"

    play(app, bank, story)
    assert left(bank, owner) == HAD - Money.tenge(5_000)


def test_a_tiyn_more_needs_one_and_is_paid_with_it_once(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        await page.call(I.propose, {"amount": "5000,01"})
        assert page.shows(I).review["needs_code"]
        await page.call(I.pay)
        assert page.shows(I).step == "code"
        assert page.shows(I).resend_at > 0
        assert left(bank, owner) == HAD
        code = last_code(bank, PHONE)
        await page.call(I.confirm, {"code": other_than(code)})
        assert page.shows(I).errors["code"]
        assert left(bank, owner) == HAD
        await page.call(I.confirm, {"code": code})
        assert page.shows(I).step == "result"
        for _ in range(3):
            await page.call(I.confirm, {"code": code})
            await page.call(I.pay)
        assert code not in page.everything

    play(app, bank, story)
    assert left(bank, owner) == HAD - Money.tenge(5_000, 1)
    assert_clean(bank)


def test_a_code_for_one_sum_is_none_for_another(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        await page.call(I.propose, {"amount": "6000"})
        await page.call(I.pay)
        code = last_code(bank, PHONE)
        await page.call(I.change)
        assert page.shows(I).step == "amount"
        await page.call(I.propose, {"amount": "40000"})
        await page.call(I.confirm, {"code": code})
        await page.call(I.pay)
        assert page.shows(I).step != "result"

    play(app, bank, story)
    assert left(bank, owner) == HAD


def test_a_double_tap_in_two_tabs_pays_once(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        tab = await site.open(page.path, cookie=page.cookie)
        for each in (page, tab):
            await each.call(I.propose, {"amount": "3000"})
        await asyncio.gather(*(each.call(I.pay) for each in (page, tab, page, tab)))
        assert page.shows(I).step == tab.shows(I).step == "result"

    play(app, bank, story)
    assert left(bank, owner) == HAD - Money.tenge(3_000)


def test_the_same_payment_with_another_sum_in_another_tab_is_refused_and_asked_again(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        tab = await site.open(page.path, cookie=page.cookie)
        await page.call(I.propose, {"amount": "3000"})
        await tab.call(I.propose, {"amount": "40000"})
        await page.call(I.pay)
        assert page.shows(I).step == "amount"
        assert "another window" in page.shows(I).errors["form"]
        assert left(bank, owner) == HAD
        await tab.call(I.pay)
        assert tab.shows(I).step == "code"
        await page.call(I.propose, {"amount": "3000"})
        await tab.call(I.confirm, {"code": last_code(bank, PHONE)})
        assert tab.shows(I).step == "amount"
        assert left(bank, owner) == HAD
        await tab.call(I.propose, {"amount": "4000"})
        await page.call(I.propose, {"amount": "3000"})
        await page.call(I.pay)
        await tab.call(I.pay)
        assert page.shows(I).step == tab.shows(I).step == "result"
        assert tab.shows(I).errors["form"]

    play(app, bank, story)
    assert left(bank, owner) == HAD - Money.tenge(3_000)


def test_change_and_a_reload_come_back_to_the_code_that_was_sent(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        await page.call(I.propose, {"amount": "6000"})
        await page.call(I.pay)
        resend_at = page.shows(I).resend_at
        await page.call(I.change)
        again = await site.open(page.path, cookie=page.cookie)
        for each in (page, again):
            await each.call(I.propose, {"amount": "6000"})
            await each.call(I.pay)
            assert (each.shows(I).step, each.shows(I).errors, each.shows(I).resend_at) == ("code", {}, resend_at)
        assert len(messages(bank, PHONE)) == 1
        await again.call(I.resend)
        assert again.shows(I).errors["form"]
        await again.call(I.confirm, {"code": last_code(bank, PHONE)})
        assert again.shows(I).step == "result"

    play(app, bank, story)
    assert left(bank, owner) == HAD - Money.tenge(6_000)


def test_a_reload_shows_what_became_of_it_and_pays_nothing(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        await page.call(I.propose, {"amount": "3000"})
        await page.call(I.pay)
        again = await site.open(page.path, cookie=page.cookie)
        assert (again.shows(I).step, again.shows(I).result["state"]) == ("result", "on_way")
        await again.call(I.propose, {"amount": "4000"})
        assert again.shows(I).step == "result"

    play(app, bank, story)
    assert left(bank, owner) == HAD - Money.tenge(3_000)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("", "amount"),
        ("abc", "amount"),
        ("0", "amount"),
        ("-5", "amount"),
        ("1,234", "amount"),
        ("1.2345", "amount"),
        ("1e5", "amount"),
        ("NaN", "amount"),
        ("9" * 30, "amount"),
        ("1", "amount"),
        ("1000000.01", "amount"),
        ("50000.01", "amount"),
    ],
)
def test_a_sum_that_cannot_be_is_refused_in_words_and_moves_nothing(
    app: Any, bank: Bank, owner: int, locale: str, typed: str, field: str
):
    before = moved(bank)

    async def story(site: Site) -> None:
        page = await at_bill(site, owner, locale=locale)
        await page.call(I.propose, {"amount": typed})
        shown = page.shows(I)
        assert list(shown.errors) == [field]
        assert len(shown.errors[field]) > 5
        assert "{" not in shown.errors[field]
        assert shown.step == "amount"

    play(app, bank, story)
    assert moved(bank) == before


def test_the_same_refusal_is_said_in_three_languages(app: Any, bank: Bank, owner: int):
    said: set[str] = set()

    async def story(site: Site) -> None:
        for locale in LOCALES:
            page = await at_bill(site, owner, locale=locale)
            await page.call(I.propose, {"amount": "1"})
            said.add(page.shows(I).errors["amount"])

    play(app, bank, story)
    assert len(said) == 3


def test_an_ended_intent_is_shown_as_ended_and_pays_nothing(app: Any, bank: Bank, owner: int):
    async def story(site: Site) -> None:
        page = await at_bill(site, owner)
        await page.call(I.propose, {"amount": "3000"})
        sql(bank, "UPDATE payment_intent SET expires_at = issued_at")
        await page.call(I.pay)
        assert page.shows(I).step == "expired"

    play(app, bank, story)
    assert left(bank, owner) == HAD


def test_the_bill_page_does_not_send_histories_on_a_tap(app: Any, bank: Bank, owner: int):
    for _ in range(5):
        paid(bank, owner, Money.tenge(100))
        top_up(bank, Money.tenge(100))

    async def story(site: Site) -> None:
        page = await site.open("/en/home", cookie=signed_in(bank, owner))
        await page.go("/en/my-payments/history")
        made = await asyncio.to_thread(issued, bank, owner)
        await page.go(f"/en/payments/i/{made.id}")
        sent = len(page.wire)
        await page.call(I.propose, {"amount": "3000"})
        states = {state for text in page.wire[sent:] for state in json.loads(text)["delta"]}
        assert states == {I.get_full_name()}

    play(app, bank, story)


@pytest.mark.parametrize(
    ("slug", "form", "field"),
    [
        ("almaty-energo", {"account": "123"}, "account"),
        ("almaty-energo", {"account": "99999999"}, "account"),
        ("almaty-energo", {"account": "04512345"}, "form"),
        ("almaty-energo", {"account": "04512287", "way": "dream"}, "way"),
        ("nobody", {"account": "04512287"}, "form"),
        ("almaty-energo", {}, "account"),
    ],
)
def test_an_account_that_cannot_be_paid_is_refused_in_words(
    app: Any, bank: Bank, biller: BillerProcess, owner: int, slug: str, form: dict[str, str], field: str
):
    async def story(site: Site) -> None:
        page = await site.open(f"/kk/payments/s/{slug}", cookie=signed_in(bank, owner))
        await page.call(ServiceState.check, form)
        assert list(page.shows(ServiceState).errors) == [field]
        assert page.went_to == []

    play(app, bank, story)


def test_a_biller_that_is_down_is_said_and_moves_nothing(app: Any, bank: Bank, biller: BillerProcess, owner: int):
    biller.set_fault("down")

    async def story(site: Site) -> None:
        page = await site.open("/ru/payments/s/almaty-energo", cookie=signed_in(bank, owner))
        await page.call(ServiceState.check, {"account": "04512287"})
        assert page.shows(ServiceState).errors["form"]

    play(app, bank, story)
    assert left(bank, owner) == HAD
