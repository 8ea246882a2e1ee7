"""Every service is within reach of a thumb at 360 px, from Payments to its form: nothing is too small or too wide."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kaspi_web import service_files
from kaspi_web.settings import Settings
from kaspi_web.ui.payments.catalogue import CATEGORIES, MOBILE
from tests.journeys.conftest import NewPerson
from tests.journeys.looks import owes_nothing, settle
from tests.journeys.people import Person

SERVICES = service_files.read(service_files.folders(Settings())).services
_TILES = "main :is(a.tile, a.category)"


def _last(address: str) -> str:
    return address.rpartition("/")[2]


def _opens(person: Person, category: str, offered: list[str]) -> list[str]:
    """From Payments to a category; answers the services that it leads to. One alone is opened at once."""
    person.page.locator(f"a.category[href$='/c/{category}']").click()
    if len(offered) == 1:
        person.page.wait_for_url(f"**/payments/s/{offered[0]}")
        expect(person.title).to_have_text(SERVICES[offered[0]][f"name_{person.locale}"])
        return offered
    person.page.wait_for_url(f"**/payments/c/{category}")
    person.sees_title(f"operations.category.{category}")
    settle(person.page)
    if category == MOBILE:
        expect(person.page.locator("input[name=biller]").first).to_be_visible()
        return [each.get_attribute("value") or "" for each in person.page.locator("input[name=biller]").all()]
    return [_last(each.get_attribute("href") or "") for each in person.page.locator(_TILES).all()]


@pytest.mark.parametrize("locale", ["kk", "ru"])
def test_every_service_is_a_tile_of_its_category(new_person: NewPerson, locale: str) -> None:
    person = new_person(locale=locale, tenge=0)
    wrong: list[str] = []
    person.open("/payments")
    assert [_last(each.get_attribute("href") or "") for each in person.page.locator(_TILES).all()] == list(CATEGORIES)
    for category in CATEGORIES:
        offered = [slug for slug, service in SERVICES.items() if service["category"] == category]
        assert sorted(_opens(person, category, offered)) == sorted(offered)
        wrong += owes_nothing(person.page, locale, category)
        person.page.go_back()
        person.arrives_at("/payments")
        expect(person.page.locator("a.category").first).to_be_visible()
    assert not wrong, "\n".join(wrong)


def test_every_kind_of_form_fits_and_can_be_sent(new_person: NewPerson) -> None:
    person = new_person(locale="kk", tenge=0)
    wrong: list[str] = []
    # One of each kind of form: what differs between the others is the name.
    for slug, service in {service["fields"]: (slug, service) for slug, service in SERVICES.items()}.values():
        person.page.goto(person.url(f"/payments/s/{slug}"))
        settle(person.page)
        expect(person.title).to_have_text(service["name_kk"])
        expect(person.button("payments.check")).to_be_visible()
        wrong += owes_nothing(person.page, "kk", slug)
    assert not wrong, "\n".join(wrong)
