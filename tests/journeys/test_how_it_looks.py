"""What every main screen owes everybody: room at 320 px, its language, one title, the focus, targets for thumbs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.people import Person, en, wait_until_alive

NARROW = (320, 640)
GUESTS = ("", "/register", "/login", "/reset", "/kiosk/almaty-01", "/sim")
CUSTOMERS = ("/home", "/topup", "/payments", "/payments/electricity", "/my-payments/history", "/profile")

# A link of 44 px, or one inside a sentence; a control that is its label's is as large as the label.
_TOO_SMALL = """() => [...document.querySelectorAll('main :is(a, button, summary, input:not([type=hidden]))')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
  .map((each) => (['radio', 'checkbox'].includes(each.type) ? each.labels[0] : each))
  .filter((each) => each.getBoundingClientRect().height < 43.9 || each.getBoundingClientRect().width < 43.9)
  .filter((each) => {
    const around = each.parentElement;
    const words = around.textContent.replace(each.textContent, '').trim();
    return !(each.tagName === 'A' && around.tagName === 'P' && words);
  })
  .map((each) => `${each.tagName} "${(each.textContent || each.id).trim()}" ` +
    `${Math.round(each.getBoundingClientRect().width)}x${Math.round(each.getBoundingClientRect().height)}`)"""
_TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5 && !each.closest('.vh'))
  .map((each) => `${each.tagName}.${each.className}`).slice(0, 5)"""


def _owes_nothing(page: Page, locale: str, where: str) -> list[str]:
    """What is wrong with the page in front of us."""
    wrong = []
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{where}: wider than the screen: {page.evaluate(_TOO_WIDE)}")
    if page.evaluate("document.documentElement.lang") != locale:
        wrong.append(f"{where}: html lang is {page.evaluate('document.documentElement.lang')!r}")
    if page.locator("h1").count() != 1:
        wrong.append(f"{where}: {page.locator('h1').count()} h1")
    wrong += [f"{where}: too small: {each}" for each in page.evaluate(_TOO_SMALL)]
    return wrong


def _settle(page: Page) -> None:
    wait_until_alive(page)
    expect(page.locator("main .skeleton")).to_have_count(0)
    expect(page.locator("h1").first).to_be_visible()


@pytest.mark.parametrize("locale", ["kk", "ru", "en"])
def test_every_screen_fits_320_px_and_owes_nothing(new_person: NewPerson, locale: str) -> None:
    person = new_person(locale=locale, size=NARROW, tenge=9_000)
    person.pay_bill("04512295", "1234,56")
    wrong = []
    for path in (*GUESTS, *CUSTOMERS):
        person.page.goto(person.url(path))
        _settle(person.page)
        wrong += _owes_nothing(person.page, locale, path or "/")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("locale", ["kk", "ru"])
def test_every_step_of_a_registration_and_a_payment_owes_nothing(new_person: NewPerson, locale: str) -> None:
    person = new_person(locale=locale, size=NARROW)
    wrong = []

    def look(where: str) -> None:
        _settle(person.page)
        wrong.extend(_owes_nothing(person.page, locale, where))

    person.asks_for_code()
    person.arrives_at("/register/code")
    person.code_from_phone()
    look("code")
    person.fill(code=person.code_from_phone())
    person.arrives_at("/register/person")
    person.describes_themselves(given_name="1", family_name="", born_day="")
    expect(person.mistake("born")).not_to_be_empty()
    look("person with mistakes")

    payer = new_person(locale=locale, size=NARROW, tenge=450_000)
    person = payer
    person.asks_debt("1")
    expect(person.mistake("account")).not_to_be_empty()
    look("account with a mistake")
    person.proposes("04512287", "440000,55")
    look("review")
    person.pay_button.click()
    expect(person.window.locator(".peek .bubble").first).to_be_visible()
    look("code of a payment")
    person.fill(code=person.code_from_phone(naming="440"))
    person.sees_result("done")
    look("result")
    person.follow("payments.result.receipt")
    person.page.wait_for_url("**/receipt/*")
    look("receipt")
    assert not wrong, "\n".join(wrong)


def test_the_focus_goes_to_the_title_after_navigation_and_the_page_is_announced(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.open("/home")
    steps: dict[str, Callable[[], None]] = {
        "/payments": lambda: person.follow("nav.payments"),
        "/my-payments/history": lambda: person.follow("nav.my_payments"),
        "/topup": lambda: person.follow("nav.topup"),
        "/profile": lambda: person.follow("nav.profile"),
    }
    for path, step in steps.items():
        step()
        person.arrives_at(path)
        _has_focus_on_title(person)
    person.page.go_back()
    person.arrives_at("/topup")
    _has_focus_on_title(person)


def _has_focus_on_title(person: Person) -> None:
    expect(person.title).to_be_focused()
    expect(person.page.locator("#announcer")).to_have_text(person.page.title())


def test_the_window_holds_the_focus_and_gives_it_back(new_person: NewPerson) -> None:
    person = new_person(tenge=1_000)
    person.proposes("04512287", "500")
    for _ in range(6):
        person.page.keyboard.press("Tab")
        assert person.page.evaluate("!!document.activeElement.closest('[role=dialog]')")
    person.page.keyboard.press("Escape")
    expect(person.window).to_be_hidden()
    expect(person.button("payments.pay")).to_be_focused()


def test_the_dark_theme_is_dark(new_person: NewPerson) -> None:
    def background(person: Person) -> str:
        person.open("")
        return person.page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    light, dark = background(new_person(color_scheme="light")), background(new_person(color_scheme="dark"))
    assert light != dark
    toggled = new_person(color_scheme="light")
    assert background(toggled) == light
    toggled.press("theme.label")
    expect(toggled.page.locator("html")).to_have_css("background-color", dark)
    assert background(toggled) == dark


def test_another_language_is_the_same_page_in_that_language(new_person: NewPerson) -> None:
    person = new_person(locale="ru", tenge=0)
    person.open("/topup")
    person.page.locator("details.language summary").click()
    person.page.get_by_role("link", name="Қазақша").click()
    person.page.wait_for_url("**/kk/topup")
    expect(person.title).to_have_text("Әмиянды толтыру")
    assert person.page.evaluate("document.documentElement.lang") == "kk"


def test_a_form_can_be_filled_with_the_keyboard_alone(new_person: NewPerson) -> None:
    person = new_person()
    person.open("/register")
    for _ in range(12):
        person.page.keyboard.press("Tab")
        if person.page.evaluate("document.activeElement.id") == "phone":
            break
    person.page.keyboard.type("701 12")
    person.page.keyboard.press("Enter")
    person.sees_mistake("phone", en("refusal.phone_unreadable"))
