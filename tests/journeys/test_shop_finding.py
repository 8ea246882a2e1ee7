"""A guest looks for something, narrows what was found, and gets it into a basket that waits on every device."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.givens import PASSWORD, wallet_of
from tests.journeys.people import DESK, Person, wait_until_alive
from tests.journeys.server import Server
from tests.journeys.shop_deeds import basket_lines, searches, to_basket
from tests.journeys.shop_givens import thing


def _asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_a_slip_of_the_pen_finds_what_was_meant(new_person: NewPerson) -> None:
    slips = {
        "ru": ("халодилник", "холодильник"),
        "kk": ("тоңазытқш", "тоңазытқыш"),
        "en": ("refrigirator", "refrigerator"),
    }
    for locale, (typed, meant) in slips.items():
        guest = new_person(locale=locale)
        guest.open("/shop")
        searches(guest, typed)
        main = guest.page.get_by_role("main")
        expect(main).to_contain_text(guest.w("shop.search.instead"))
        expect(guest.page.locator(".good-name").first).to_contain_text(meant, ignore_case=True)
        expect(guest.page.locator("#shop-q")).to_have_value(typed)


def test_filters_live_in_the_address_and_back_leads_to_the_same_list(new_person: NewPerson) -> None:
    guest = new_person(locale="ru", size=DESK)
    guest.open("/shop")
    searches(guest, "смартфон")
    page, found = guest.page, guest.page.locator(".list-count")
    names = page.locator(".good-name")
    expect(found).not_to_be_empty()
    whole = found.inner_text()

    tick = page.locator("#filters label").filter(has_text="Jebe")
    counted = tick.locator(".num").inner_text()
    tick.click()
    page.wait_for_url("**brand=Jebe")
    expect(found).to_have_text(guest.w.count("shop.found", int(counted)))
    expect(names).to_have_count(int(counted))
    page.get_by_label(guest.w("shop.sort")).select_option("dear")
    page.wait_for_url("**sort=dear**")
    assert _asked(page) == {"q": ["смартфон"], "brand": ["Jebe"], "sort": ["dear"]}
    expect(page.locator(".good").first).to_contain_text("Jebe")

    shown = names.all_inner_texts()
    page.locator(".shell .good").first.click()
    page.wait_for_url("**/shop/p/**")
    guest.title.wait_for()
    page.go_back()
    page.wait_for_url("**brand=Jebe**")
    expect(names).to_have_text(shown)

    # The address alone says what is shown, on any device and after a reload.
    there = guest.new_device().new_page()
    there.goto(page.url)
    wait_until_alive(there)
    expect(there.locator(".shell .good-name")).to_have_text(shown)
    page.get_by_role("link", name=guest.w("shop.filters.clear"), exact=True).first.click()
    expect(found).to_have_text(whole)


def test_the_list_goes_on_by_itself_and_then_by_a_button_with_an_address(new_person: NewPerson) -> None:
    guest = new_person(locale="kk")
    guest.open("/shop/search")
    page, goods = guest.page, guest.page.locator(".shell .good")
    for expected in (24, 48, 72, 96):
        expect(goods).to_have_count(expected)
        guest.button("shop.more").scroll_into_view_if_needed()
    expect(goods).to_have_count(120)
    first = page.locator(".good-name").first.inner_text()
    onward = page.get_by_role("link", name=guest.w("shop.more"), exact=True)
    onward.click()
    page.wait_for_url("**after=**")
    expect(page.locator(".good-name").first).not_to_have_text(first)
    page.go_back()
    expect(page.locator(".good-name").first).to_have_text(first)


def test_the_button_shows_more_where_nothing_loads_by_itself(new_person: NewPerson) -> None:
    guest = new_person(locale="en")
    guest.page.add_init_script("window.IntersectionObserver = class { observe() {} unobserve() {} disconnect() {} };")
    guest.open("/shop/search")
    goods = guest.page.locator(".shell .good")
    expect(goods).to_have_count(24)
    guest.press("shop.more")
    expect(goods).to_have_count(48)


def test_a_guest_is_led_to_sign_in_and_back_and_the_basket_waits_on_every_device(
    new_person: NewPerson, server: Server
) -> None:
    samovar = thing(server, 12_990)
    guest = new_person(locale="ru")
    wallet_of(server.folder, guest.phone, language="ru")
    guest.open("/shop")
    searches(guest, samovar.names["ru"])
    guest.page.get_by_role("link", name=samovar.names["ru"]).first.click()
    guest.arrives_at(f"/shop/p/{samovar.slug}")
    expect(guest.page.get_by_role("main")).to_contain_text("4 330 ₸")
    guest.page.get_by_role("link", name=guest.w("shop.add")).first.click()
    guest.page.wait_for_url("**/login?next=**")
    wait_until_alive(guest.page)
    guest.fill(phone=guest.phone, password=PASSWORD)
    guest.press("sign_in.submit")
    guest.arrives_at(f"/shop/p/{samovar.slug}")

    to_basket(guest).click()
    expect(guest.page.get_by_role("status").filter(has_text=guest.w("shop.added"))).to_be_visible()
    guest.follow("shop.to_basket")
    guest.arrives_at("/basket")
    assert basket_lines(guest) == [samovar.names["ru"]]

    elsewhere = _signs_in_elsewhere(guest)
    assert basket_lines(elsewhere) == [samovar.names["ru"]]
    elsewhere.sign_out()
    elsewhere.sign_in()
    elsewhere.arrives_at("/home")
    elsewhere.open("/basket")
    assert basket_lines(elsewhere) == [samovar.names["ru"]]


def _signs_in_elsewhere(person: Person) -> Person:
    """The same person at another browser."""
    person.page = person.new_device().new_page()
    person.sign_in()
    person.arrives_at("/home")
    person.open("/basket")
    return person
