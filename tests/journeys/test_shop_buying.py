"""Buying: with the wallet, with bonuses and another bank's card, once only, and never for a price that was not seen."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import facts, links_card, opens_receipt, types_code
from tests.journeys.people import DESK, en, is_green, wait_until_alive
from tests.journeys.server import Server
from tests.journeys.shop_deeds import (
    fetches,
    goes_to_checkout,
    has_brought,
    opens_order,
    order_button,
    orders,
    pays_with,
    sees_purchase,
)
from tests.journeys.shop_givens import OTHER_SELLER, costs, has_bonus, left_of, orders_of, purchases_of, thing

MASTERCARD = "5555555555554444"


def test_a_purchase_from_the_wallet_is_fetched_with_the_buyers_code(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(tenge=20_000), thing(server, 12_990)
    goes_to_checkout(person, samovar)
    assert facts(person, "#total")[en("checkout.total.bonus")] == "+₸129.90"
    orders(person, "₸12,990", code=True)
    sees_purchase(person, "placed")
    is_green(person.page.locator(".result svg.disc"))
    assert left_of(server, samovar) == 9
    person.has("₸7,010", bonus="₸0")

    person.page.go_back()
    opens_order(person)
    fetches(person)
    assert orders_of(person) == [("ARCHIVE", "COMPLETED")]
    person.follow("payments.result.receipt")
    person.page.wait_for_url("**/receipt/*")
    expect(person.page.get_by_role("main")).to_contain_text("12,990")
    person.has("₸7,010", bonus="₸129.90")
    assert server.audit().endswith("\nclean")


def test_two_sellers_are_paid_with_bonuses_and_another_banks_card(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=300)
    first, second = thing(server, 4_000), thing(server, 2_500, seller=OTHER_SELLER)
    has_bonus(person, 500)
    links_card(person, MASTERCARD)
    goes_to_checkout(person, first, second)

    has_brought(person, "Nomad Store")
    pays_with(person, "4444")
    person.fill(bonus="500,01")
    order_button(person).click()
    # The field of bonuses speaks up half a second later; what was said of the form stands all the same.
    person.page.wait_for_timeout(1500)
    person.sees_mistake("address", en("refusal.address_needed"))
    person.fill(address="Abay Avenue, 10, flat 5")
    order_button(person).click()
    person.sees_mistake("bonus", en("refusal.bonus_short", have="₸500"))
    person.page.wait_for_timeout(800)
    person.fill(bonus="500")
    expect(order_button(person)).to_contain_text("₸7,490")
    orders(person, "₸7,490", code=True)

    person.sees_title("purchases.challenge.title")
    assert orders_of(person) == [("NEW", "FUNDING")] * 2
    types_code(person, naming="6990,00")
    sees_purchase(person, "placed")
    told = facts(person, "main")
    assert (told[en("checkout.total.bonus_spent")], told[en("checkout.total.bonus")]) == ("₸500.00", "+₸69.89")
    assert orders_of(person) == [("NEW", "APPROVED_BY_BANK")] * 2
    assert (left_of(server, first), left_of(server, second)) == (9, 9)
    person.has("₸300", bonus="₸0")
    assert server.audit().endswith("\nclean")


def test_two_windows_and_two_taps_make_one_purchase(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(tenge=20_000), thing(server, 4_500)
    goes_to_checkout(person, samovar)
    other = person.new_device().new_page()
    other.context.add_cookies(person.context.cookies())
    other.goto(person.page.url)
    wait_until_alive(other)
    again = other.get_by_role("button", name=re.compile("₸4,500"))
    expect(again).to_be_visible()

    # By hand: the second window follows the first at once, and a patient click would find no button.
    mine, theirs = order_button(person).element_handle(), again.element_handle()
    theirs.evaluate("(each) => each.click()")
    mine.evaluate("(each) => { each.click(); each.click(); }")
    assert _purchase_in(other) == _purchase_in(person.page)
    assert len(purchases_of(person)) == 1
    assert left_of(server, samovar) == 9
    person.has("₸15,500")


def _purchase_in(page: Page) -> str:
    """The address of the purchase; a window whose tap came second has a link to it."""
    onward = page.get_by_role("link", name=en("checkout.bought.open"), exact=True)
    expect(page.get_by_role("heading", level=1)).to_have_text(en("purchases.placed.title"))
    page.wait_for_timeout(1000)
    if onward.is_visible():
        onward.click()
    page.wait_for_url("**/purchases/*")
    return page.url


def test_a_price_that_changed_is_shown_before_anything_is_paid(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(locale="ru", size=DESK, tenge=20_000), thing(server, 3_000)
    goes_to_checkout(person, samovar)
    costs(server, samovar, 3_210)
    order_button(person).click()
    alert = person.page.get_by_role("alert").filter(has_text=person.w("checkout.prices_changed"))
    expect(alert).to_be_visible()
    expect(alert).to_contain_text("3 000 ₸ → 3 210 ₸")
    assert purchases_of(person) == []
    assert left_of(server, samovar) == 10
    # A tap within this time of the last one is taken for the same.
    person.page.wait_for_timeout(800)
    orders(person, "3 210 ₸")
    sees_purchase(person, "placed")
    person.has("16 790 ₸")


def test_a_tap_without_a_connection_buys_nothing_later_either(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(tenge=20_000), thing(server, 2_000)
    goes_to_checkout(person, samovar)
    person.console.forgive("ERR_INTERNET_DISCONNECTED")
    person.context.set_offline(True)
    # Before any word of it is on the page: the framework itself must drop the tap.
    order_button(person).evaluate("(each) => each.click()")
    expect(order_button(person)).to_have_attribute("aria-disabled", "true")
    person.context.set_offline(False)
    person.page.wait_for_timeout(4000)
    assert purchases_of(person) == []
    assert left_of(server, samovar) == 10
    orders(person, "₸2,000")
    assert len(purchases_of(person)) == 1
    expect(opens_receipt(person)).to_contain_text("2,000")
