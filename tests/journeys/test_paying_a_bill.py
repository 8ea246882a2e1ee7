"""Paying for electricity: what is owed, the window that confirms, the code above 5 000.00, one tap for one payment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.people import DESK, Person, en
from tests.journeys.server import Server

ACCOUNT = "04512287"
PAYEE = "AlmatyEnergoSbyt"


def _facts(person: Person, where: str) -> dict[str, str]:
    rows = person.page.locator(f"{where} dl.summary > div")
    expect(rows.first).to_be_visible()
    return dict(tuple(row.replace("\u00a0", " ").split("\n")[:2]) for row in rows.all_inner_texts())


def test_the_debt_its_owner_and_address_appear(new_person: NewPerson) -> None:
    person = new_person(tenge=1_000)
    person.asks_debt("0451 2287")
    person.page.wait_for_url("**/payments/i/*")
    assert _facts(person, "main") == {
        en("receipt.account"): ACCOUNT,
        en("payments.owner"): "Сейтқали Айгүл Маратқызы",
        en("payments.address"): "г. Алматы, ул. Сатпаева, д. 45, кв. 14",
        en("payments.debt"): "₸20,000.00",
    }
    expect(person.page.locator("#amount")).to_have_value("20000")


def test_an_account_without_debt_may_be_paid_in_advance(new_person: NewPerson) -> None:
    person = new_person(tenge=1_000)
    person.asks_debt("04512303")
    expect(person.page.get_by_role("main")).to_contain_text(en("payments.debt.none"))
    person.asks_debt("04512352")
    expect(person.page.get_by_role("main")).to_contain_text("₸640.15")
    expect(person.page.get_by_role("main")).to_contain_text(en("payments.debt.advance"))


def test_five_thousand_needs_no_code(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=6_000)
    person.proposes(ACCOUNT, "5000,00")
    assert _facts(person, "[role=dialog]") == {
        en("payments.review.payee"): PAYEE,
        en("receipt.account"): ACCOUNT,
        en("payments.review.amount"): "₸5,000.00",
        en("payments.review.fee"): "₸0.00",
        en("payments.review.source"): en("source.wallet"),
        en("payments.review.bonus"): "+₸50.00",
    }
    person.pay_button.click()
    person.sees_result("done")
    assert server.payments(person.phone) == [(ACCOUNT, "done", 500_000)]
    person.has("₸1,000", bonus="₸50")
    assert not any("ode " in text for text in person.messages())


def test_one_tiyn_more_needs_a_code_that_names_sum_and_payee(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=6_000, size=DESK)
    person.proposes(ACCOUNT, "5 000.01")
    person.pay_button.click()
    field = person.window.locator("#code")
    expect(field).to_be_focused()
    code = person.code_from_phone(naming="₸5,000.01")
    assert person.messages()[0] == en("sms.code_pay", code=code, payee=PAYEE, amount="₸5,000.01")
    assert server.payments(person.phone) == []

    field.fill(f"{(int(code) + 1) % 1_000_000:06d}")
    person.sees_mistake("code", "4 tries left")
    expect(field).to_be_focused()
    assert server.payments(person.phone) == []

    person.page.wait_for_timeout(800)  # what follows faster counts as the same tap
    field.fill(code)
    field.press("Enter")
    person.sees_result("done")
    assert server.payments(person.phone) == [(ACCOUNT, "done", 500_001)]
    person.has("₸999.99", bonus="₸50")


def test_the_sum_may_be_changed_until_it_is_paid(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=6_000)
    person.proposes(ACCOUNT, "5500")
    person.press("payments.review.change")
    expect(person.window).to_be_hidden()
    person.fill(amount="100,50")
    person.press("payments.pay")
    expect(person.window).to_contain_text("₸100.50")
    person.page.keyboard.press("Escape")
    expect(person.window).to_be_hidden()
    assert server.payments(person.phone) == []
    person.press("payments.pay")
    person.pay_button.click()
    person.sees_result("done")
    assert server.payments(person.phone) == [(ACCOUNT, "done", 10_050)]


def test_a_reload_does_not_lose_the_code_that_was_sent(new_person: NewPerson, server: Server) -> None:
    # Reading the SMS in another app may cost a phone's browser its page or its socket.
    person = new_person(tenge=6_000)
    person.proposes(ACCOUNT, "5500")
    person.pay_button.click()
    code = person.code_from_phone(naming="₸5,500.00")
    person.page.reload()
    field = person.window.locator("#code")
    expect(field.or_(person.button("payments.pay"))).to_be_visible()
    if not field.is_visible():
        person.press("payments.pay")
        person.pay_button.click()
    field.fill(code)
    person.sees_result("done")
    assert server.payments(person.phone) == [(ACCOUNT, "done", 550_000)]


def _taps_twice_at_once(person: Person) -> None:
    person.pay_button.evaluate("(each) => { each.click(); each.click(); }")


def _taps_twice_quickly(person: Person) -> None:
    box = person.pay_button.bounding_box()
    assert box
    person.page.wait_for_timeout(400)  # the window slides in
    person.pay_button.click(click_count=2, delay=20)


@pytest.mark.parametrize("taps", [_taps_twice_at_once, _taps_twice_quickly])
def test_a_double_tap_pays_once(new_person: NewPerson, server: Server, taps: Callable[[Person], None]) -> None:
    person = new_person(tenge=6_000)
    person.proposes(ACCOUNT, "1000")
    taps(person)
    person.sees_result("done")
    assert server.payments(person.phone) == [(ACCOUNT, "done", 100_000)]
    assert server.registry(ACCOUNT) == [("1000.00", "done")]
    person.has("₸5,000", bonus="₸10")


def test_a_paid_address_opened_again_shows_the_outcome_and_pays_nothing(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=6_000)
    person.pay_bill(ACCOUNT, "700")
    person.sees_result("done")
    person.page.reload()
    person.sees_result("done")
    person.open("/home")
    person.page.go_back()
    person.sees_result("done")
    assert len(server.payments(person.phone)) == 1


# The library of the socket notices a lost network by itself, except at an address called localhost.
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_tap_without_a_connection_does_nothing_and_the_page_says_so(
    new_person: NewPerson, server: Server, host: str
) -> None:
    person = new_person(tenge=6_000, host=host)
    person.console.forgive("ERR_INTERNET_DISCONNECTED")
    person.proposes(ACCOUNT, "1000")
    person.context.set_offline(True)
    banner = person.page.locator(".offline-text")
    expect(banner).to_contain_text(en("offline.text"))
    expect(person.pay_button).to_have_attribute("aria-disabled", "true")
    person.pay_button.click(force=True)
    person.context.set_offline(False)
    expect(banner).to_be_hidden()
    person.page.wait_for_timeout(1500)
    assert server.payments(person.phone) == []
    if not person.window.is_visible():
        person.press("payments.pay")
    person.pay_button.click()
    person.sees_result("done")
    assert len(server.payments(person.phone)) == 1


def test_a_tap_in_the_moment_the_connection_goes_is_not_kept_for_later(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=6_000, host="127.0.0.1")
    person.console.forgive("ERR_INTERNET_DISCONNECTED")
    person.proposes(ACCOUNT, "1000")
    person.context.set_offline(True)
    # Before any word of it is on the page: the framework itself must drop the tap.
    person.pay_button.evaluate("(each) => each.click()")
    person.context.set_offline(False)
    person.page.wait_for_timeout(4000)
    assert server.payments(person.phone) == []
