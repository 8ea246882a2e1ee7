"""The form that takes an IIN and the page that shows a demo's identity card: over real HTTP to a real register."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import pytest

from kaspi_web.api import flash
from kaspi_web.api.addresses import our_path
from kaspi_web.api.identity import FORM, MISMATCH
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.identity import service as identity
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.bank import Bank
from tests.api.terminals import client
from tests.databases import open_bank
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.identity import iin_of, matched
from tests.make.ledger import moved, sql
from tests.make.phone import browser
from tests.register import RegisterProcess


def cookie_of(bank: Bank, owner: int) -> str:
    """The Cookie header of a browser in which this customer is signed in."""
    return f"sid={bank.db.write_now(sessions.start, customer_id=owner, replacing='', device='')}"


def post(bank: Bank, cookie: str, **fields: Any) -> httpx.Response:
    """Send the form and follow nothing."""

    async def story() -> httpx.Response:
        async with client(bank) as http:
            return await http.post("/identity/iin", data={"locale": "ru"} | fields, headers={"Cookie": cookie})

    return asyncio.run(story())


def said(bank: Bank, answer: httpx.Response, form: str) -> flash.Flash:
    """What waits for the next page."""
    left = answer.headers["set-cookie"].partition(";")[0].replace('"', "")
    found = flash.read(bank, left, form=form)
    assert found is not None
    return found


def known(bank: Bank, owner: int) -> identity.IdentityView | None:
    return bank.db.read_now(identity.of, customer_id=owner)


class TestForm:
    def test_a_number_that_agrees_leads_on(self, bank: Bank, register: RegisterProcess):
        me, number = customer(bank), register.issue()
        answer = post(bank, cookie_of(bank, me), iin=f"{number[:6]} {number[6:]}", next="/ru/payments/s/fines")
        assert (answer.status_code, answer.headers["location"]) == (303, "/ru/payments/s/fines")
        assert known(bank, me) is not None
        assert bank.db.read_now(identity.own_iin, customer_id=me) == number

    @pytest.mark.parametrize("goal", ["", "//evil.example", "https://evil.example", "/xx/home", "/kk/../x", "/kk\\x"])
    def test_without_a_page_of_ours_to_go_on_to_it_leads_back(self, bank: Bank, register: RegisterProcess, goal: str):
        answer = post(bank, cookie_of(bank, customer(bank)), iin=register.issue(), next=goal)
        assert answer.headers["location"] == "/ru/identity"

    @pytest.mark.parametrize("sent", [{}, {"locale": "de"}, {"locale": ""}])
    def test_an_unknown_language_is_the_first(self, bank: Bank, register: RegisterProcess, sent: dict[str, str]):
        answer = post(bank, cookie_of(bank, customer(bank)), **({"iin": "", "locale": "kk"} | sent))
        assert answer.headers["location"] == "/kk/identity"

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "iin_unreadable"),
            ("900501", "iin_unreadable"),
            ("900101300008", "iin_wrong"),
            ("x" * 5000, "iin_unreadable"),
        ],
    )
    def test_a_slip_is_told_at_the_form_and_costs_no_try(self, bank: Bank, typed: str, code: str):
        """No register is needed to see that the check digit is wrong."""
        answer = post(bank, cookie_of(bank, customer(bank)), iin=typed, next="/ru/home")
        left = said(bank, answer, FORM)
        assert (answer.headers["location"], left.code, left.kept) == ("/ru/identity", code, {"next": "/ru/home"})
        assert sql(bank, "SELECT COUNT(*) FROM identity_try") == [(0,)]

    def test_what_was_typed_is_not_kept(self, bank: Bank, register: RegisterProcess):
        cookie = cookie_of(bank, customer(bank))
        for typed in ("900101300008", "850615401232", register.issue(born_on="1991-01-01")):
            answer = post(bank, cookie, iin=typed)
            sealed = answer.headers["set-cookie"].partition(";")[0].partition("=")[2].strip('"')
            assert typed not in str(answer.headers) + bank.keys.unseal(sealed)

    @pytest.mark.parametrize(
        ("changes", "parts"),
        [
            ({"given_name": "Динара"}, ["name"]),
            ({"born_on": "1990-05-02"}, ["birth"]),
            ({"family_name": "Оспанова", "born_on": "1985-06-15"}, ["name", "birth"]),
        ],
    )
    def test_a_mismatch_leads_to_the_page_that_explains_it(
        self, bank: Bank, register: RegisterProcess, changes: dict[str, str], parts: list[str]
    ):
        me = customer(bank)
        before = moved(bank)
        answer = post(bank, cookie_of(bank, me), iin=register.issue(**changes), next="/ru/payments/s/fines")
        left = said(bank, answer, MISMATCH)
        assert answer.headers["location"] == "/ru/identity/mismatch"
        assert (left.params, left.kept) == ({"parts": parts}, {"next": "/ru/payments/s/fines"})
        assert (known(bank, me), moved(bank)) == (None, before)

    def test_a_number_that_the_register_never_issued_is_a_mismatch(self, bank: Bank, register: RegisterProcess):
        left = said(bank, post(bank, cookie_of(bank, customer(bank)), iin="850615401232"), MISMATCH)
        assert left.params == {"parts": ["unknown", "birth"]}

    def test_the_number_of_another_wallet_is_refused(self, bank: Bank, register: RegisterProcess):
        number = register.issue()
        matched(bank, customer(bank, phone=OTHER_PHONE), number)
        me = customer(bank)
        left = said(bank, post(bank, cookie_of(bank, me), iin=number), FORM)
        assert (left.code, known(bank, me)) == ("identity_taken", None)

    @pytest.mark.parametrize("mode", ["down", "broken"])
    def test_while_the_register_is_silent_nothing_is_decided(self, bank: Bank, register: RegisterProcess, mode: str):
        me, number = customer(bank), register.issue()
        register.fault(mode)
        for _ in range(identity.MAX_TRIES + 2):
            left = said(bank, post(bank, cookie_of(bank, me), iin=number), FORM)
            assert left.code == "register_silent"
        assert (known(bank, me), sql(bank, "SELECT COUNT(*) FROM identity_try")) == (None, [(0,)])
        register.clear()
        post(bank, cookie_of(bank, me), iin=number)
        assert known(bank, me) is not None

    def test_after_five_tries_in_an_hour_the_register_is_not_asked(self, bank: Bank, register: RegisterProcess):
        me, number = customer(bank), register.issue()
        for _ in range(identity.MAX_TRIES):
            assert post(bank, cookie_of(bank, me), iin="850615401232").headers["location"].endswith("mismatch")
        left = said(bank, post(bank, cookie_of(bank, me), iin=number), FORM)
        assert (left.code, known(bank, me)) == ("too_many_tries", None)
        assert put(left.refusal, "ru")

    def test_the_same_number_again_changes_nothing(self, bank: Bank, register: RegisterProcess):
        me, number = customer(bank), register.issue()
        first = [post(bank, cookie_of(bank, me), iin=number).headers["location"] for _ in range(2)]
        assert first == ["/ru/identity"] * 2
        assert sql(bank, "SELECT COUNT(*) FROM identity") == [(1,)]

    @pytest.mark.parametrize("cookie", ["", "sid=x", f"sid={'a' * 43}"])
    def test_a_stranger_is_sent_to_sign_in_and_nobody_is_asked(self, bank: Bank, cookie: str):
        customer(bank)
        answer = post(bank, cookie, iin=iin_of(), next="/ru/home")
        assert (answer.status_code, answer.headers["location"]) == (303, "/ru/login")
        assert sql(bank, "SELECT COUNT(*) FROM identity_try") == [(0,)]

    def test_a_number_in_the_address_is_not_taken(self, bank: Bank, register: RegisterProcess):
        me, number = customer(bank), register.issue()

        async def story() -> list[int]:
            async with client(bank) as http:
                here = {"params": {"iin": number}, "headers": {"Cookie": cookie_of(bank, me)}}
                return [(await http.request(method, "/identity/iin", **here)).status_code for method in ("GET", "POST")]

        assert asyncio.run(story()) == [405, 303]
        assert known(bank, me) is None

    def test_nothing_of_it_reaches_the_log(
        self, bank: Bank, register: RegisterProcess, caplog: pytest.LogCaptureFixture
    ):
        caplog.set_level(logging.DEBUG)
        me, right, wrong = customer(bank), register.issue(), register.issue("r2", given_name="Динара")
        for number in (wrong, right):
            post(bank, cookie_of(bank, me), iin=number)
        assert caplog.text
        assert not [number for number in (right, wrong) if number in caplog.text]


class TestCard:
    def show(self, bank: Bank, cookie: str = "", **params: str) -> httpx.Response:
        async def story() -> httpx.Response:
            async with client(bank) as http:
                return await http.get("/sim/identity", params=params, headers={"Cookie": cookie})

        return asyncio.run(story())

    def test_it_shows_the_cards_of_this_browsers_numbers_and_no_others(self, bank: Bank, register: RegisterProcess):
        mine, others = register.issue(), register.issue("r2", OTHER_PHONE)
        answer = self.show(bank, browser(bank, PHONE), l="kk")
        assert answer.status_code == 200
        assert mine in answer.text
        assert "Нұрланова" in answer.text
        assert others not in answer.text

    def test_nobody_else_sees_them(self, bank: Bank, register: RegisterProcess):
        mine, owner = register.issue(), customer(bank)
        browser(bank, PHONE)
        for cookie in ("", "phone=x", browser(bank, OTHER_PHONE), browser(bank), cookie_of(bank, owner)):
            assert mine not in self.show(bank, cookie).text

    @pytest.mark.parametrize(("asked", "shown"), [("kk", "kk"), ("en", "en"), ("", "kk"), ("de", "kk")])
    def test_it_speaks_the_language_asked_for(self, bank: Bank, register: RegisterProcess, asked: str, shown: str):
        assert f'<html lang="{shown}">' in self.show(bank, browser(bank, PHONE), l=asked).text

    def test_it_is_kept_nowhere_and_nothing_in_it_is_taken_for_a_script(self, bank: Bank, register: RegisterProcess):
        register.issue(given_name="<script>1</script>", family_name='"><img src=x>')
        answer = self.show(bank, browser(bank, PHONE))
        assert answer.headers["cache-control"] == "no-store"
        assert "<script>1" not in answer.text
        assert "<img" not in answer.text

    def test_while_the_register_is_silent_it_says_so(self, bank: Bank, register: RegisterProcess):
        register.issue()
        register.fault("down")
        answer = self.show(bank, browser(bank, PHONE), l="en")
        assert (answer.status_code, "did not answer" in answer.text) == (200, True)

    def test_outside_demos_there_is_none(self, bank: Bank, register: RegisterProcess):
        cookie = browser(bank, PHONE)
        with open_bank(bank.settings.database, bank.settings.data_dir, demo=False) as real:
            assert self.show(real, cookie).status_code == 404


class TestPaths:
    @pytest.mark.parametrize("path", ["/kk", "/ru/home", "/en/payments/s/fines-almaty", "/kk/payments/i/a2_b"])
    def test_pages_of_ours(self, path: str):
        assert our_path(path) == path

    @pytest.mark.parametrize(
        "path",
        ["", "/", "kk", "//kk", "/kk//x", "/kk/", "/kkx", "/kk/a?b", "/kk/a#b", "/kk/a\n", "/kk/ä", "javascript:1"]
        + ["/kk/" + "a" * 300, "/\\evil.example", "/kk/%2e%2e"],
    )
    def test_anything_else_is_none(self, path: str):
        assert our_path(path) == ""


def test_a_customer_whose_details_were_corrected_may_be_known(bank: Bank, register: RegisterProcess):
    """The whole way: a mismatch, the correction, the number once more."""
    me, number = customer(bank, given_name="Айгуль"), register.issue()
    assert post(bank, cookie_of(bank, me), iin=number).headers["location"] == "/ru/identity/mismatch"
    given = bank.db.read_now(customers.person, customer_id=me)
    corrected = type(given)("Айгүл", given.family_name, given.patronymic, given.born_on)
    bank.db.write_now(identity.change_person, customer_id=me, person=corrected)
    assert post(bank, cookie_of(bank, me), iin=number).headers["location"] == "/ru/identity"
    assert known(bank, me) is not None
