"""Sums, accounts and billers that say no: a message in its place, what was typed kept, nothing moved."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.people import en
from tests.journeys.server import Server

ACCOUNT = "04512287"
SUMS = {
    "0": en("refusal.amount_not_above_zero"),
    "-5": en("refusal.amount_not_above_zero"),
    "1e5": en("refusal.amount_unreadable"),
    "1,234": en("refusal.amount_ambiguous", typed="1,234", large="₸1,234", small="₸1.23"),
    "10.005": en("refusal.amount_ambiguous", typed="10.005", large="₸10,005", small="₸10"),
    "10.0005": en("refusal.amount_too_fine"),
    "9,99": en("refusal.amount_out_of_range", minimum="₸10", maximum="₸1,000,000"),
    "1000000,01": en("refusal.amount_out_of_range", minimum="₸10", maximum="₸1,000,000"),
    "": en("refusal.amount_unreadable"),
}


def test_a_bad_sum_is_refused_at_the_field_and_stays_there(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=2_000)
    person.asks_debt(ACCOUNT)
    person.page.wait_for_url("**/payments/i/*")
    field = person.page.locator("#amount")
    expect(field).to_have_value("20000")
    for typed, says in SUMS.items():
        field.fill(typed)
        person.press("payments.pay")
        person.sees_mistake("amount", says)
        expect(field).to_have_value(typed)
        expect(person.window).to_be_hidden()
    assert server.payments(person.phone) == []


def test_more_than_the_balance_says_how_much_is_missing(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=2_000)
    person.asks_debt(ACCOUNT)
    person.page.wait_for_url("**/payments/i/*")
    person.fill(amount="2000,01")
    person.press("payments.pay")
    person.sees_mistake("amount", en("refusal.insufficient_funds", missing="₸0.01"))
    expect(person.page.locator("#amount")).to_have_value("2000,01")
    expect(person.window).to_be_hidden()
    assert server.payments(person.phone) == []
    person.has("₸2,000")


def test_a_wrong_account_is_refused_at_the_field_and_stays_there(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.open("/payments/s/almaty-energo")
    wrong = {"04519999": en("refusal.account_unknown")} | dict.fromkeys(
        ("123", "abcdefgh", ""), en("refusal.account_format", example=ACCOUNT)
    )
    for typed, says in wrong.items():
        person.fill(account=typed)
        person.press("payments.check")
        person.sees_mistake("account", says)
        expect(person.page.locator("#account")).to_have_value(typed)


def test_an_inactive_account_takes_no_payments(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.asks_debt("04512345")
    said = person.page.locator("main .notice-todo")
    expect(said).to_contain_text(en("refusal.biller_refused"))
    expect(person.page.locator("#account")).to_have_value("04512345")


@pytest.mark.parametrize("mode", ["down", "temporary"])
def test_a_provider_that_is_down_is_named_and_may_be_asked_again(
    new_person: NewPerson, server: Server, mode: str
) -> None:
    person = new_person(tenge=0)
    with server.fault(mode):
        person.asks_debt(ACCOUNT)
        said = person.page.locator("main .notice-todo")
        expect(said).to_contain_text(en("refusal.biller_silent"))
        expect(person.page.locator("#account")).to_have_value(ACCOUNT)
    person.press("payments.check")
    person.page.wait_for_url("**/payments/i/*")
    expect(person.page.get_by_role("main")).to_contain_text("₸20,000.00")


def test_nobody_sees_the_payment_of_somebody_else(new_person: NewPerson) -> None:
    payer, stranger = new_person(tenge=1_000), new_person(tenge=1_000)
    payer.proposes(ACCOUNT, "500")
    stranger.page.goto(payer.page.url)
    stranger.sees_title("payments.missing.title")
    expect(stranger.page.get_by_role("main")).not_to_contain_text("Сейтқали")
    payer.pay_button.click()
    payer.sees_result("done")
    stranger.page.reload()
    stranger.sees_title("payments.missing.title")
    payer.follow("payments.result.receipt")
    payer.page.wait_for_url("**/receipt/*")
    stranger.page.goto(payer.page.url)
    stranger.sees_title("receipt.missing.title")
    expect(stranger.page.get_by_role("main")).not_to_contain_text("500")


def test_a_payment_that_was_not_made_in_ten_minutes_is_over(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=1_000)
    person.proposes(ACCOUNT, "500")
    intent = person.page.url.rsplit("/", 1)[-1]
    server.sql("UPDATE payment_intent SET expires_at = issued_at WHERE id = ?", intent)
    person.pay_button.click()
    person.sees_title("payments.expired.title")
    assert server.payments(person.phone) == []
