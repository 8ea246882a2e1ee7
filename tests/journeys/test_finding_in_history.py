"""Finding a payment again: search and filters in the address, repeating one, keeping its account."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import asks_service, goes_to_bill, opens_receipt, reviews
from tests.journeys.people import DESK, PHONE, Person, en, wait_until_alive

ACCOUNT, NUMBER = "04512295", "7015551234"


def _pays_twice(person: Person) -> None:
    """Electricity, then a phone."""
    person.pay_bill(ACCOUNT, "1234,56")
    person.sees_result("done")
    asks_service(person, "kcell-activ", account=NUMBER)
    person.fill(amount="300")
    reviews(person)
    person.pay_button.click()
    person.sees_result("done")


def _sees(person: Person, *titles: str) -> None:
    """These operations and no others, newest first."""
    rows = person.page.locator(".operation-title")
    expect(rows).to_have_text(list(titles))


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_search_and_filters_stay_in_the_address_over_a_reload(new_person: NewPerson, size: tuple[int, int]) -> None:
    person = new_person(tenge=5_000, size=size)
    _pays_twice(person)
    electricity, mobile, topup = "AlmatyEnergoSbyt", "activ, Kcell", en("operations.topup")
    person.open("/my-payments/history")
    _sees(person, mobile, electricity, topup)

    for typed, found in {"energo": electricity, NUMBER: mobile, "1234.56": electricity, "5000": topup}.items():
        person.fill(q=typed)
        person.page.locator("#q").press("Enter")
        _sees(person, found)
        assert f"q={typed}" in person.page.url
    person.page.reload()
    wait_until_alive(person.page)
    _sees(person, topup)
    expect(person.page.locator("#q")).to_have_value("5000")
    person.follow("history.clear")
    person.arrives_at("/my-payments/history")
    _sees(person, mobile, electricity, topup)

    person.follow("history.show.out")
    person.page.wait_for_url("**/history?show=out")
    _sees(person, mobile, electricity)
    person.page.locator("details.more-filters summary").click()
    person.follow("operations.category.electricity")
    person.page.wait_for_url("**category=electricity*")
    _sees(person, electricity)
    address = person.page.url
    person.page.reload()
    wait_until_alive(person.page)
    _sees(person, electricity)
    assert person.page.url == address
    chosen = person.page.get_by_role("link", name=en("history.show.out"), exact=True)
    expect(chosen).to_have_attribute("aria-current", "true")

    person.page.go_back()
    _sees(person, mobile, electricity)
    person.fill(q="nothing like it")
    person.page.locator("#q").press("Enter")
    expect(person.page.locator(".empty")).to_contain_text(en("history.nothing"))


def test_a_payment_is_repeated_from_history_with_its_account_filled_in(new_person: NewPerson) -> None:
    person = new_person(tenge=5_000)
    _pays_twice(person)
    person.open("/my-payments/history")
    person.row("activ, Kcell").click()
    person.page.wait_for_url("**/receipt/*")
    person.follow("receipt.repeat")
    person.page.wait_for_url("**/payments/s/kcell-activ?repeat=*")
    expect(person.page.locator("#account")).to_have_value(NUMBER)
    goes_to_bill(person)
    expect(person.page.locator("[name=amount]")).to_have_value("300")
    person.fill(amount="200")
    reviews(person)
    person.pay_button.click()
    person.sees_result("done")
    assert [row[0] for row in person.server.payments(person.phone)] == [ACCOUNT, NUMBER, NUMBER]
    person.has("₸3,265.44")


def test_an_account_is_kept_as_a_favourite_named_used_and_let_go(new_person: NewPerson) -> None:
    person = new_person(tenge=5_000)
    person.pay_bill(ACCOUNT, "500")
    person.sees_result("done")
    opens_receipt(person)
    star = person.page.get_by_role("button", name=re.compile(f"{en('favourites.star.off')}|{en('favourites.star.on')}"))
    expect(star).to_have_attribute("aria-pressed", "false")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")

    person.open("/payments")
    shelf = person.page.locator("#favourites .shelf-item")
    expect(shelf).to_contain_text(ACCOUNT)
    person.follow("favourites.change")
    person.arrives_at("/payments/favourites")
    person.page.locator("input[name=name]").fill("Mother's flat")
    person.press("favourites.save")
    expect(person.page.get_by_role("main")).to_contain_text(en("favourites.saved"))

    person.open("/payments")
    expect(shelf).to_contain_text("Mother's flat")
    shelf.click()
    person.page.wait_for_url("**/payments/s/almaty-energo?favourite=*")
    expect(person.page.locator("#account")).to_have_value(ACCOUNT)

    person.open("/payments/favourites")
    person.press("favourites.remove")
    expect(person.page.locator(".empty")).to_contain_text(en("favourites.empty"))
    person.press("favourites.undo")
    expect(person.page.locator("input[name=name]")).to_have_value("Mother's flat")
