"""A terminal's screen: number, name, notes, Pay; what it says of a late link, of a wrong number, of no link at all."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.gateways.networks import Networks
from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.ui.home.state import HomeState
from kaspi_web.ui.terminal.state import KioskState as K
from kaspi_web.workers import kiosk
from tests.make.customers import customer
from tests.make.ledger import assert_clean, balance, sql, wallet
from tests.make.topups import SLOW_TERMINAL
from tests.ui.harness import Page, Site, play, signed_in, stranger
from tests.workers.loopback import doors
from tests.workers.waiting import until


async def at_notes(site: Site, *, terminal: str = "almaty-01", locale: str = "en") -> Page:
    """A person who typed the number and agreed to the name."""
    page = await site.open(f"/{locale}/kiosk/{terminal}", cookie=stranger())
    await page.call(K.top_up)
    await page.call(K.find, {"phone": "701 000 01 01"})
    await page.call(K.accept)
    return page


async def worked(bank: Bank) -> None:
    networks = Networks(bank)
    await kiosk.pay_due(bank, networks)
    await networks.aclose()


async def becomes(page: Page, step: str) -> None:
    await until(lambda: page.shows(K).step == step)


@pytest.mark.parametrize("locale", LOCALES)
def test_cash_reaches_the_wallet_and_its_owners_open_page(app: Any, bank: Bank, locale: str):
    owner = customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            home = await site.open(f"/{locale}/home", cookie=signed_in(bank, owner))
            page = await site.open(f"/{locale}/kiosk/almaty-01", cookie=stranger())
            assert page.shows(K).step == "start"
            await page.call(K.top_up)
            await page.call(K.find, {"phone": "8 (701) 000-01-01"})
            assert (page.shows(K).step, page.shows(K).masked_name) == ("name", "Айгүл Н.")
            await page.call(K.accept)
            assert not page.shows(K).has_cash
            for note in (2_000, 500):
                await page.call(K.insert, note)
            assert page.shows(K).has_cash
            assert "500" in page.shows(K).inserted
            await page.call(K.pay)
            assert page.shows(K).step == "paying"
            await worked(bank)
            await becomes(page, "done")
            number = str(sql(bank, "SELECT txn_id FROM kiosk_visit")[0][0])
            assert page.shows(K).slip_number.replace(" ", "") == number
            await until(lambda: len(home.shows(HomeState).rows) == 1)
            await page.call(K.leave)
            assert (page.shows(K).step, page.shows(K).masked_name, page.shows(K).phone) == ("start", "", "")

    play(app, bank, story)
    assert balance(bank, wallet(bank, owner=str(owner))) == Money.tenge(2_500)
    assert_clean(bank)


def test_a_late_terminal_says_that_it_is_late(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            page = await at_notes(site, terminal=SLOW_TERMINAL)
            await page.call(K.insert, 1_000)
            await page.call(K.pay)
            await worked(bank)
            await becomes(page, "late")

    play(app, bank, story)


def test_a_number_that_nobody_has_takes_no_cash(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        async with doors(bank):
            page = await at_notes(site)
            assert page.shows(K).errors
            await page.call(K.insert, 1_000)
            assert page.shows(K).step == "phone"

    play(app, bank, story)
    assert sql(bank, "SELECT COUNT(*) FROM kiosk_visit")[0][0] == 0


def test_without_a_link_no_cash_is_taken(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        page = await at_notes(site)
        assert page.shows(K).errors["form"]
        assert page.shows(K).step == "phone"

    play(app, bank, story)


def test_a_terminal_that_does_not_exist_is_out_of_order(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        page = await site.open("/en/kiosk/nowhere", cookie=stranger())
        assert page.shows(K).step == "out"
        await page.call(K.top_up)
        assert page.shows(K).step == "out"

    play(app, bank, story)


def test_a_note_above_the_limit_is_given_back(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            page = await at_notes(site)
            for _ in range(26):
                await page.call(K.insert, 20_000)
            assert page.shows(K).inserted == "₸500,000"
            assert page.shows(K).errors

    play(app, bank, story)


def test_after_pay_no_more_notes_are_taken_and_pay_is_pressed_once(app: Any, bank: Bank):
    owner = customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            page = await at_notes(site)
            await page.call(K.insert, 1_000)
            for handler in (K.pay, K.pay, K.leave, K.stay):
                await page.call(handler)
            await page.call(K.insert, 1_000)
            await worked(bank)
            await becomes(page, "done")

    play(app, bank, story)
    assert balance(bank, wallet(bank, owner=str(owner))) == Money.tenge(1_000)


def test_pay_without_cash_says_so_and_moves_nothing(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            page = await at_notes(site)
            await page.call(K.pay)
            assert page.shows(K).step == "notes"
            assert page.shows(K).errors

    play(app, bank, story)


def test_leaving_with_cash_inside_pays_it(app: Any, bank: Bank):
    owner = customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            page = await at_notes(site)
            await page.call(K.insert, 1_000)
            await page.call(K.leave)
            await worked(bank)

    play(app, bank, story)
    assert balance(bank, wallet(bank, owner=str(owner))) == Money.tenge(1_000)


def test_a_path_forged_before_the_name_is_accepted_is_taken_calmly(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            page = await site.open("/en/kiosk/almaty-01", cookie=stranger())
            await page.call(K.top_up)
            await page.call(K.find, {"phone": "7010000101"})
            page.path = "/en/kiosk/nowhere"
            await page.call(K.accept)

    play(app, bank, story)


def test_a_reload_finds_the_notes_and_the_slip_again_until_it_is_finished(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            page = await at_notes(site)
            await page.call(K.insert, 1_000)
            again = await site.open(page.path, cookie=page.cookie)
            assert (again.shows(K).step, again.shows(K).inserted) == ("notes", "₸1,000")
            assert again.shows(K).masked_name == "Айгүл Н."
            strange = await site.open(page.path, cookie=stranger())
            assert strange.shows(K).step == "start"
            await again.call(K.insert, 500)
            await again.call(K.pay)
            paying = await site.open(page.path, cookie=page.cookie)
            assert paying.shows(K).step == "paying"
            await worked(bank)
            await becomes(paying, "done")
            slip = await site.open(page.path, cookie=page.cookie)
            assert (slip.shows(K).step, slip.shows(K).inserted) == ("done", "₸1,500")
            await slip.call(K.finish)
            assert slip.shows(K).step == "start"
            free = await site.open(page.path, cookie=page.cookie)
            assert (free.shows(K).step, free.shows(K).masked_name) == ("start", "")

    play(app, bank, story)


def test_one_browser_may_look_up_ten_names_a_minute(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        async with doors(bank):
            cookie = stranger()
            for number in range(11):
                page = await site.open("/en/kiosk/almaty-01", cookie=cookie)
                await page.call(K.top_up)
                await page.call(K.find, {"phone": "7010000101"})
                assert page.shows(K).step == ("name" if number < 10 else "phone")
            assert page.shows(K).errors["form"]

    play(app, bank, story)
    assert sql(bank, "SELECT COUNT(*) FROM look_up WHERE network = 'kaspi'")[0][0] == 10
