"""Transfers: to a card by its number, undone in time, sent at once, and the countdown between."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import facts, links_card, opens_receipt, source, types_code
from tests.journeys.givens import PASSWORD
from tests.journeys.overheard import Overheard
from tests.journeys.people import DESK, Person, en, is_green, is_red_with_mark, was_not_reloaded, without_reload
from tests.journeys.server import Server

VISA, OTHERS = "4242424242424242", "4000000000000077"
NAME = "Айгүл Н."


def _begins(person: Person, phone: str) -> None:
    """To a number: from the page of transfers to that of the sum."""
    person.open("/transfers")
    person.fill(phone=phone)
    person.press("common.continue")
    person.page.wait_for_url("**/transfers/t/*")
    expect(person.page.locator("#amount")).to_be_visible()


def _reviews(person: Person, amount: str) -> None:
    person.fill(amount=amount)
    person.press("common.continue")
    expect(person.window).to_be_visible()


def _state(server: Server, person: Person) -> list[tuple[str, int]]:
    mine = "SELECT t.state, t.amount_tiyn FROM transfer t JOIN customer c ON c.id = t.customer_id WHERE c.phone = ?"
    return server.sql(f"{mine} ORDER BY t.id", f"+7{person.phone}")


def test_a_first_transfer_warns_counts_down_and_is_undone(new_person: NewPerson, server: Server) -> None:
    sender, payee = new_person(tenge=10_000), new_person(tenge=100)
    _begins(sender, f"8 {payee.phone}")
    expect(sender.title).to_have_text(NAME)
    caution = sender.page.locator("main .notice-warn")
    expect(caution).to_contain_text(en("transfers.caution.first"))
    _reviews(sender, "2500,50")
    shown = facts(sender, "[role=dialog]")
    assert shown[en("transfers.to")] == NAME
    assert shown[en("transfers.amount")] == "₸2,500.50"
    assert shown[en("transfers.arrives")] == en("transfers.arrives.later")
    assert _state(server, sender) == [("draft", 250_050)]

    sender.pay_button.click()
    sender.sees_title("transfers.held.title")
    is_red_with_mark(sender.page.locator(".result svg.disc"))
    left = sender.page.locator(".countdown strong")
    expect(left).to_have_text(re.compile(r"\d"))
    first = left.inner_text()
    expect(left).not_to_have_text(first)

    without_reload(sender.page)
    sender.press("transfers.undo")
    sender.sees_title("transfers.undone.title")
    expect(left).to_be_hidden()
    was_not_reloaded(sender.page)
    assert _state(server, sender) == [("undone", 250_050)]
    sender.has("₸10,000")
    payee.has("₸100")
    assert server.audit().endswith("\nclean")


def test_send_now_does_not_wait_and_the_open_home_of_the_payee_shows_the_money(
    new_person: NewPerson, server: Server
) -> None:
    sender, payee = new_person(locale="ru", size=DESK, tenge=10_000), new_person(locale="kk", tenge=100)
    payee.has("100 ₸")
    without_reload(payee.page)
    _begins(sender, payee.phone)
    _reviews(sender, "6000")
    sender.pay_button.click()
    types_code(sender, naming="6 000")
    sender.sees_title("transfers.held.title")
    payee.sees_balance("100 ₸")
    sender.press("transfers.send_now")
    sender.sees_title("transfers.done.title")
    is_green(sender.page.locator(".result svg.disc"))
    payee.sees_balance("6 100 ₸")
    was_not_reloaded(payee.page)
    assert _state(server, sender) == [("done", 600_000)]
    expect(opens_receipt(sender)).to_contain_text(NAME)
    sender.has("4 000 ₸")

    # The second time they know each other: nothing to warn of and nothing to wait for.
    _begins(sender, payee.phone)
    expect(sender.page.locator("main .notice-warn")).to_have_count(0)
    _reviews(sender, "50")
    sender.pay_button.click()
    sender.sees_title("transfers.done.title")


def test_from_another_banks_card_to_somebodys_card_by_its_number(new_person: NewPerson, server: Server) -> None:
    payee, sender = new_person(tenge=100), new_person(tenge=100)
    number = _opens_card(payee)
    said = Overheard(sender.context)
    links_card(sender, VISA)

    _types_number(sender, number)
    expect(sender.title).to_have_text(NAME)
    source(sender, VISA[-4:]).click()
    _reviews(sender, "3000")
    shown = facts(sender, "[role=dialog]")
    assert shown[en("transfers.to")] == NAME
    assert number[-4:] in shown[en("transfers.to_detail")]
    sender.pay_button.click()
    sender.sees_title("transfers.bank_code.title")
    types_code(sender, naming="3000,00")
    sender.sees_title("transfers.held.title")
    sender.press("transfers.send_now")
    sender.sees_title("transfers.done.title")
    is_green(sender.page.locator(".result svg.disc"))
    said.nowhere(VISA, number, " ".join(re.findall("....", number)))
    assert not any(secret in server.log() for secret in (VISA, number))
    sender.has("₸100")
    payee.open("/cards")
    expect(payee.page.locator(".bank-card")).to_contain_text("₸3,000")
    assert server.audit().endswith("\nclean")


def _opens_card(person: Person) -> str:
    """Open a card of this bank; answers its number, as its owner reads it."""
    person.open("/cards")
    person.press("cards.open")
    expect(person.page.locator(".bank-card")).to_be_visible()
    person.follow("cards.requisites")
    person.page.wait_for_url("**/requisites?*")
    person.fill(password=PASSWORD)
    person.press("cards.requisites_show")
    expect(person.page.locator("dl.summary")).to_be_visible()
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", person.page.locator("main").inner_text().replace("\u00a0", " "))
    assert found, "no number on the page of the card"
    return found.group().replace(" ", "")


def _types_number(person: Person, number: str) -> None:
    person.open("/transfers")
    person.follow("transfers.to_card")
    person.arrives_at("/transfers/to")
    person.fill(number=number)
    person.press("common.continue")
    person.page.wait_for_url("**/transfers/t/*")
    expect(person.page.locator("#amount")).to_be_visible()


def test_from_the_wallet_to_another_banks_card(new_person: NewPerson, server: Server) -> None:
    sender = new_person(tenge=5_000)
    person = sender
    person.open("/transfers/to")
    person.fill(number="4000000000000078")
    person.press("common.continue")
    person.sees_mistake("number", en("refusal.card_number_mistyped"))
    assert "4000000000000078" not in person.page.url
    _types_number(sender, OTHERS)
    expect(sender.title).to_contain_text(OTHERS[-4:])
    _reviews(sender, "1234,56")
    sender.pay_button.click()
    sender.sees_title("transfers.held.title")
    sender.press("transfers.send_now")
    sender.sees_title("transfers.done.title")
    assert _state(server, sender)[-1] == ("done", 123_456)
    sender.has("₸3,765.44")
