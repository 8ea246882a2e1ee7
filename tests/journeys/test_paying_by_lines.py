"""Bills that are lines: the combined utility bill with its meters, and fines with their discount."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import asks_service, facts, goes_to_bill, opens_receipt, reviews, types_code
from tests.journeys.people import DESK, Person, tenge
from tests.journeys.server import Server

FLAT, CAR = "04512287", "777KZT02"
LIVE, OLD = "n2611000777012", "n2610000777025"
"""The two fines of that car: with a discount, and without one any more."""


def _line(person: Person, code: str) -> str:
    """What a line says that it comes to."""
    return person.page.locator(f"label[for='take-{code}'] .num").inner_text().replace("\u00a0", " ")


def _comes_to(person: Person, whole: int, tiyn: int) -> None:
    expect(person.page.locator("#total")).to_have_text(tenge(person.locale, whole, tiyn))


def _asks_by_plate(person: Person, plate: str) -> None:
    """The first way to name a fine is one's own IIN; this one is another."""
    person.open("/payments/s/fines-traffic")
    person.page.get_by_role("button", name="Госномер автомобиля").click()
    person.fill(account=plate)
    goes_to_bill(person)


def _takes(person: Person, code: str, *, taken: bool) -> None:
    box = person.page.locator(f"#take-{code}")
    box.click()
    expect(box).to_be_checked(checked=taken)


def test_a_combined_utility_bill_is_paid_by_lines_to_the_tiyn(new_person: NewPerson, server: Server) -> None:
    person = new_person(locale="kk", tenge=40_000)
    asks_service(person, "almaty-alseco", account=FLAT)
    assert facts(person, "main")[person.w("receipt.account")] == FLAT
    _comes_to(person, 28_991, 36)

    _takes(person, "lift", taken=False)
    _comes_to(person, 27_741, 36)

    # 177 kWh through two tiers, and what is owed from before: 115 x 17.53 + 62 x 22.66 + 4 646.60 + 65.05.
    reading = person.page.locator("#reading-power")
    expect(reading).to_have_value("17812")
    reading.fill("17800")
    reading.blur()
    expect(person.page.locator("#pay-power")).to_have_value("8132,52")
    _comes_to(person, 27_469, 44)

    person.fill(**{"pay-heat": "5000,05"})
    person.page.locator("#pay-heat").blur()
    _comes_to(person, 22_626, 32)
    assert _line(person, "heat") == tenge("kk", 5_000, 5)

    reviews(person)
    shown = facts(person, "[role=dialog]")
    assert shown[person.w("payments.review.amount")] == tenge("kk", 22_626, 32)
    expect(person.window).not_to_contain_text("Лифтіге")
    person.pay_button.click()
    types_code(person, naming=tenge("kk", 22_626, 32))
    person.sees_result("done")

    receipt = opens_receipt(person)
    expect(receipt).to_contain_text(f"−{tenge('kk', 22_626, 32)}")
    expect(receipt).to_contain_text("040140232050")
    assert server.payments(person.phone) == [(FLAT, "done", 2_262_632)]
    assert server.registry(FLAT, "almaty-alseco") == [("22626.32", "done")]
    person.has(tenge("kk", 17_373, 68))


def test_a_line_says_what_is_wrong_with_its_reading_and_its_sum(new_person: NewPerson) -> None:
    person = new_person(tenge=40_000)
    asks_service(person, "almaty-alseco", account=FLAT)
    reading = person.page.locator("#reading-power")
    reading.fill("17000")
    reading.blur()
    person.sees_mistake("reading-power", person.w("refusal.reading_below_previous", previous="17623"))
    expect(reading).to_have_value("17000")
    reading.fill("17812")
    reading.blur()
    expect(person.mistake("reading-power")).to_be_empty()
    person.fill(**{"pay-heat": "1e5"})
    person.press("payments.pay")
    person.sees_mistake("pay-heat", person.w("refusal.amount_unreadable"))
    expect(person.window).to_be_hidden()


def test_a_fine_is_half_while_its_discount_lasts_and_its_sum_cannot_be_changed(
    new_person: NewPerson, server: Server
) -> None:
    person = new_person(locale="ru", size=DESK, tenge=60_000)
    _asks_by_plate(person, "777 kzt 02")
    expect(person.page.locator("#total")).to_have_text(tenge("ru", 54_062, 50))
    assert _line(person, LIVE) == tenge("ru", 10_812, 50)
    assert _line(person, OLD) == tenge("ru", 43_250, 0)
    fine = person.page.locator(".line").filter(has=person.page.locator(f"#take-{LIVE}"))
    expect(fine).to_contain_text("50")
    expect(fine).to_contain_text(tenge("ru", 21_625, 0))
    expect(fine.locator("input:visible")).to_have_count(1)
    expect(person.page.locator("#amount")).to_have_count(0)

    _takes(person, OLD, taken=False)
    _comes_to(person, 10_812, 50)
    reviews(person)
    expect(person.window).to_contain_text(tenge("ru", 10_812, 50))
    person.pay_button.click()
    types_code(person, naming=tenge("ru", 10_812, 50))
    person.sees_result("done")
    opens_receipt(person)
    assert server.payments(person.phone) == [(CAR, "done", 1_081_250)]
    assert server.registry(CAR, "fines-traffic") == [("10812.50", "done")]

    # What was settled at its discount is owed no more.
    _asks_by_plate(person, CAR)
    _comes_to(person, 43_250, 0)
    expect(person.page.locator(f"#take-{LIVE}")).to_have_count(0)
