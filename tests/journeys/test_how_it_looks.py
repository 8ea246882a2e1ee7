"""What every main screen owes everybody (looks.py), at 320 px and on a desk; the focus, the keyboard, the colours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson
from tests.journeys.looks import axe_finds, owes_nothing, settle
from tests.journeys.people import DESK, Person, en

NARROW = (320, 640)
GUESTS = ("", "/register", "/login", "/reset", "/kiosk/almaty-01", "/sim")
SERVICES = (
    "/payments",
    "/payments?q=energo",
    "/payments/favourites",
    "/payments/c/electricity",
    "/payments/c/mobile",
    "/payments/s/almaty-energo",
    "/payments/s/almaty-alseco",
    "/payments/s/balbobek",
    "/payments/s/fines-traffic",
    "/payments/s/nothing",
)
MONEY = (
    "/home",
    "/topup",
    "/bonus",
    "/balance",
    "/cards",
    "/cards/link",
    "/transfers",
    "/transfers/own",
    "/transfers/to",
    "/my-payments/history",
    "/my-payments/history?show=out&period=month",
    "/my-payments/statement",
)
SHOP = (
    "/shop",
    "/shop/c/smartphones",
    "/shop/c/smartphones?from=100000&sort=cheap",
    "/shop/search?q=sofa",
    "/shop/search?q=zzzzqqqq",
    "/shop/m/qala-market",
    "/shop/p/zhibek-ertis-knitted-hat-white-100004",
)
BUYING = ("/basket", "/checkout/nothing", "/purchases/nothing", "/orders", "/orders?show=archive", "/orders/nothing")
PLANS = ("/red", "/plans", "/plans/nothing")
PEOPLE = ("/profile", "/profile/person", "/identity", "/identity/mismatch")


@pytest.mark.parametrize(
    ("locale", "scheme", "size"),
    [("kk", "light", NARROW), ("ru", "dark", NARROW), ("en", "light", NARROW), ("ru", "light", DESK)],
)
def test_every_screen_fits_and_owes_nothing(
    new_person: NewPerson, locale: str, scheme: str, size: tuple[int, int]
) -> None:
    person = new_person(locale=locale, size=size, tenge=9_000, color_scheme=scheme)
    person.pay_bill("04512295", "1234,56")
    wrong = []
    for path in (*GUESTS, *SERVICES, *MONEY, *SHOP, *BUYING, *PLANS, *PEOPLE):
        person.page.goto(person.url(path))
        settle(person.page)
        wrong += owes_nothing(person.page, locale, path or "/")
        wrong += axe_finds(person.page, path or "/")
    assert not wrong, "\n".join(wrong)


def test_the_focus_goes_to_the_title_after_navigation_and_the_page_is_announced(new_person: NewPerson) -> None:
    person = new_person(tenge=0)
    person.open("/home")
    steps: dict[str, Callable[[], None]] = {
        "/payments": lambda: person.follow("nav.payments"),
        "/my-payments/history": lambda: person.follow("nav.my_payments"),
        "/transfers": lambda: person.follow("nav.transfers"),
        "/profile": lambda: person.follow("nav.profile"),
    }
    for path, step in steps.items():
        step()
        person.arrives_at(path)
        _has_focus_on_title(person)
    person.page.go_back()
    person.arrives_at("/transfers")
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
