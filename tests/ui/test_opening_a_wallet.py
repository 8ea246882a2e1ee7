"""Opening a wallet and getting a new password, step by step, and the sign-in page after a refused try."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from kaspi_web.i18n import LOCALES
from kaspi_web.kernel.bank import Bank
from kaspi_web.ui.home.state import HomeState
from kaspi_web.ui.registration.state import RegistrationState as R
from kaspi_web.ui.sign_in.state import ResetState, SignInState
from tests.api.browsers import Browser, with_password
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import sql
from tests.make.onboarding import described, verified
from tests.make.sms import last_code, messages, other_than
from tests.ui.harness import Site, play, signed_in, stranger

PERSON = {
    "given_name": "Айгүл",
    "family_name": "Нұрланова",
    "patronymic": "",
    "born_day": "1",
    "born_month": "5",
    "born_year": "1990",
}


@pytest.mark.parametrize("locale", LOCALES)
def test_from_the_number_to_an_open_wallet(app: Any, bank: Bank, locale: str):
    cookie = stranger()

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/register", cookie=cookie)
        await page.call(R.begin, {"phone": "701 000 01 01"})
        await page.go(page.went_to[-1])
        assert page.path == f"/{locale}/register/code"
        assert page.shows(R).sent_to == "+7 701 ••• •• 01"
        assert page.shows(R).resend_at > 0
        code = last_code(bank, PHONE)
        await page.call(R.confirm, {"code": f"{code[:3]} {code[3:]}"})
        await page.go(page.went_to[-1])
        await page.call(R.describe, PERSON)
        await page.go(page.went_to[-1])
        assert page.path == f"/{locale}/register/password"
        browser = Browser(bank, cookie.removeprefix("sid="))
        answer = await browser.posted("register", {"password": "tau-Bulaq-suyi 77", "locale": locale})
        home = await site.open(f"/{locale}/home", cookie=browser.cookie_header)
        assert answer.headers["location"] == f"/{locale}/register/done"
        assert home.shows(HomeState).name == "Айгүл"
        assert code not in page.everything

    play(app, bank, story)
    assert sql(bank, "SELECT phone, language FROM customer") == [(PHONE, locale)]


@pytest.mark.parametrize("step", ["code", "person", "password"])
@pytest.mark.parametrize("flow", ["register", "reset"])
def test_a_step_cannot_be_skipped(app: Any, bank: Bank, flow: str, step: str):
    async def story(site: Site) -> None:
        page = await site.open(f"/en/{flow}/{step}", cookie=stranger())
        assert page.went_to == [f"/en/{flow}"]

    if (flow, step) != ("reset", "person"):
        play(app, bank, story)


@pytest.mark.parametrize(("flow", "state"), [("register", R), ("reset", ResetState)])
def test_the_number_typed_again_goes_on_to_the_code(app: Any, bank: Bank, flow: str, state: Any):
    customer(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/{flow}", cookie=stranger())
        for _ in range(2):
            await page.call(state.begin, {"phone": PHONE})
            assert page.went_to[-1] == f"/en/{flow}/code"
            assert page.shows(state).errors == {}
            await page.go(f"/en/{flow}/code")
            await page.go(f"/en/{flow}")
        assert len(page.went_to) == 2

    play(app, bank, story)
    assert len(messages(bank, PHONE)) == 1


def test_a_wrong_code_says_how_many_tries_are_left_and_keeps_the_step(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        page = await site.open("/en/register", cookie=stranger())
        await page.call(R.begin, {"phone": PHONE})
        await page.go("/en/register/code")
        sent = len(page.went_to)
        for _ in range(5):
            await page.call(R.confirm, {"code": other_than(last_code(bank, PHONE))})
            assert page.shows(R).errors
        await page.call(R.confirm, {"code": last_code(bank, PHONE)})
        assert page.shows(R).errors["form"]
        assert len(page.went_to) == sent

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("phone", ["", "12", "+1 212 555 01 00", "+7 727 250 00 00", "abc"])
def test_a_number_without_a_wallet_to_be_is_refused_at_its_field(app: Any, bank: Bank, locale: str, phone: str):
    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/register", cookie=stranger())
        await page.call(R.begin, {"phone": phone})
        assert list(page.shows(R).errors) == ["phone"]
        assert page.went_to == []

    play(app, bank, story)
    assert messages(bank) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"given_name": ""}, "given_name"),
        ({"family_name": "123"}, "family_name"),
        ({"patronymic": "<b>"}, "patronymic"),
        ({"born_day": "31", "born_month": "2"}, "born"),
        ({"born_year": "2020"}, "born"),
        ({"born_year": "1800"}, "born"),
        ({"born_year": "x"}, "born"),
    ],
)
def test_a_person_that_cannot_be_is_refused_at_its_field(app: Any, bank: Bank, change: dict[str, str], field: str):
    cookie = "sid=" + verified(bank)

    async def story(site: Site) -> None:
        page = await site.open("/ru/register/person", cookie=cookie)
        await page.call(R.describe, PERSON | change)
        assert list(page.shows(R).errors) == [field]
        assert page.shows(R).too_young == (change.get("born_year") == "2020")
        assert page.went_to == []

    play(app, bank, story)


def test_every_mistake_of_a_person_is_shown_at_once(app: Any, bank: Bank):
    cookie = "sid=" + verified(bank)

    async def story(site: Site) -> None:
        page = await site.open("/ru/register/person", cookie=cookie)
        await page.call(R.describe, {})
        assert set(page.shows(R).errors) == {"given_name", "family_name", "born"}

    play(app, bank, story)


def test_another_browser_cannot_go_on_with_my_proof(app: Any, bank: Bank):
    described(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/register/password", cookie=stranger())
        assert page.went_to == ["/en/register"]
        assert "Айгүл" not in page.everything
        assert "+7 701" not in page.everything

    play(app, bank, story)


def test_whether_a_number_has_a_wallet_is_told_only_to_who_proved_it(app: Any, bank: Bank):
    customer(bank)
    wires: list[str] = []

    async def story(site: Site) -> None:
        for phone in (PHONE, OTHER_PHONE):
            page = await site.open("/en/register", cookie=stranger())
            await page.call(R.begin, {"phone": phone})
            await page.go("/en/register/code")
            wires.append(re.sub(r"\d{13}|••• •• \d\d", "", page.everything.replace(page.token, "")))
        assert not page.shows(R).has_wallet
        mine = await site.open("/en/register", cookie=stranger())
        assert not mine.shows(R).has_wallet

    play(app, bank, story)
    keep = re.compile(r"registration_state[^}]*\}")
    assert [keep.findall(wire)[-1] for wire in wires][0] == [keep.findall(wire)[-1] for wire in wires][1]


def test_who_proved_a_number_with_a_wallet_is_told_so(app: Any, bank: Bank):
    customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/register", cookie=stranger())
        await page.call(R.begin, {"phone": PHONE})
        await page.call(R.confirm, {"code": last_code(bank, PHONE)})
        assert page.shows(R).has_wallet

    play(app, bank, story)


def test_a_new_password_through_a_code(app: Any, bank: Bank):
    owner = with_password(bank)
    cookie, former = stranger(), signed_in(bank, owner)

    async def story(site: Site) -> None:
        page = await site.open("/kk/reset", cookie=cookie)
        await page.call(ResetState.begin, {"phone": PHONE})
        await page.go(page.went_to[-1])
        await page.call(ResetState.confirm, {"code": last_code(bank, PHONE)})
        assert page.went_to[-1] == "/kk/reset/password"
        await Browser(bank, cookie.removeprefix("sid=")).posted("reset", {"password": "Qara-teniz 19 jel"})
        old = await site.open("/kk/home", cookie=former)
        assert old.went_to == ["/kk/login"]

    play(app, bank, story)


def test_a_reset_of_a_number_that_nobody_has_looks_the_same_and_sends_nothing(app: Any, bank: Bank):
    async def story(site: Site) -> None:
        page = await site.open("/kk/reset", cookie=stranger())
        await page.call(ResetState.begin, {"phone": PHONE})
        assert page.went_to == ["/kk/reset/code"]
        assert page.shows(ResetState).errors == {}

    play(app, bank, story)
    assert messages(bank) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_sign_in_page_shows_the_refusal_and_keeps_the_number(app: Any, bank: Bank, locale: str):
    with_password(bank)

    async def story(site: Site) -> None:
        browser = Browser(bank)
        await browser.posted("sign-in", {"phone": "8 701 000 01 01", "password": "wrong-one", "locale": locale})
        page = await site.open(f"/{locale}/login", cookie=browser.cookie_header)
        shown = page.shows(SignInState)
        assert shown.phone == "8 701 000 01 01"
        assert shown.errors["form"]
        assert "wrong-one" not in page.everything
        assert browser.jar["flash"] not in page.everything

    play(app, bank, story)


def test_the_password_page_shows_why_a_password_was_refused(app: Any, bank: Bank):
    cookie = described(bank)

    async def story(site: Site) -> None:
        browser = Browser(bank, cookie)
        await browser.posted("register", {"password": "short"})
        page = await site.open("/ru/register/password", cookie=browser.cookie_header)
        assert page.shows(R).errors["password"]
        await asyncio.sleep(0)

    play(app, bank, story)
