"""A tax needs an IIN: given once, refused while the name does not agree, never seen outside the form."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.deeds import facts, opens_receipt, reviews
from tests.journeys.kiosk import Kiosk
from tests.journeys.overheard import Overheard
from tests.journeys.people import Person, is_green, tenge, wait_until_alive
from tests.journeys.server import Server


def _reads_demo_card(person: Person) -> str:
    """The IIN of the identity card on the simulated phone, which is ready soon after a registration."""
    phone = person.context.new_page()
    for _ in range(100):
        phone.goto(f"{person.origin}/sim/identity?l={person.locale}")
        number = phone.locator(".id-card-number strong")
        if number.count():
            break
        phone.wait_for_timeout(200)
    expect(phone.locator(".id-card")).to_contain_text("Нұрланова")
    iin = number.inner_text()
    phone.close()
    assert re.fullmatch(r"\d{12}", iin)
    return iin


def _calls_themselves(person: Person, given_name: str) -> None:
    """Correct the name from the page of names."""
    expect(person.page.locator("#family_name")).to_have_value("Нұрланова")
    person.fill(given_name=given_name)
    person.press("identity.person.save")
    expect(person.page.get_by_role("main")).to_contain_text(person.w("identity.person.saved"))


def test_a_name_that_differs_stops_the_payment_and_a_corrected_one_lets_it_through(
    new_person: NewPerson, server: Server
) -> None:
    person = new_person(locale="kk")
    said = Overheard(person.context)
    person.register()
    iin = _reads_demo_card(person)
    Kiosk(person, "almaty-01").top_up(person.phone, 2_000)
    person.open("/profile/person")
    _calls_themselves(person, "Айнұр")

    person.open("/payments/s/tax-all")
    person.press("payments.check")
    person.page.wait_for_url("**/identity?next=**")
    wait_until_alive(person.page)
    person.fill(iin=_mistyped(iin))
    person.press("identity.submit")
    person.sees_mistake("iin", person.w("refusal.iin_wrong"))
    expect(person.page.locator("#iin")).to_have_value("")
    person.fill(iin=iin)
    person.press("identity.submit")
    person.arrives_at("/identity/mismatch")
    person.sees_title("identity.mismatch.title")
    main = person.page.get_by_role("main")
    expect(main).to_contain_text(person.w("identity.mismatch.name"))
    expect(main).not_to_contain_text(person.w("identity.mismatch.birth"))
    expect(main).to_contain_text("Нұрланова Айнұр")
    assert server.payments(person.phone) == []

    person.follow("identity.mismatch.correct")
    person.arrives_at("/profile/person")
    _calls_themselves(person, "Айгүл")
    person.page.go_back()
    person.arrives_at("/identity/mismatch")
    person.follow("identity.mismatch.retry")
    person.page.wait_for_url("**/identity?next=**")
    wait_until_alive(person.page)
    person.fill(iin=iin)
    person.press("identity.submit")
    person.arrives_at("/payments/s/tax-all")

    _pays_land_tax(person)
    assert [row[1:] for row in server.payments(person.phone)] == [("done", 51_234)]
    said.nowhere(iin, f"{iin[:6]} {iin[6:]}")
    assert iin not in server.log()
    assert server.sql("SELECT count(*) FROM bill_payment WHERE account LIKE ?", f"%{iin}%") == [(0,)]

    # From now on names are those of the register.
    person.open("/profile/person")
    expect(main).to_contain_text(person.w("identity.person.frozen"))
    expect(person.page.locator("#given_name")).to_have_count(0)
    person.open("/identity")
    expect(main).to_contain_text(person.w("identity.known"))
    expect(main).to_contain_text(iin[-2:])


def _pays_land_tax(person: Person) -> None:
    """One line of three, a part of it."""
    person.press("payments.check")
    person.page.wait_for_url("**/payments/i/*")
    for other in ("104102", "104402"):
        person.page.locator(f"#take-{other}").click()
        expect(person.page.locator(f"#take-{other}")).not_to_be_checked()
    person.fill(**{"pay-104302": "512,34"})
    person.page.locator("#pay-104302").blur()
    expect(person.page.locator("#total")).to_have_text(tenge(person.locale, 512, 34))
    reviews(person)
    assert facts(person, "[role=dialog]")[person.w("payments.review.amount")] == tenge(person.locale, 512, 34)
    person.pay_button.click()
    person.sees_result("done")
    is_green(person.page.locator(".result svg.disc"))
    expect(opens_receipt(person)).to_contain_text(tenge(person.locale, 512, 34))


def _mistyped(iin: str) -> str:
    return iin[:-1] + str((int(iin[-1]) + 1) % 10)
