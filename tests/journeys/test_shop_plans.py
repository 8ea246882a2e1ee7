"""Buying in parts: joining RED and paying its bill early, and a credit with its contract, part of it repaid early."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import facts, source
from tests.journeys.people import Person, en, wait_until_alive
from tests.journeys.server import Server
from tests.journeys.shop_deeds import (
    fetches,
    goes_to_checkout,
    goes_to_contract,
    opens_order,
    orders,
    pays_with,
    sees_purchase,
    signs,
)
from tests.journeys.shop_givens import known, member, orders_of, thing


def _joins_red(person: Person) -> None:
    """From the rules to the decision; the IIN becomes known on the way."""
    person.open("/red")
    main = person.page.get_by_role("main")
    expect(main).to_contain_text("2,000")
    person.follow("plans.red.give_iin")
    person.page.wait_for_url("**/identity?next=**")
    known(person)
    person.page.reload()
    wait_until_alive(person.page)
    person.follow("identity.continue")
    person.arrives_at("/red")
    expect(person.page.locator("#consent")).not_to_be_checked()
    person.press("plans.red.apply")
    expect(person.mistake("consent")).to_contain_text(en("plans.red.must_consent"))
    person.page.locator("#consent").check()
    # A tap within this time of the last one is taken for the same.
    person.page.wait_for_timeout(800)
    person.press("plans.red.apply")
    expect(main).to_contain_text(en("plans.red.approved", limit="₸50,000"))


def test_joining_red_buying_with_it_and_paying_the_bills_early(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(tenge=10_000), thing(server, 8_000)
    _joins_red(person)
    goes_to_checkout(person, samovar)
    pays_with(person, en("shop.plan.red"))
    burden = person.page.get_by_role("table", name=en("checkout.burden.title"))
    expect(burden.get_by_role("row")).to_have_count(4)
    expect(burden).to_contain_text("₸2,667")
    expect(burden).to_contain_text("₸2,666")
    orders(person, "₸8,000", code=True)
    sees_purchase(person, "placed")
    opens_order(person)
    fetches(person)
    person.has("₸10,000", bonus="₸80")

    person.open("/red")
    expect(person.page.locator(".balance-sum")).to_have_text("₸42,000")
    expect(person.page.get_by_role("main")).to_contain_text("₸2,667")
    source(person, en("plans.repay.everything")).click()
    person.press("common.continue")
    expect(person.window).to_contain_text("₸8,000")
    person.pay_button.click()
    expect(person.page.locator(".repay-said").filter(has_text=en("plans.repay.paid_off", sum="₸8,000"))).to_be_visible()
    expect(person.page.locator(".balance-sum")).to_have_text("₸50,000")
    person.has("₸2,000")
    assert server.audit().endswith("\nclean")


def test_red_says_what_stands_in_its_way(new_person: NewPerson, server: Server) -> None:
    person, dear = new_person(locale="ru", tenge=1_000), thing(server, 60_000)
    member(person)
    goes_to_checkout(person, dear)
    option = source(person, person.w("shop.plan.red"))
    expect(option.locator("input")).to_be_disabled()
    expect(option).to_contain_text("50 000 ₸")
    assert orders_of(person) == []


def test_a_credit_is_signed_by_a_code_and_a_part_of_it_repaid_early(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(tenge=20_000), thing(server, 60_000)
    known(person)
    goes_to_checkout(person, samovar)
    term = person.page.locator("[data-kind=credit] label.source").filter(has_text=en.count("checkout.months", 12))
    term.click()
    expect(term.locator("input")).to_be_checked()
    expect(person.page.get_by_role("table", name=en("checkout.burden.title"))).to_be_visible()
    goes_to_contract(person, "₸60,000")
    rate = person.page.locator(".gesv-figure").inner_text()
    assert re.fullmatch(r"[34]\d\.\d+\s?%", rate), rate
    said = facts(person, "main")
    assert said[en("contract.amount")] == "₸60,000.00"
    expect(person.page.get_by_role("table", name=en("contract.schedule")).get_by_role("row")).to_have_count(13)
    assert orders_of(person) == [("SIGN_REQUIRED", "APPROVED_BY_BANK")]
    signs(person, "60,000")
    assert orders_of(person) == [("NEW", "APPROVED_BY_BANK")]

    person.follow("contract.to_purchase")
    person.page.wait_for_url(re.compile(r"/purchases/[^/]+$"))
    sees_purchase(person, "placed")
    opens_order(person)
    fetches(person)
    person.has("₸20,000", bonus="₸600")
    person.page.go_back()
    person.follow("orders.plan")
    person.page.wait_for_url("**/plans/*")
    wait_until_alive(person.page)
    _repays_early(person)
    person.has("₸10,000")
    assert server.audit().endswith("\nclean")


def _repays_early(person: Person) -> None:
    """A part; what is asked for afterwards is smaller. All of it is more than the wallet has."""
    rows = person.page.locator("table.schedule tbody .schedule-sum")
    expect(rows).to_have_count(12)
    before = rows.all_inner_texts()
    source(person, en("plans.repay.everything")).click()
    person.press("common.continue")
    expect(person.page.get_by_role("alert").filter(has_text="₸40,000")).to_be_visible()
    source(person, en("plans.repay.part")).click()
    person.fill(amount="70000")
    person.press("common.continue")
    expect(person.mistake("amount")).not_to_be_empty()
    expect(person.page.locator("#amount")).to_have_value("70000")
    person.fill(amount="10000")
    person.press("common.continue")
    expect(person.window).to_contain_text(en("plans.review.coming"))
    assert facts(person, "[role=dialog]")[en("plans.review.left")] == "₸50,000"
    person.pay_button.click()
    expect(person.page.locator(".repay-said").filter(has_text=en("plans.repay.paid", sum="₸10,000"))).to_be_visible()
    expect(rows.first).not_to_have_text(before[0])
    expect(person.page.locator(".balance-sum")).to_have_text("₸50,000")


def test_a_credit_that_is_turned_down_lends_nothing(new_person: NewPerson, server: Server) -> None:
    person, samovar = new_person(locale="kk", tenge=1_000), thing(server, 30_000)
    known(person)
    goes_to_checkout(person, samovar)
    term = person.page.locator("[data-kind=credit] label.source").first
    term.click()
    expect(term.locator("input")).to_be_checked()
    goes_to_contract(person, "30 000 ₸")
    person.press("contract.decline")
    person.window.get_by_role("button", name=person.w("contract.decline"), exact=True).click()
    person.sees_title("contract.over.title")
    assert orders_of(person) == [("ARCHIVE", "CANCELLED")]
    person.has("1 000 ₸")
