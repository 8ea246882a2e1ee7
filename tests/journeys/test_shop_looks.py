"""Every screen of buying owes what every screen owes (looks.py): the basket, the checkout, orders, contracts, plans."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import source, types_code
from tests.journeys.looks import axe_finds, owes_nothing, settle
from tests.journeys.people import PHONE, Person
from tests.journeys.server import Server
from tests.journeys.shop_deeds import (
    fetches,
    goes_to_checkout,
    has_brought,
    opens_order,
    order_button,
    pays_with,
    sees_purchase,
)
from tests.journeys.shop_givens import Thing, has_bonus, known, member, thing

LOOKS = [("kk", "light"), ("ru", "dark")]
GUESTS = ("/shop", "/shop/c/kettles", "/shop/search?q=samovar", "/shop/m/qala-market")


class Looks:
    """Looks at one screen after another and says at the end what was wrong."""

    def __init__(self) -> None:
        self.wrong: list[str] = []

    def at(self, person: Person, where: str) -> None:
        settle(person.page)
        self.wrong += owes_nothing(person.page, person.locale, where) + axe_finds(person.page, where)

    def opened(self, person: Person, path: str) -> None:
        person.open(path)
        self.at(person, path)


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture(params=LOOKS, ids=["-".join(each) for each in LOOKS])
def new_narrow(request: pytest.FixtureRequest, new_person: NewPerson) -> Callable[..., Person]:
    """People with a phone's screen, in a language and a theme."""
    locale, scheme = request.param
    return lambda **more: new_person(locale=locale, size=PHONE, color_scheme=scheme, **more)


def _buys(person: Person, this: Thing, looks: Looks) -> None:
    """By delivery, past a mistake and past the code."""
    goes_to_checkout(person, this)
    has_brought(person, "Qala Market")
    order_button(person).click()
    expect(person.mistake("address")).not_to_be_empty()
    looks.at(person, "checkout with a mistake")
    # A tap within this time of the last one is taken for the same.
    person.page.wait_for_timeout(800)
    person.fill(address="Абай даңғылы, 10")
    order_button(person).click()
    expect(person.window.locator(".peek .bubble").first).to_be_visible()
    looks.at(person, "code of an order")
    types_code(person, naming="990")
    person.page.wait_for_url("**/purchases/*")
    sees_purchase(person, "placed")


def test_from_the_shop_to_a_return(new_narrow: Callable[..., Person], server: Server, looks: Looks) -> None:
    person, samovar = new_narrow(tenge=20_000), thing(server, 9_000)
    has_bonus(person, 100)
    for path in (*GUESTS, f"/shop/p/{samovar.slug}", "/basket", "/orders", "/orders/nothing", "/purchases/nothing"):
        looks.opened(person, path)
    _buys(person, samovar, looks)
    looks.at(person, "purchase")
    opens_order(person)
    looks.at(person, "order")
    fetches(person)
    looks.at(person, "order that was received")
    person.page.get_by_role("button", name=person.w("orders.return")).first.click()
    expect(person.window).to_be_visible()
    looks.at(person, "question about a return")
    person.window.locator("label.source").filter(has_text=person.w("orders.return.unused")).click()
    person.press("orders.return.send")
    expect(person.page.get_by_role("main")).to_contain_text(person.w("orders.return.state.asked"))
    looks.at(person, "order with a return")
    looks.opened(person, "/orders")
    assert not looks.wrong, "\n".join(looks.wrong)


def test_red_and_its_bill(new_narrow: Callable[..., Person], server: Server, looks: Looks) -> None:
    person, samovar = new_narrow(tenge=20_000), thing(server, 4_000)
    looks.opened(person, "/red")
    known(person)
    looks.opened(person, "/red")
    person.press("plans.red.apply")
    expect(person.mistake("consent")).not_to_be_empty()
    looks.at(person, "joining with a mistake")
    person.page.locator("#consent").check()
    # A tap within this time of the last one is taken for the same.
    person.page.wait_for_timeout(800)
    person.press("plans.red.apply")
    expect(person.page.locator(".balance-sum")).to_be_visible()
    looks.at(person, "RED that was joined")
    goes_to_checkout(person, samovar)
    pays_with(person, person.w("shop.plan.red"))
    looks.at(person, "checkout with RED")
    order_button(person).click()
    person.page.wait_for_url("**/purchases/*")
    opens_order(person)
    fetches(person)
    looks.opened(person, "/red")
    source(person, person.w("plans.repay.part")).click()
    person.fill(amount="1000")
    person.press("common.continue")
    expect(person.window).to_be_visible()
    looks.at(person, "review of a repayment")
    person.pay_button.click()
    expect(person.page.locator(".repay-said").filter(has_text="1 000 ₸")).to_be_visible()
    looks.at(person, "RED with a repayment")
    for path in ("/plans", "/plans/nothing", "/home"):
        looks.opened(person, path)
    person.page.goto(person.url("/plans"))
    person.page.locator("main a[href*='/plans/']").first.click()
    person.page.wait_for_url("**/plans/*")
    looks.at(person, "plan of RED")
    assert not looks.wrong, "\n".join(looks.wrong)


def test_a_contract(new_narrow: Callable[..., Person], server: Server, looks: Looks) -> None:
    person, samovar = new_narrow(tenge=20_000), thing(server, 60_000)
    member(person)
    goes_to_checkout(person, samovar)
    looks.at(person, "checkout")
    person.page.locator("[data-kind=credit] label.source").first.click()
    expect(person.page.get_by_role("table", name=person.w("checkout.burden.title"))).to_be_visible()
    looks.at(person, "checkout on credit")
    order_button(person).click()
    person.page.wait_for_url("**/contract")
    looks.at(person, "contract")
    person.press("contract.sign")
    expect(person.window.locator(".peek .bubble").first).to_be_visible()
    looks.at(person, "code that signs")
    person.press("contract.code.back")
    person.follow("contract.to_purchase")
    person.sees_title("purchases.signing.title")
    looks.at(person, "purchase to be signed")
    looks.opened(person, "/plans")
    assert not looks.wrong, "\n".join(looks.wrong)
