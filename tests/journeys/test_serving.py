"""Another port, a shop window without the demo, and what a stranger may not reach."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPerson, NewServer
from tests.journeys.people import en
from tests.journeys.server import Server


@pytest.fixture
def second(new_server: NewServer) -> Server:
    return new_server()


def test_another_port_needs_no_other_build(server: Server, second: Server, new_person: NewPerson) -> None:
    second.start()
    assert "The front end is built already." in second.log()
    person = new_person(at=second)
    person.open("/register")
    person.fill(phone="701 12")
    person.press("registration.phone.submit")
    person.sees_mistake("phone", en("refusal.phone_unreadable"))


def test_without_the_demo_there_is_no_kiosk_and_no_simulated_phone(server: Server, second: Server) -> None:
    # Even over a build that has their pages; `run` would make another, and take the others' away.
    second.serve_the_build_at_hand(DEMO="off")
    for locale in ("kk", "ru", "en"):
        for path in ("kiosk/almaty-01", "sim", "sim/", "sim/index.html", "kiosk"):
            assert httpx.get(f"{second.url}/{locale}/{path}", trust_env=False).status_code == 404
    assert httpx.get(f"{second.url}/kk/login", trust_env=False).status_code == 200


def test_an_address_that_does_not_exist_says_so(new_person: NewPerson) -> None:
    person = new_person()
    person.console.forgive("status of 404")
    answer = person.page.goto(person.url("/nothing/here"))
    assert answer.status == 404
    expect(person.title).to_have_text(person.w("common.not_found"))


def test_the_first_address_answers_in_the_language_of_the_browser(server: Server) -> None:
    for asked, locale in {"kk-KZ,kk;q=0.9": "kk", "ru": "ru", "en-GB,en": "en"}.items():
        answer = httpx.get(server.url, headers={"Accept-Language": asked}, trust_env=False)
        assert (answer.status_code, answer.headers["location"]) == (302, f"/{locale}")
