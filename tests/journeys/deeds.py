"""Deeds that several stories share: a service and its bill, a card of another bank, codes, papers."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.journeys.people import Person

EXPIRY, CVC = "12/30", "123"
"""Of every test card (docs/simulators.md)."""
_LINKING = {"kk": "Картаны қосу", "ru": "Привязка карты", "en": "Linking your card"}
"""What the SMS says when a card is linked."""


def asks_service(person: Person, service: str, **fields: str) -> None:
    """Fill the form of a service in and go on to its bill."""
    person.open(f"/payments/s/{service}")
    person.fill(**fields)
    goes_to_bill(person)


def goes_to_bill(person: Person, submit: str = "payments.check") -> None:
    """Send the form that asks what is owed."""
    person.press(submit)
    person.page.wait_for_url("**/payments/i/*")
    expect(person.button("payments.pay")).to_be_visible()


def source(person: Person, words: str) -> Locator:
    """A source of money on the form of a payment or a transfer."""
    return person.page.locator("label.source").filter(has_text=words)


def reviews(person: Person) -> None:
    """Press Pay and have the window that confirms."""
    person.press("payments.pay")
    expect(person.window).to_be_visible()


def facts(person: Person, where: str) -> dict[str, str]:
    """Names and values of a list of facts."""
    rows = person.page.locator(f"{where} dl.summary > div")
    expect(rows.first).to_be_visible()
    return dict(tuple(row.replace("\u00a0", " ").split("\n")[:2]) for row in rows.all_inner_texts())


def types_code(person: Person, naming: str) -> str:
    """Type the code of the newest SMS beside the page, which names `naming`; answers its text."""
    newest = person.page.locator(".peek .bubble").first
    expect(newest).to_contain_text(naming)
    expect(person.page.locator("#code")).to_be_editable()
    text = newest.inner_text().replace("\u00a0", " ")
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found, f"no code in {text!r}"
    person.fill(code=found.group())
    return text


def links_card(person: Person, number: str) -> None:
    """Link another bank's card, from the list of cards back to it."""
    person.open("/cards")
    person.follow("cards.link")
    person.arrives_at("/cards/link")
    person.fill(number=number, expiry=EXPIRY, cvc=CVC)
    person.press("cards.link.submit")
    person.page.wait_for_url("**/cards/link/*")
    types_code(person, naming=_LINKING[person.locale])
    person.arrives_at("/cards")
    expect(person.page.locator(".bank-card")).to_contain_text(number[-4:])


def opens_receipt(person: Person) -> Locator:
    """From the result of a deed to its receipt."""
    person.follow("payments.result.receipt")
    person.page.wait_for_url("**/receipt/*")
    main = person.page.get_by_role("main")
    expect(main).to_contain_text(person.w("receipt.number"))
    return main
