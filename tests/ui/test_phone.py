"""The simulated phone: messages to the numbers of this browser, at once, beside any page, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.gateways.sms import gateway_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.ui.payments.service import ServiceState
from kaspi_web.ui.registration.state import RegistrationState as R
from kaspi_web.ui.sign_in.state import ResetState
from kaspi_web.ui.sim.state import PhoneState as P
from kaspi_web.ui.terminal.state import KioskState
from kaspi_web.workers import sms
from tests.api.browsers import PASSWORD, Browser, with_password
from tests.api.terminals import client
from tests.databases import open_bank
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.onboarding import begun, described
from tests.make.phone import browser, numbers_of, owners, received
from tests.ui.harness import Page, Site, play, signed_in, stranger
from tests.workers.waiting import until

ASKED = {"phone": "701 000 01 01"}


async def delivered(bank: Bank) -> None:
    await sms.deliver(bank, gateway_of(bank))


def texts(page: Page) -> list[str]:
    return [each["text"] for each in page.shows(P).messages]


def cookies(bank: Bank, *numbers: str) -> str:
    """The Cookie header of somebody who is not signed in, in a browser with these numbers."""
    return f"{stranger()}; {browser(bank, *numbers)}"


def test_a_browser_sees_the_number_that_it_asked_a_code_for_without_a_reload(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        page = await site.open("/en/register", cookie=cookies(bank))
        assert (page.shows(P).ready, page.shows(P).numbers) == (True, [])
        await page.call(R.begin, ASKED)
        await until(lambda: page.shows(P).numbers == ["+7 701 000 01 01"])
        await delivered(bank)
        await until(lambda: page.shows(P).messages)
        assert len(page.shows(P).messages[0]["code"]) == 6

    play(app, bank, story)


def test_a_second_browser_that_asks_for_the_same_number_sees_nothing(app: Any, bank: Bank):
    first, second = browser(bank), browser(bank)

    async def story(site: Site) -> None:
        mine = await site.open("/en/register", cookie=f"{stranger()}; {first}")
        await mine.call(R.begin, ASKED)
        other = await site.open("/en/register", cookie=f"{stranger()}; {second}")
        await other.call(R.begin, ASKED)
        await delivered(bank)
        await until(lambda: mine.shows(P).messages)
        for path in ("/en/register/code", "/en/sim", "/en"):
            await other.go(path)
            assert (other.shows(P).numbers, other.shows(P).messages) == ([], [])
        assert not [text for text in received(bank) if text in other.everything]

    play(app, bank, story)
    assert (numbers_of(bank, first), numbers_of(bank, second)) == (["+77010000101"], [])


def test_a_new_password_binds_nothing(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/reset", cookie=cookies(bank))
        await page.call(ResetState.begin, ASKED)
        assert page.went_to
        await page.go(page.went_to[-1])
        await delivered(bank)
        await page.go("/en/sim")
        assert page.shows(P).messages == []

    play(app, bank, story)
    assert len(received(bank, PHONE)) == 1
    assert owners(bank) == 0


def test_typing_a_number_elsewhere_binds_nothing(app: Any, bank: Bank):
    owner = customer(bank)
    customer(bank, phone=OTHER_PHONE)

    async def story(site: Site) -> None:
        kiosk = await site.open("/en/kiosk/almaty-01", cookie=cookies(bank))
        await kiosk.call(KioskState.top_up)
        await kiosk.call(KioskState.find, {"phone": "7010000102"})
        page = await site.open("/en/payments/s/almaty-energo", cookie=f"{signed_in(bank, owner)}; {browser(bank)}")
        await page.call(ServiceState.check, {"account": "7010000102", "phone": "7010000102"})
        for refused in ("12", "727 250 00 00", "+44 20 7946 0018"):
            guest = await site.open("/en/register", cookie=cookies(bank))
            await guest.call(R.begin, {"phone": refused})
            assert guest.shows(R).errors["phone"]

    play(app, bank, story)
    assert owners(bank) == 0


def test_a_registration_for_the_number_of_an_open_wallet_binds_nothing(app: Any, bank: Bank):
    """Somebody else asked first, on another day or in another browser; else any stranger could read codes."""
    customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/register", cookie=cookies(bank))
        await page.call(R.begin, ASKED)
        assert page.went_to

    play(app, bank, story)
    assert owners(bank) == 0


def test_a_browser_without_a_name_binds_and_sees_nothing(app: Any, bank: Bank):
    begun(bank)

    async def story(site: Site) -> None:
        await delivered(bank)
        for cookie in ("", stranger(), f"{stranger()}; phone=", f"{stranger()}; phone=../../x"):
            page = await site.open("/en/register", cookie=cookie)
            if cookie:
                await page.call(R.begin, {"phone": "7010000102"})
            await page.call(P.toggle)
            assert page.shows(P).get("messages", []) == []

    play(app, bank, story)
    assert owners(bank) == 0


def test_after_signing_in_the_same_browser_still_sees_its_number(app: Any, bank: Bank):
    with_password(bank)
    phone, before = browser(bank, PHONE), stranger()

    async def story(site: Site) -> None:
        client = Browser(bank, before.removeprefix("sid="))
        await client.posted("sign-in", {"phone": PHONE, "password": PASSWORD, "locale": "en"})
        after = client.cookie_header
        assert before not in after
        begun(bank, purpose="reset")
        await delivered(bank)
        page = await site.open("/en/home", cookie=f"{after}; {phone}")
        assert len(page.shows(P).messages) == 1

    play(app, bank, story)


def test_the_wallet_that_was_just_opened_tells_its_own_browser(app: Any, bank: Bank):
    phone, sid = browser(bank, PHONE), described(bank)

    async def story(site: Site) -> None:
        client = Browser(bank, sid)
        await client.posted("register", {"password": PASSWORD, "locale": "en"})
        home = await site.open("/en/home", cookie=f"{client.cookie_header}; {phone}")
        await delivered(bank)
        await until(lambda: len(home.shows(P).messages) == 2)
        assert set(texts(home)) == set(received(bank, PHONE))

    play(app, bank, story)


def test_who_is_signed_in_opens_nothing_in_a_browser_of_somebody_else(app: Any, bank: Bank):
    owner = customer(bank)
    begun(bank, purpose="reset")

    async def story(site: Site) -> None:
        await delivered(bank)
        page = await site.open("/en/profile", cookie=f"{signed_in(bank, owner)}; {browser(bank)}")
        assert (page.shows(P).ready, page.shows(P).messages) == (True, [])

    play(app, bank, story)


def test_the_dot_says_what_was_not_looked_at(app: Any, bank: Bank):
    begun(bank)

    async def story(site: Site) -> None:
        await delivered(bank)
        page = await site.open("/en", cookie=cookies(bank, PHONE, OTHER_PHONE))
        assert (page.shows(P).opened, page.shows(P).unread) == (False, False)
        begun(bank, phone=OTHER_PHONE)
        await delivered(bank)
        await until(lambda: page.shows(P).unread)
        await page.call(P.toggle)
        assert (page.shows(P).opened, page.shows(P).unread) == (True, False)
        await page.go("/en/login")
        assert page.shows(P).opened, "it stays open beside the next page"
        await page.call(P.toggle)
        assert (page.shows(P).opened, page.shows(P).unread) == (False, False)

    play(app, bank, story)


def test_a_message_of_another_sender_comes_by_itself_and_names_it(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        page = await site.open("/en", cookie=cookies(bank, PHONE))
        for name, to in (("processor", PHONE), ("some-bank", PHONE), ("some-bank", OTHER_PHONE)):
            given = {"message_id": to[1:], "phone": to, "text": "Code 123456."}
            async with client(bank, auth=(name, bank.keys.secret("carrier", name))) as http:
                assert (await http.post("/sim/sms", json=given)).status_code == 204
        await until(lambda: len(page.shows(P).messages) == 2)
        shown = [(each["sender"], each["code"]) for each in page.shows(P).messages]
        assert shown == [("some-bank", "123456"), ("Card processor", "123456")]

    play(app, bank, story)


@pytest.mark.parametrize("handler", [P.load, P.toggle], ids=["load", "toggle"])
def test_outside_demos_no_handler_answers_and_no_number_is_noted(app: Any, bank: Bank, handler: Any):
    mine = browser(bank, PHONE)
    begun(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/register", cookie=f"{stranger()}; {mine}")
        await page.call(handler)
        await page.call(R.begin, {"phone": "7010000102"})
        assert page.went_to
        assert not [each for each in page.shows(P).get("messages", []) + page.shows(P).get("numbers", []) if each]
        assert not page.shows(P).get("opened")

    with open_bank(bank.settings.database, bank.settings.data_dir, demo=False) as real:
        play(app, real, story)
    assert owners(bank) == 1
