"""The shop's front in a browser: read without scripts, taken over by the app, narrowed, and come back to."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPerson
from tests.journeys.people import Person

LIST = "/shop/c/smartphones"
PRODUCT = "/shop/p/zhibek-ertis-knitted-hat-white-100004"


def cards(page: Page) -> int:
    return page.locator(".shell .good").count()


def test_goods_are_read_without_a_script(new_person: NewPerson) -> None:
    person = new_person(locale="ru", java_script_enabled=False)
    person.page.goto(person.url(PRODUCT))
    expect(person.page.locator("h1")).to_have_text("Вязаная шапка Zhibek «Иртыш», белый")
    person.page.locator("#served .path a").last.click()
    expect(person.page.locator("#served .good").first).to_be_visible()
    person.page.locator("#served .good").first.click()
    expect(person.page.locator("#served .price-large")).to_contain_text("₸")


def test_the_app_takes_the_page_over_with_one_title_at_any_moment(new_person: NewPerson) -> None:
    person = new_person(locale="ru")
    person.page.add_init_script(
        "new MutationObserver(() => { const seen = [...document.querySelectorAll('h1')]"
        ".filter((each) => each.checkVisibility()).length; window.most = Math.max(window.most || 0, seen); })"
        ".observe(document, { childList: true, subtree: true });"
    )
    person.open(PRODUCT)
    expect(person.page.locator(".shell #title")).to_be_visible()
    expect(person.page.locator("#served")).to_have_count(0)
    assert person.page.evaluate("window.most") == 1
    assert person.page.title().startswith("Вязаная шапка")


def test_a_tick_narrows_the_list_and_the_sheet_stays(new_person: NewPerson) -> None:
    person = new_person(locale="en", size=(360, 800))
    person.open(LIST)
    page, sheet = person.page, person.page.locator("#filters")
    found = page.locator(".list-count")
    expect(found).to_contain_text("products")
    before = found.inner_text()
    person.press("shop.filters")
    tick = sheet.locator("input[type=checkbox]").first
    name = tick.get_attribute("name") or ""
    tick.click()
    page.wait_for_url(f"**{LIST}?brand={name.removeprefix('brand.')}")
    expect(found).not_to_have_text(before)
    expect(sheet).to_be_visible()
    expect(tick).to_be_checked()
    assert page.evaluate("document.activeElement.name") == name
    sheet.locator(".filters-show").click()
    expect(sheet).to_be_hidden()
    page.locator(".pick-on").click()
    expect(found).to_have_text(before)
    expect(tick).not_to_be_checked()


def test_further_goods_come_by_themselves_and_back_leads_to_the_same_place(new_person: NewPerson) -> None:
    person = new_person(locale="en", size=(360, 800))
    person.open("/shop/search?sort=cheap")
    page = person.page
    expect(page.locator(".shell .good").nth(23)).to_be_attached()
    page.locator(".list-more").scroll_into_view_if_needed()
    expect(page.locator(".shell .good").nth(30)).to_be_attached()
    good = page.locator(".shell .good").nth(30)
    good.scroll_into_view_if_needed()
    where = page.evaluate("scrollY")
    good.click()
    expect(page.locator(".product-offer #title")).to_be_visible()
    page.go_back()
    expect(page.locator(".shell .good").nth(30)).to_be_in_viewport()
    assert abs(page.evaluate("scrollY") - where) < 300


_TO_THE_END = "scrollTo(0, document.documentElement.scrollHeight)"


def test_whoever_stands_on_more_goods_stays_there_and_goes_on_with_the_first_new_one_at_the_end(
    new_person: NewPerson,
) -> None:
    person = new_person(locale="en", size=(360, 800))
    person.open("/shop/search?sort=cheap")
    page, goods = person.page, person.page.locator(".shell .good")
    expect(goods.nth(23)).to_be_attached()
    more = page.locator(".list-more")
    more.focus()
    for shown in (48, 72, 96):
        page.evaluate(_TO_THE_END)
        expect(goods.nth(shown - 1)).to_be_attached()
        expect(more).to_be_focused()
    page.evaluate(_TO_THE_END)
    expect(goods.nth(119)).to_be_attached()
    expect(more).to_have_count(0)
    expect(goods.nth(96)).to_be_focused()


def test_a_guest_signs_in_for_the_basket_and_comes_back(new_person: NewPerson) -> None:
    owner = new_person(locale="ru", tenge=0)
    guest = _elsewhere(owner)
    guest.goto(owner.url(PRODUCT))
    guest.locator(".product-offer .button-primary").click()
    guest.wait_for_url("**/login?next=**")
    expect(guest.locator("input[name=next]")).to_have_value(f"/ru{PRODUCT}")


def _elsewhere(person: Person) -> Page:
    return person.new_device().new_page()
