"""The story of a new customer from the first page to the way out, on a phone and a desk, in three languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.kiosk import Kiosk
from tests.journeys.people import DESK, PHONE, is_green, tenge, was_not_reloaded, without_reload

PAYEES = {"kk": "АлматыЭнергоСбыт", "ru": "АлматыЭнергоСбыт", "en": "AlmatyEnergoSbyt"}


@pytest.mark.parametrize(
    ("locale", "size"), [("kk", PHONE), ("ru", DESK), ("en", PHONE)], ids=["kk-phone", "ru-desk", "en-phone"]
)
def test_a_new_customer_registers_tops_up_and_pays_for_electricity(
    new_person: NewPerson, locale: str, size: tuple[int, int]
) -> None:
    person = new_person(locale=locale, size=size)
    page = person.page

    person.open("")
    person.follow("welcome.register")
    person.arrives_at("/register")
    person.register()
    person.sees_title("registration.done.title")
    person.follow("registration.done.home")
    person.arrives_at("/home")
    person.sees_balance(tenge(locale, 0))

    without_reload(page)
    kiosk = Kiosk(person, "almaty-01")
    kiosk.top_up(person.phone, 20_000, 5_000)
    kiosk.sees_title("kiosk.done.title")
    is_green(kiosk.disc)
    person.sees_balance(tenge(locale, 25_000))
    was_not_reloaded(page)

    person.proposes("04512287", "20000")
    expect(person.window).to_contain_text(tenge(locale, 20_000, 0))
    person.pay_button.click()
    person.window.locator("#code").fill(person.code_from_phone(naming=tenge(locale, 20_000, 0)))
    person.sees_result("done")
    person.follow("home.title")
    person.arrives_at("/home")
    person.sees_balance(tenge(locale, 5_000))
    person.sees_bonus(tenge(locale, 200))

    person.follow("home.history")
    person.arrives_at("/my-payments/history")
    expect(page.locator(".operation")).to_have_count(2)
    for disc in page.locator(".operation svg.disc").all():
        is_green(disc)
    person.row(PAYEES[locale]).click()
    page.wait_for_url("**/receipt/*")
    expect(page.locator(".result")).to_contain_text(tenge(locale, 20_000, 0))

    person.sign_out()
    person.sees_title("welcome.title")
