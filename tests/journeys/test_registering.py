"""Opening a wallet: the number, the code, the person, the password."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.givens import PASSWORD
from tests.journeys.people import DESK, Person, en


def another(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize("spelling", ["8 ({0}) {1}-{2}-{3}", "+7 {0} {1} {2} {3}", "{0}{1}{2}{3}", "7{0} {1}{2}{3}"])
def test_a_number_may_be_spelled_as_one_likes(new_person: NewPerson, spelling: str) -> None:
    person = new_person()
    number = person.phone
    person.asks_for_code(spelling.format(number[:3], number[3:6], number[6:8], number[8:]))
    person.arrives_at("/register/code")
    expect(person.page.locator("#code-hint")).to_contain_text(f"+7 700 ••• •• {number[8:]}")
    assert len(person.code_from_phone()) == 6


NO_SMS = {
    "+44 20 7946 0958": en("refusal.phone_foreign"),
    "+7 916 123 45 67": en("refusal.phone_foreign"),
    "8 727 250 00 00": en("refusal.phone_not_mobile"),
    "701 12": en("refusal.phone_unreadable"),
    "": en("refusal.phone_unreadable"),
}


def test_a_number_that_gets_no_sms_is_refused_at_the_field_and_stays_there(new_person: NewPerson) -> None:
    person = new_person()
    person.open("/register")
    for typed, says in NO_SMS.items():
        person.fill(phone=typed)
        person.press("registration.phone.submit")
        person.sees_mistake("phone", says)
        expect(person.page.locator("#phone")).to_have_value(typed)
    person.fill(phone=person.phone)
    person.press("registration.phone.submit")
    person.arrives_at("/register/code")


def test_a_wrong_code_counts_down_and_keeps_the_focus(new_person: NewPerson) -> None:
    person = new_person()
    person.asks_for_code()
    person.arrives_at("/register/code")
    field = person.page.locator("#code")
    expect(field).to_be_focused()
    right = person.code_from_phone()
    field.press_sequentially(another(right))
    person.sees_mistake("code", en.count("refusal.code_wrong", 4))
    expect(field).to_be_focused()
    field.fill(another(another(right)))
    field.press("Enter")
    person.sees_mistake("code", en.count("refusal.code_wrong", 3))
    expect(field).to_be_focused()
    field.fill(right)
    field.press("Enter")
    person.arrives_at("/register/person")


def test_five_wrong_codes_say_when_to_come_back(new_person: NewPerson) -> None:
    person = new_person(locale="ru")
    person.asks_for_code()
    person.arrives_at("/register/code")
    wrong = another(person.code_from_phone())
    # The sixth digit sends the form, once; after that the person presses.
    person.fill(code=wrong)
    for left in ("4 попытки", "3 попытки", "2 попытки", "1 попытка"):
        expect(person.mistake("code")).to_contain_text(left)
        # The same code again would be refused for nothing, so the page keeps it.
        person.press("code.submit")
        expect(person.mistake("code")).to_contain_text(left)
        wrong = another(wrong)
        person.fill(code=wrong)
        person.press("code.submit")
    expect(person.page.locator("main .notice-todo")).to_contain_text(person.w("refusal.too_many_tries").split("{")[0])


def test_a_code_may_be_pasted_with_a_space(new_person: NewPerson) -> None:
    person = new_person(permissions=["clipboard-read", "clipboard-write"])
    person.asks_for_code()
    person.arrives_at("/register/code")
    code = person.code_from_phone()
    person.page.evaluate("(text) => navigator.clipboard.writeText(text)", f"{code[:3]} {code[3:]}")
    person.page.locator("#code").focus()
    person.page.keyboard.press("Control+V")
    person.arrives_at("/register/person")


def test_the_simulated_phone_copies_the_code(new_person: NewPerson) -> None:
    person = new_person(permissions=["clipboard-read", "clipboard-write"], size=DESK)
    person.asks_for_code()
    person.arrives_at("/register/code")
    code = person.code_from_phone()
    person.press("sim.copy")
    expect(person.page.locator("#announcer")).to_have_text(en("common.copied"))
    person.page.locator("#code").focus()
    person.page.keyboard.press("Control+V")
    person.arrives_at("/register/person")
    assert len(code) == 6


def test_mistakes_about_the_person_are_named_at_their_fields(new_person: NewPerson) -> None:
    person = new_person()
    person.proves_number()
    person.describes_themselves(given_name="Aygul7", family_name="", born_day="31", born_month="2")
    person.sees_mistake("given_name", en("refusal.name_unreadable"))
    person.sees_mistake("family_name", en("refusal.name_missing"))
    person.sees_mistake("born", en("refusal.born_unreadable"))
    for id, typed in {"given_name": "Aygul7", "born_day": "31", "born_month": "2", "born_year": "1990"}.items():
        expect(person.page.locator(f"#{id}")).to_have_value(typed)
    this_year = person.page.evaluate("new Date().getFullYear()")
    person.describes_themselves(born_year=str(this_year + 1))
    person.sees_mistake("born", en("refusal.born_in_future"))
    expect(person.mistake("given_name")).to_be_empty()
    person.describes_themselves(born_year=str(this_year - 10))
    person.sees_mistake("born", en("refusal.born_too_young"))
    expect(person.page.locator("main .notice")).to_contain_text(en("registration.young.text"))
    person.describes_themselves()
    person.arrives_at("/register/password")


def test_a_weak_password_is_refused_and_the_wallet_opens_with_a_better_one(new_person: NewPerson) -> None:
    person = new_person()
    person.proves_number()
    person.describes_themselves()
    person.arrives_at("/register/password")
    _is_refused(person, "short", en("refusal.password_too_short"))
    _is_refused(person, "12345678", en("refusal.password_too_common"))
    _is_refused(person, f"8{person.phone}", en("refusal.password_like_phone"))
    person.fill(password=PASSWORD)
    person.press("registration.password.submit")
    person.arrives_at("/register/done")
    person.sees_title("registration.done.title")
    assert person.messages()[0] == en("sms.wallet_opened", brand="Kaspi wallet")


def _is_refused(person: Person, password: str, says: str) -> None:
    person.fill(password=password)
    person.press("registration.password.submit")
    person.sees_mistake("password", says)


def test_steps_cannot_be_skipped(new_person: NewPerson) -> None:
    person = new_person()
    for step in ("code", "person", "password"):
        person.page.goto(person.url(f"/register/{step}"))
        person.arrives_at("/register")


def test_a_number_with_a_wallet_is_told_so_only_after_its_code(new_person: NewPerson) -> None:
    owner = new_person(tenge=0)
    owner.context.clear_cookies(name="sid")
    owner.asks_for_code()
    owner.arrives_at("/register/code")
    owner.sees_title("registration.code.title")
    owner.fill(code=owner.code_from_phone())
    owner.sees_title("registration.known.title")
