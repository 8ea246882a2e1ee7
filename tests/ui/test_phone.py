"""The simulated phone: messages of one number or of all, and of the number that this browser is busy with."""

from __future__ import annotations

from typing import Any

from kaspi_web.gateways.sms import gateway_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.ui.sim.state import PhoneState as P
from kaspi_web.workers import sms
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.onboarding import begun
from tests.ui.harness import Site, play, signed_in, stranger
from tests.workers.waiting import until


async def delivered(bank: Bank) -> None:
    await sms.deliver(bank, gateway_of(bank))


def test_all_numbers_or_one(app: Any, bank: Bank):
    begun(bank, phone=PHONE)
    begun(bank, phone=OTHER_PHONE)

    async def story(site: Site) -> None:
        await delivered(bank)
        page = await site.open("/en/sim", cookie=stranger())
        assert len(page.shows(P).messages) == 2
        await page.call(P.choose, {"phone": "7010000102"})
        assert [each["phone"] for each in page.shows(P).messages] == ["+7 701 000 01 02"]
        assert len(page.shows(P).messages[0]["code"]) == 6
        await page.call(P.choose, {"phone": "12"})
        assert page.shows(P).errors["phone"]
        await page.call(P.choose, {"phone": ""})
        assert len(page.shows(P).messages) == 2

    play(app, bank, story)


def test_a_message_appears_by_itself_on_the_page_that_waits_for_it(app: Any, bank: Bank):
    cookie = begun(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/register/code", cookie=f"sid={cookie}")
        await page.call(P.load_mine)
        assert page.shows(P).messages == []
        await delivered(bank)
        await until(lambda: page.shows(P).messages)

    play(app, bank, story)


def test_the_peek_shows_the_number_of_whoever_is_signed_in_and_of_nobody_else(app: Any, bank: Bank):
    owner = customer(bank)
    begun(bank, phone=OTHER_PHONE)

    async def story(site: Site) -> None:
        await delivered(bank)
        page = await site.open("/en/profile", cookie=signed_in(bank, owner))
        await page.call(P.load_mine)
        assert page.shows(P).messages == []
        nobody = await site.open("/en", cookie=stranger())
        await nobody.call(P.load_mine)
        assert nobody.shows(P).messages == []

    play(app, bank, story)
