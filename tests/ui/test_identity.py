"""The pages of IIN and of names and birth date: what their owner sees, before and after a number is known."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from typing import Any

import pytest

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.customers.names import Person
from kaspi_web.domain.identity import service as identity
from kaspi_web.gateways.register import Register
from kaspi_web.i18n import LOCALES, words
from kaspi_web.kernel.bank import Bank
from kaspi_web.ui.identity.state import IdentityState as S
from kaspi_web.ui.identity.state import PersonState as P
from kaspi_web.ui.profile.state import ProfileState
from kaspi_web.workers import identity as ordering
from tests.api.browsers import PASSWORD, Browser
from tests.api.terminals import client
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.identity import matched
from tests.make.onboarding import described
from tests.make.phone import browser
from tests.register import RegisterProcess
from tests.ui.harness import Site, play, signed_in
from tests.workers.waiting import until

PERSON = {
    "given_name": "Айгуль",
    "family_name": "Нурланова",
    "patronymic": "Маратовна",
    "born_day": "2",
    "born_month": "6",
    "born_year": "1991",
}


async def sent(bank: Bank, cookie: str, **fields: str) -> tuple[str, str]:
    """Where the form leads, and the Cookie header that the browser has then."""
    async with client(bank) as http:
        answer = await http.post("/identity/iin", data={"locale": "en"} | fields, headers={"Cookie": cookie})
    left = [value.partition(";")[0] for value in answer.headers.get_list("set-cookie")]
    return answer.headers["location"], "; ".join([cookie, *left])


def person(bank: Bank, owner: int) -> Person:
    return bank.db.read_now(customers.person, customer_id=owner)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_form_says_what_is_compared(app: Any, bank: Bank, locale: str):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"/{locale}/identity", cookie=signed_in(bank, me))
        shown = page.shows(S)
        assert (shown.ready, shown.masked, shown.errors) == (True, "", {})
        assert "Нұрланова Айгүл" in shown.compared
        assert "1990" in shown.compared

    play(app, bank, story)


def test_a_known_number_is_shown_masked_and_never_whole(app: Any, bank: Bank):
    me = customer(bank)
    number = matched(bank, me)

    async def story(site: Site) -> None:
        page = await site.open("/en/identity", cookie=signed_in(bank, me))
        assert page.shows(S).masked == f"9005•••• ••{number[-2:]}"
        assert page.shows(S).matched_on
        await page.go("/en/profile")
        assert page.shows(ProfileState).iin == f"9005•••• ••{number[-2:]}"
        assert number not in page.everything
        assert number[4:10] not in page.everything

    play(app, bank, story)


def test_a_slip_is_named_at_the_field_and_the_way_on_is_kept(app: Any, bank: Bank):
    me = customer(bank)

    async def story(site: Site) -> None:
        goal, cookie = await sent(bank, signed_in(bank, me), iin="900101300008", next="/en/payments/s/fines")
        page = await site.open(goal, cookie=cookie)
        assert set(page.shows(S).errors) == {"iin"}
        assert page.shows(S).onward == "/en/payments/s/fines"
        assert "900101300008" not in page.everything

    play(app, bank, story)


def test_a_silent_register_is_told_above_the_form(app: Any, bank: Bank, register: RegisterProcess):
    me, number = customer(bank), register.issue()
    register.fault("down")

    async def story(site: Site) -> None:
        goal, cookie = await sent(bank, signed_in(bank, me), iin=number)
        page = await site.open(goal, cookie=cookie)
        assert page.shows(S).errors == {"form": words("en")("refusal.register_silent")}
        assert page.shows(S).masked == ""

    play(app, bank, story)


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "/en/a?b=c", "javascript:alert(1)"])
def test_the_way_on_leads_nowhere_else(app: Any, bank: Bank, asked: str):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await site.open(f"/en/identity?next={asked}", cookie=signed_in(bank, me))
        assert page.shows(S).onward == ""
        page = await site.open("/en/identity?next=/en/payments", cookie=signed_in(bank, me))
        assert page.shows(S).onward == "/en/payments"

    play(app, bank, story)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_mismatch_is_explained(app: Any, bank: Bank, register: RegisterProcess, locale: str):
    me, number = customer(bank), register.issue(given_name="Динара", born_on="1990-05-02")

    async def story(site: Site) -> None:
        goal, cookie = await sent(bank, signed_in(bank, me), iin=number, locale=locale, next="/en/payments")
        assert goal == f"/{locale}/identity/mismatch"
        page = await site.open(goal, cookie=cookie)
        shown, w = page.shows(S), words(locale)
        assert shown.parts == [w("identity.mismatch.name"), w("identity.mismatch.birth")]
        assert (shown.names, shown.onward) == ("Нұрланова Айгүл", "/en/payments")
        assert not [word for word in (number, "Динара") if word in page.everything], "the register's word is not told"

    play(app, bank, story)


def test_a_mismatch_that_nobody_spoke_of_names_no_part(app: Any, bank: Bank):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/identity/mismatch", cookie=signed_in(bank, me))
        assert (page.shows(S).ready, page.shows(S).parts) == (True, [])

    play(app, bank, story)


def test_an_open_page_hears_that_the_number_is_known(app: Any, bank: Bank):
    me = customer(bank)

    async def story(site: Site) -> None:
        page = await site.open("/en/identity", cookie=signed_in(bank, me))
        await asyncio.to_thread(matched, bank, me)
        await until(lambda: page.shows(S).masked)

    play(app, bank, story)


class TestPerson:
    def test_names_and_birth_date_are_corrected(self, app: Any, bank: Bank):
        me = customer(bank)

        async def story(site: Site) -> None:
            page = await site.open("/en/profile/person", cookie=signed_in(bank, me))
            before = page.shows(P)
            assert (before.given_name, before.day, before.month, before.year) == ("Айгүл", "1", "5", "1990")
            await page.call(P.save, PERSON)
            assert (page.shows(P).saved, page.shows(P).errors) == (True, {})

        play(app, bank, story)
        assert person(bank, me).family_name == "Нурланова"
        assert person(bank, me).born_on.isoformat() == "1991-06-02"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"given_name": ""}, "given_name"),
            ({"family_name": "123"}, "family_name"),
            ({"born_year": "2020"}, "born"),
            ({"born_month": "13"}, "born"),
        ],
    )
    def test_what_cannot_be_read_is_named_and_changes_nothing(
        self, app: Any, bank: Bank, changes: dict[str, str], field: str
    ):
        me = customer(bank)
        before = person(bank, me)

        async def story(site: Site) -> None:
            page = await site.open("/en/profile/person", cookie=signed_in(bank, me))
            await page.call(P.save, PERSON | changes)
            assert set(page.shows(P).errors) == {field}
            assert not page.shows(P).saved

        play(app, bank, story)
        assert person(bank, me) == before

    def test_once_a_number_is_known_they_are_frozen(self, app: Any, bank: Bank):
        me = customer(bank)
        before = person(bank, me)

        async def story(site: Site) -> None:
            page = await site.open("/en/profile/person", cookie=signed_in(bank, me))
            assert page.shows(P).frozen is False
            await asyncio.to_thread(matched, bank, me)
            await page.call(P.save, PERSON)
            assert (page.shows(P).frozen, page.shows(P).saved) == (True, False)
            assert page.shows(P).errors == {"form": words("en")("refusal.person_frozen")}

        play(app, bank, story)
        assert person(bank, me) == before

    def test_nobody_corrects_somebody_else(self, app: Any, bank: Bank):
        me, other = customer(bank), customer(bank, phone=OTHER_PHONE)
        mine = person(bank, me)

        async def story(site: Site) -> None:
            page = await site.open("/en/profile/person", cookie=signed_in(bank, other))
            await page.call(P.save, PERSON | {"customer_id": str(me), "id": str(me)})

        play(app, bank, story)
        assert person(bank, me) == mine
        assert person(bank, other).given_name == "Айгуль"


def test_an_iin_is_nowhere_but_on_the_page_of_the_card(
    app: Any, bank: Bank, register: RegisterProcess, caplog: pytest.LogCaptureFixture
):
    """From the registration to a matched number: not in a State, a frame, the log, the bank's files or the phone's."""
    caplog.set_level(0)
    sid, phone = described(bank), browser(bank, PHONE)

    async def story(site: Site) -> None:
        opening = Browser(bank, sid)
        await opening.posted("register", {"password": PASSWORD, "locale": "en"})
        cookie = f"{opening.cookie_header}; {phone}"
        async with aclosing(Register(bank)) as asked:
            assert await ordering.order_due(bank, asked) == 1
        page = await site.open("/en/home", cookie=cookie)
        async with client(bank) as http:
            card = (await http.get("/sim/identity", headers={"Cookie": cookie})).text
        (number,) = set(re.findall(r"\b\d{12}\b", card))
        for form in ({"iin": number[:-1] + str((int(number[-1]) + 1) % 10)}, {"iin": number}):
            goal, with_flash = await sent(bank, cookie, **form)
            for path in (goal, "/en/identity", "/en/profile", "/en/profile/person", "/en/sim", "/en/identity/mismatch"):
                page = await site.open(path, cookie=with_flash)
                assert number not in page.everything
            assert "Нұрланова" in _states(site)
            assert number not in _states(site)
        found = await bank.db.read(customers.card_by_phone, phone=PHONE)
        assert found is not None
        assert await bank.db.read(identity.own_iin, customer_id=found.id) == number
        assert number not in caplog.text
        files = [path for path in bank.settings.data_dir.glob("*") if path.is_file()]
        assert {"bank.db", "phone.db"} <= {path.name for path in files}
        assert not [path.name for path in files if number.encode() in path.read_bytes()]

    play(app, bank, story)


def _states(site: Site) -> str:
    """Every State of every page, as the server holds them."""
    return "".join(repr(state.dict()) for state in site.app._state_manager.states.values())
