"""Every step of a deed owes what every screen owes (looks.py): forms with mistakes, windows, codes, outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import CVC, EXPIRY, asks_service, opens_receipt, reviews, source, types_code
from tests.journeys.givens import PASSWORD
from tests.journeys.looks import axe_finds, owes_nothing, settle
from tests.journeys.people import Person

NARROW = (320, 640)
LOOKS = [("kk", "light"), ("ru", "dark")]


class Looks:
    """Looks at one screen after another and says at the end what was wrong."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def at(self, person: Person, where: str) -> None:
        settle(person.page)
        self.wrong += owes_nothing(person.page, person.locale, where) + axe_finds(person.page, where)


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture(params=LOOKS, ids=["-".join(each) for each in LOOKS])
def new_narrow(request: pytest.FixtureRequest, new_person: NewPerson) -> Callable[..., Person]:
    """People with the narrowest of screens, in a language and a theme."""
    locale, scheme = request.param
    return lambda **more: new_person(locale=locale, size=NARROW, color_scheme=scheme, **more)


def test_a_registration(new_narrow: Callable[..., Person], looks: Looks) -> None:
    person = new_narrow()
    person.asks_for_code()
    person.arrives_at("/register/code")
    person.code_from_phone()
    looks.at(person, "code")
    person.fill(code=person.code_from_phone())
    person.arrives_at("/register/person")
    person.describes_themselves(given_name="1", family_name="", born_day="")
    expect(person.mistake("born")).not_to_be_empty()
    looks.at(person, "person with mistakes")
    assert not looks.wrong, "\n".join(looks.wrong)


def test_a_payment(new_narrow: Callable[..., Person], looks: Looks) -> None:
    person = new_narrow(tenge=450_000)
    person.asks_debt("1")
    expect(person.mistake("account")).not_to_be_empty()
    looks.at(person, "account with a mistake")
    person.proposes("04512287", "440000,55")
    looks.at(person, "review")
    person.pay_button.click()
    expect(person.window.locator(".peek .bubble").first).to_be_visible()
    looks.at(person, "code of a payment")
    person.fill(code=person.code_from_phone(naming="440"))
    person.sees_result("done")
    looks.at(person, "result")
    opens_receipt(person)
    looks.at(person, "receipt")
    person.open("/payments")
    looks.at(person, "payments with what was paid")
    person.open("/balance")
    person.page.locator("main a[href*='/balance/']").first.click()
    person.page.wait_for_url("**/balance/*")
    expect(person.title).to_be_visible()
    looks.at(person, "entry")
    assert not looks.wrong, "\n".join(looks.wrong)


def test_a_bill_by_lines_and_a_menu(new_narrow: Callable[..., Person], looks: Looks) -> None:
    person = new_narrow(tenge=40_000)
    asks_service(person, "almaty-alseco", account="04512287")
    person.page.locator("#reading-power").fill("1")
    person.page.locator("#reading-power").blur()
    expect(person.mistake("reading-power")).not_to_be_empty()
    looks.at(person, "lines with a mistake")
    person.page.locator("#reading-power").fill("17812")
    person.page.locator("#reading-power").blur()
    reviews(person)
    looks.at(person, "review of lines")
    asks_service(person, "almatv-net", account="624512287")
    looks.at(person, "menu of tariffs")
    assert not looks.wrong, "\n".join(looks.wrong)


def test_cards_and_their_codes(new_narrow: Callable[..., Person], looks: Looks) -> None:
    person = new_narrow(tenge=1_000)
    person.open("/cards/link")
    person.fill(number="4242424242424241", expiry=EXPIRY, cvc=CVC)
    person.press("cards.link.submit")
    expect(person.mistake("number")).not_to_be_empty()
    looks.at(person, "card with a mistake")
    person.fill(number="4242424242424242", expiry=EXPIRY, cvc=CVC)
    person.press("cards.link.submit")
    person.page.wait_for_url(re.compile(r"/cards/link/\w+"))
    expect(person.page.locator(".peek .bubble").first).to_be_visible()
    looks.at(person, "code of a card")
    types_code(person, naming="")
    person.arrives_at("/cards")
    person.press("cards.open")
    expect(person.page.locator(".bank-card")).to_have_count(2)
    looks.at(person, "cards")
    asks_service(person, "kcell-activ", account="7015551234")
    person.fill(amount="500")
    source(person, "4242").click()
    reviews(person)
    person.pay_button.click()
    person.sees_title("payments.result.challenge.title")
    looks.at(person, "code of the card's bank")
    person.open("/cards")
    person.button("cards.unlink").or_(person.page.locator(".bank-card-deeds button").last).last.click()
    expect(person.window).to_be_visible()
    looks.at(person, "question before unlinking")
    person.press("cards.keep")
    person.follow("cards.requisites")
    person.page.wait_for_url("**/requisites?*")
    looks.wrong += owes_nothing(person.page, person.locale, "password") + axe_finds(person.page, "password")
    person.fill(password=PASSWORD)
    person.press("cards.requisites_show")
    expect(person.page.locator("dl.summary")).to_be_visible()
    looks.wrong += owes_nothing(person.page, person.locale, "requisites") + axe_finds(person.page, "requisites")
    assert not looks.wrong, "\n".join(looks.wrong)


def test_a_transfer(new_narrow: Callable[..., Person], looks: Looks) -> None:
    person, payee = new_narrow(tenge=20_000), new_narrow(tenge=0)
    person.open("/transfers")
    person.fill(phone=payee.phone)
    person.press("common.continue")
    expect(person.page.locator("#amount")).to_be_visible()
    looks.at(person, "sum of a transfer")
    person.fill(amount="6000")
    person.press("common.continue")
    expect(person.window).to_be_visible()
    looks.at(person, "review of a transfer")
    person.pay_button.click()
    expect(person.window.locator(".peek .bubble").first).to_be_visible()
    looks.at(person, "code of a transfer")
    types_code(person, naming="6")
    person.sees_title("transfers.held.title")
    looks.at(person, "countdown")
    person.press("transfers.send_now")
    person.sees_title("transfers.done.title")
    looks.at(person, "sent")
    person.press("transfers.ask_back")
    expect(person.page.locator("main .notice-info")).to_be_visible()
    looks.at(person, "asked back")
    payee.open("/transfers")
    looks.at(payee, "somebody asks for money back")
    payee.page.locator("#asked a").click()
    payee.page.wait_for_url("**/transfers/in/*")
    payee.sees_title("transfers.incoming.title")
    looks.at(payee, "incoming transfer")
    assert not looks.wrong, "\n".join(looks.wrong)
