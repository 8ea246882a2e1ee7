"""Coming and going: signing out and in, a forgotten password, guests at closed doors."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.people import DESK, Person, en

NEW_PASSWORD = "жаңа көктем өзен таң"


def test_out_and_in_again(new_person: NewPerson) -> None:
    person = new_person(tenge=700, size=DESK)
    person.has("₸700")
    person.sign_out()
    person.page.goto(person.url("/home"))
    person.arrives_at("/login")
    expect(person.page.get_by_role("main")).not_to_contain_text("700")
    person.sign_in(spelled=f"8 {person.phone}")
    person.arrives_at("/home")
    person.sees_balance("₸700")


def test_back_after_signing_out_shows_nothing_of_the_wallet(new_person: NewPerson) -> None:
    person = new_person(tenge=700)
    person.has("₸700")
    person.sign_out()
    for _ in ("the profile", "home"):
        person.page.go_back()
        # Only a page that has come to rest can go back once more.
        person.arrives_at("/login")
        expect(person.page.locator("body")).not_to_contain_text("₸700")


def test_a_guest_is_led_to_the_sign_in_page(new_person: NewPerson) -> None:
    guest = new_person(locale="kk")
    for path in ("/home", "/topup", "/payments/s/almaty-energo", "/my-payments/history", "/profile", "/receipt/x"):
        guest.page.goto(guest.url(path))
        guest.arrives_at("/login")
        guest.sees_title("sign_in.title")


def test_a_wrong_password_is_refused_politely_and_the_number_stays(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.context.clear_cookies()
    person.sign_in("wrong words")
    said = person.page.locator("main .notice-todo")
    expect(said).to_contain_text(en("refusal.sign_in_refused"))
    expect(person.page.locator("#phone")).to_have_value(person.phone)
    expect(person.page.locator("#password")).to_have_value("")
    stranger = new_person()
    stranger.sign_in("wrong words")
    expect(stranger.page.locator("main .notice-todo")).to_have_text(said.inner_text())


def test_a_number_that_is_none_is_refused_at_its_field(new_person: NewPerson) -> None:
    person = new_person()
    person.sign_in(spelled="8 727 250 00 00")
    person.sees_mistake("phone", en("refusal.phone_not_mobile"))
    expect(person.page.locator("#phone")).to_have_value("8 727 250 00 00")


def test_five_wrong_passwords_say_when_to_come_back(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.context.clear_cookies()
    said = person.page.locator("main .notice-todo")
    for _ in range(5):
        person.sign_in("wrong words")
        expect(said).to_contain_text(en("refusal.sign_in_refused"))
    person.sign_in()
    expect(said).to_contain_text(
        re.compile(re.escape(en("refusal.too_many_tries", until="@")).replace("@", r"\d\d:\d\d"))
    )


def _sets_new_password(person: Person) -> None:
    person.open("/login")
    person.follow("sign_in.forgot")
    person.arrives_at("/reset")
    person.fill(phone=person.phone)
    person.press("reset.phone.submit")
    person.arrives_at("/reset/code")
    person.fill(code=person.code_in_messages(naming=en("sms.code_reset").split("{code}")[1]))
    person.arrives_at("/reset/password")
    person.fill(password=NEW_PASSWORD)
    person.press("reset.password.submit")
    person.arrives_at("/home")


def test_a_new_password_through_a_code_signs_every_other_browser_out(new_person: NewPerson) -> None:
    person = new_person(tenge=300)
    person.has("₸300")
    elsewhere = person.page
    person.page = person.new_device().new_page()
    _sets_new_password(person)
    person.sees_balance("₸300")
    assert person.messages()[0] == en("sms.password_changed", brand="Kaspi wallet")

    elsewhere.get_by_role("link", name=en("nav.payments"), exact=True).click()
    elsewhere.goto(person.url("/home"))
    elsewhere.wait_for_url(person.url("/login"))
    expect(elsewhere.locator("body")).not_to_contain_text("₸300")

    person.sign_out()
    person.sign_in()
    expect(person.page.locator("main .notice-todo")).to_contain_text(en("refusal.sign_in_refused"))
    person.sign_in(NEW_PASSWORD)
    person.arrives_at("/home")


def test_a_number_without_a_wallet_gets_the_same_answer_and_no_code(new_person: NewPerson) -> None:
    person = new_person()
    person.open("/reset")
    person.fill(phone=person.phone)
    person.press("reset.phone.submit")
    person.arrives_at("/reset/code")
    person.sees_title("reset.code.title")
    assert person.server.sql("SELECT count(*) FROM sms_message WHERE phone = ?", f"+7{person.phone}") == [(0,)]
