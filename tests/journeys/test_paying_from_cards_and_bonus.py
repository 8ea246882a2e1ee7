"""Other sources than the wallet: another bank's card with its own code, and the bonus account."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import (
    asks_service,
    facts,
    goes_to_bill,
    links_card,
    opens_receipt,
    reviews,
    source,
    types_code,
)
from tests.journeys.overheard import Overheard
from tests.journeys.people import en, is_green, tenge
from tests.journeys.server import Server

MASTERCARD, POOR = "5555555555554444", "4000000000009995"
NUMBER = "7015551234"


def test_a_mobile_top_up_by_another_banks_card_leaves_the_wallet_alone(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=300)
    said = Overheard(person.context)
    links_card(person, MASTERCARD)

    person.open("/payments/c/mobile")
    person.page.locator("#account").press_sequentially("705")
    expect(person.page.locator("#biller-beeline")).to_be_checked()
    person.page.locator("#account").fill("701 555 12 34")
    expect(person.page.locator("#biller-kcell-activ")).to_be_checked()
    goes_to_bill(person, "common.continue")

    person.fill(amount="1500")
    source(person, "4444").click()
    reviews(person)
    assert "4444" in facts(person, "[role=dialog]")[en("payments.review.source")]
    person.pay_button.click()
    person.sees_title("payments.result.challenge.title")
    types_code(person, naming="1500,00")
    person.sees_result("done")
    is_green(person.page.locator(".result svg.disc"))

    expect(opens_receipt(person)).to_contain_text("4444")
    assert server.payments(person.phone) == [(NUMBER, "done", 150_000)]
    assert server.registry(NUMBER, "kcell-activ") == [("1500.00", "done")]
    person.has("₸300", bonus="₸15")
    said.nowhere(MASTERCARD, "5555 5555 5555 4444")
    assert MASTERCARD not in server.log()
    assert server.audit().endswith("\nclean")


def test_a_card_that_lacks_money_pays_nothing_and_says_so(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=300)
    links_card(person, POOR)
    asks_service(person, "kcell-activ", account=NUMBER)
    person.fill(amount="1500")
    source(person, POOR[-4:]).click()
    reviews(person)
    person.pay_button.click()
    person.sees_result("refused")
    expect(person.page.get_by_role("main")).to_contain_text(en("payments.result.declined.text"))
    assert [state for _, state, _ in server.payments(person.phone)] == ["refused"]
    assert server.registry(NUMBER, "kcell-activ") == []
    person.has("₸300", bonus="₸0")


def test_half_of_a_payment_may_be_bonus(new_person: NewPerson, server: Server) -> None:
    person = new_person(tenge=6_000)
    person.pay_bill("04512295", "5000")
    person.sees_result("done")
    person.has("₸1,000", bonus="₸50")

    asks_service(person, "almaty-energo", account="04512303")
    person.fill(amount="100", bonus="50,01")
    person.press("payments.pay")
    person.sees_mistake("bonus", en("refusal.bonus_short", have="₸50"))
    person.fill(bonus="50")
    reviews(person)
    shown = facts(person, "[role=dialog]")
    assert shown[en("payments.review.amount")] == tenge("en", 100, 0)
    assert shown[en("source.bonus")] == "₸50.00"
    assert shown[en("payments.review.source")] == f"{en('source.wallet')}: ₸50.00"
    assert shown[en("payments.review.bonus")] == "+₸0.50"
    person.pay_button.click()
    person.sees_result("done")
    receipt = opens_receipt(person)
    expect(receipt).to_contain_text("−₸100.00")
    expect(receipt).to_contain_text("₸50.00")
    person.has("₸950", bonus="₸0.50")
    assert server.registry("04512303") == [("100.00", "done")]
    person.open("/bonus")
    expect(person.page.get_by_role("main")).to_contain_text("−₸50")
