"""Deeds of the shop that several stories share: finding, the basket, the checkout, the counter."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.journeys.deeds import source, types_code
from tests.journeys.people import Person, wait_until_alive
from tests.journeys.shop_givens import Thing


def searches(person: Person, words: str) -> None:
    """Type words into the shop's line and find."""
    person.page.get_by_role("searchbox", name=person.w("shop.search.label")).fill(words)
    person.press("shop.search.find")
    person.page.wait_for_url("**/shop/search?**")
    expect(person.page.locator(".list-count")).not_to_be_empty()


def to_basket(person: Person) -> Locator:
    """The first button of a product's page: for those who listen it goes on with the seller's name."""
    return person.page.get_by_role("button", name=person.w("shop.add")).first


def takes(person: Person, *things: Thing) -> None:
    """Put a piece of each into the basket, on their own pages."""
    for each in things:
        person.open(f"/shop/p/{each.slug}")
        to_basket(person).click()
        expect(person.page.get_by_role("status").filter(has_text=person.w("shop.added"))).to_be_visible()


def basket_lines(person: Person) -> list[str]:
    """The names in the basket, whose page is open."""
    names = person.page.locator("main .goods-name")
    expect(names.first).to_be_visible()
    return names.all_inner_texts()


def goes_to_checkout(person: Person, *things: Thing) -> None:
    """From the pages of the goods to the checkout."""
    takes(person, *things)
    person.follow("shop.to_basket")
    person.arrives_at("/basket")
    person.press("checkout.go_on")
    person.page.wait_for_url("**/checkout/*")
    wait_until_alive(person.page)
    expect(order_button(person)).to_be_visible()


def order_button(person: Person) -> Locator:
    """The one button of the checkout, whose words have the sum."""
    words = re.escape(person.w("checkout.order", amount="@")).replace("@", r"[\d,.\s₸]+")
    return person.page.get_by_role("button", name=re.compile(f"^{words}$"))


def pays_with(person: Person, words: str) -> None:
    """Choose what is paid with, by words on it."""
    option = source(person, words)
    option.click()
    expect(option.locator("input")).to_be_checked()


def orders(person: Person, amount: str, *, code: bool = False) -> None:
    """Press the button, which says this sum, type the code where one is asked for, and come to the purchase."""
    button = order_button(person)
    expect(button).to_contain_text(amount)
    button.click()
    if code:
        expect(person.window).to_be_visible()
        types_code(person, naming=amount.strip("₸ "))
    person.page.wait_for_url("**/purchases/*")
    wait_until_alive(person.page)


def goes_to_contract(person: Person, amount: str) -> None:
    """Press the button for a credit of this sum and come to the contract; a code is asked for there."""
    button = order_button(person)
    expect(button).to_contain_text(amount)
    button.click()
    person.page.wait_for_url("**/purchases/*/contract")
    wait_until_alive(person.page)
    person.sees_title("contract.title")


def signs(person: Person, amount: str) -> None:
    """Sign the contract of the page with the code of the SMS, which names the sum."""
    person.press("contract.sign")
    expect(person.window).to_be_visible()
    types_code(person, naming=amount)
    expect(person.page.get_by_role("status").filter(has_text=person.w("contract.signed"))).to_be_visible()


def sees_purchase(person: Person, state: str) -> None:
    """The page of the purchase says `placed`, `funding`, `signing` or `refused`."""
    # The checkout says the same for the moment until it leads here.
    expect(person.page.locator(".result")).to_be_visible()
    person.sees_title(f"purchases.{state}.title")


def has_brought(person: Person, seller: str) -> None:
    """Have a seller's goods brought to the door."""
    ways = person.page.get_by_role("group", name=re.compile(f"^{re.escape(seller)}"))
    way = ways.locator("label.source").filter(has_text=person.w("checkout.brought"))
    way.click()
    expect(way.locator("input")).to_be_checked()
    expect(person.page.locator("#address")).to_be_visible()


def opens_order(person: Person) -> None:
    """From the purchase to its first order."""
    person.page.locator("main a[href*='/orders/']").first.click()
    person.page.wait_for_url("**/orders/*")
    wait_until_alive(person.page)
    # The title of the purchase stands there until the order has come.
    expect(person.title).to_have_text(re.compile(person.w("orders.number", code=r"\d+")))


def fetches(person: Person) -> None:
    """Stand at the simulated seller's counter and say the code of the SMS, on the order's page."""
    here = person.button("orders.counter.here")
    # The seller accepts an order after a moment.
    expect(here).to_be_visible(timeout=60_000)
    here.click()
    newest = person.page.locator(".peek .bubble").first
    expect(newest).to_contain_text(re.compile(r"(?<!\d)\d{4}(?!\d)"))
    found = re.search(r"(?<!\d)\d{4}(?!\d)", newest.locator("p").last.inner_text())
    assert found
    person.page.locator("#counter-code").fill(found.group())
    person.press("orders.counter.code")
    expect(person.page.get_by_role("main")).to_contain_text(person.w("orders.status.COMPLETED"))
