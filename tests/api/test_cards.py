"""The forms that take a card's number: over real HTTP to a real processor."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx
import pytest

from kaspi_web.api import flash
from kaspi_web.api.cards import LINK, RECIPIENT
from kaspi_web.domain.cards import linking, recipients
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardView, Requisites
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import OWN_BIN
from kaspi_web.ui.cards.link import FIELDS
from tests.api.terminals import client
from tests.databases import open_bank
from tests.make.cards import own_card, with_check
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import sql
from tests.processor import CVC, EXPIRY, LINK_REFUSED, MASTERCARD, OK, UNKNOWN, ProcessorProcess


@pytest.fixture
def bank_settings(processor: ProcessorProcess) -> dict[str, Any]:
    return {"processor_url": processor.url, "processor_timeout_s": 2.0}


def cookie_of(bank: Bank, owner: int) -> str:
    """The Cookie header of a browser in which this customer is signed in."""
    return f"sid={bank.db.write_now(sessions.start, customer_id=owner, replacing='', device='')}"


def ask(bank: Bank, cookie: str, path: str, **fields: str) -> httpx.Response:
    """Send a form, or ask for a page when there is none; follows nothing."""

    async def story() -> httpx.Response:
        async with client(bank) as http:
            headers = {"Cookie": cookie} if cookie else {}
            if fields:
                return await http.post(path, data={"locale": "ru"} | fields, headers=headers)
            return await http.get(path, headers=headers)

    return asyncio.run(story())


def link(bank: Bank, cookie: str, **fields: str) -> httpx.Response:
    return ask(bank, cookie, "/cards/link", **({"number": OK, "expiry": EXPIRY, "cvc": CVC} | fields))


def recipient(bank: Bank, cookie: str, number: str, **fields: str) -> httpx.Response:
    return ask(bank, cookie, "/cards/recipient", number=number, **fields)


def went_to(answer: httpx.Response) -> str:
    assert answer.status_code == 303
    return answer.headers["location"]


def said(bank: Bank, answer: httpx.Response, form: str) -> flash.Flash:
    """What waits for the next page."""
    left = answer.headers["set-cookie"].partition(";")[0].replace('"', "")
    found = flash.read(bank, left, form=form)
    assert found is not None
    assert put(found.refusal, "kk"), "every refusal has words"
    return found


def on_card(bank: Bank, owner: int, card: CardView) -> Requisites:
    return bank.db.read_now(cards.requisites, customer_id=owner, public_id=card.public_id)


class TestLink:
    def test_a_card_leads_on_to_its_code_and_leaves_a_token_only(self, bank: Bank, processor: ProcessorProcess):
        me = customer(bank)
        answer = link(bank, cookie_of(bank, me), number="4242 4242 4242 4242", next="/ru/payments/i/abc")
        where, _, link_id = went_to(answer).rpartition("/")
        assert where == "/ru/cards/link"
        seen = bank.db.read_now(linking.open_link, customer_id=me, link_id=link_id)
        assert (seen.state, seen.brand, seen.last4, seen.onward) == ("challenge", "visa", "4242", "/ru/payments/i/abc")
        assert "Картаны қосу" in processor.text(PHONE), "in the language of the customer"
        assert OK not in str(sql(bank, "SELECT * FROM card_link"))

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ({"number": ""}, "card_number_unreadable"),
            ({"number": "4242"}, "card_number_unreadable"),
            ({"number": "4242 4242 4242 424x"}, "card_number_unreadable"),
            ({"number": "4242424242424241"}, "card_number_mistyped"),
            ({"number": with_check(f"{OWN_BIN}123456789")}, "card_is_ours"),
            ({"number": UNKNOWN}, "card_unknown"),
            ({"number": LINK_REFUSED}, "card_refused"),
            ({"expiry": "13/30"}, "card_expiry_unreadable"),
            ({"expiry": "12/99"}, "card_expiry_unreadable"),
            ({"expiry": "01/20"}, "card_expired"),
            ({"cvc": "12"}, "card_cvc_unreadable"),
            ({"cvc": "1234"}, "card_cvc_unreadable"),
            ({"cvc": "999"}, "card_cvc_wrong"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_kept(
        self, bank: Bank, typed: dict[str, str], code: str
    ):
        me = customer(bank)
        answer = link(bank, cookie_of(bank, me), next="/ru/cards", **typed)
        assert went_to(answer) == "/ru/cards/link"
        left = said(bank, answer, LINK)
        assert (left.code, left.kept) == (code, {"next": "/ru/cards"})
        assert FIELDS.get(code, "form") == next(iter(typed)) or code == "card_refused"
        assert bank.db.read_now(cards.cards, customer_id=me) == []
        assert typed.get("number", OK)[:12] not in f"{answer.headers}{answer.text}" or len(typed.get("number", OK)) < 16

    @pytest.mark.parametrize("mode", ["down", "broken", "silent"])
    def test_a_silent_processor_is_said_so(self, bank: Bank, processor: ProcessorProcess, mode: str):
        processor.set_fault(mode, deed="link", times=1, seconds=0)
        answer = link(bank, cookie_of(bank, customer(bank)))
        assert said(bank, answer, LINK).code == "processor_silent"

    def test_many_tries_are_stopped_before_the_processor_is_asked(self, bank: Bank, processor: ProcessorProcess):
        # A number of its own: texts of the tests before may still arrive.
        phone = "+77010000177"
        cookie = cookie_of(bank, customer(bank, phone=phone))
        for _ in range(linking.MOST_TRIES):
            link(bank, cookie, cvc="999")
        assert said(bank, link(bank, cookie), LINK).code == "too_many_tries"
        assert processor.texts(phone) == 0

    def test_a_page_elsewhere_is_not_gone_on_to(self, bank: Bank):
        me = customer(bank)
        answer = link(bank, cookie_of(bank, me), next="https://evil.example/")
        link_id = went_to(answer).rpartition("/")[2]
        assert bank.db.read_now(linking.open_link, customer_id=me, link_id=link_id).onward == ""


class TestRecipient:
    def test_another_bank_s_card_is_an_address_with_a_token_behind_it(self, bank: Bank):
        me = customer(bank)
        answer = recipient(bank, cookie_of(bank, me), MASTERCARD)
        where, _, name = went_to(answer).rpartition("/")
        assert where == "/ru/transfers/to"
        seen = bank.db.read_now(recipients.recipient, customer_id=me, recipient_id=name)
        assert (seen.card_id, seen.brand, seen.last4, seen.masked_name) == (None, "mastercard", "4444", "")
        assert seen.token.startswith("tok_")

    def test_somebody_s_card_of_ours_shows_a_masked_name(self, bank: Bank):
        me, other = customer(bank), customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Оспанов")
        card = own_card(bank, other)
        answer = recipient(bank, cookie_of(bank, me), on_card(bank, other, card).number, next="/ru/somewhere")
        where, _, name = went_to(answer).rpartition("/")
        assert where == "/ru/somewhere"
        seen = bank.db.read_now(recipients.recipient, customer_id=me, recipient_id=name)
        assert (seen.card_id, seen.masked_name, seen.token) == (card.id, "Тимур О.", "")

    @pytest.mark.parametrize(
        ("number", "code"),
        [
            ("123", "card_number_unreadable"),
            ("4242424242424241", "card_number_mistyped"),
            (UNKNOWN, "card_unknown"),
            (with_check(f"{OWN_BIN}123456789"), "card_unknown"),
        ],
    )
    def test_a_number_that_is_nobody_s_is_refused_and_not_kept(self, bank: Bank, number: str, code: str):
        answer = recipient(bank, cookie_of(bank, customer(bank)), number)
        assert went_to(answer) == "/ru/transfers/to"
        left = said(bank, answer, RECIPIENT)
        assert (left.code, left.kept) == (code, {"next": "/ru/transfers/to"})

    def test_looking_after_many_numbers_is_stopped(self, bank: Bank):
        cookie = cookie_of(bank, customer(bank))
        for _ in range(recipients.MOST_ASKED):
            recipient(bank, cookie, with_check(f"{OWN_BIN}123456789"))
        assert said(bank, recipient(bank, cookie, MASTERCARD), RECIPIENT).code == "too_many_tries"


@pytest.mark.parametrize("path", ["/cards/link", "/cards/recipient"])
def test_a_stranger_is_asked_to_sign_in_and_nobody_is_asked_about_the_card(
    bank: Bank, processor: ProcessorProcess, path: str
):
    answer = ask(bank, "sid=nobody", path, number=OK, expiry=EXPIRY, cvc=CVC)
    assert went_to(answer) == "/ru/login"
    assert processor.texts(PHONE) == 0
    assert sql(bank, "SELECT COUNT(*) FROM card_link") == [(0,)]


@pytest.mark.parametrize("path", ["/cards/link", "/cards/recipient"])
@pytest.mark.parametrize(
    "body",
    [
        {"content": b"\xff\xfe=\x00", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"files": {"number": ("n", b"4242424242424242")}},
        {"data": {"number": "\x00", "locale": "\x00", "next": "\x00"}},
        {"data": {"number": "9" * 5_000}},
    ],
)
def test_a_strange_form_is_refused_without_trouble(bank: Bank, path: str, body: dict[str, Any]):
    cookie = cookie_of(bank, customer(bank))

    async def story() -> httpx.Response:
        async with client(bank) as http:
            return await http.post(path, **body | {"headers": {"Cookie": cookie} | body.get("headers", {})})

    assert asyncio.run(story()).status_code in (303, 400)


def test_nothing_typed_is_logged_whatever_happens(
    bank: Bank, processor: ProcessorProcess, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    me = customer(bank)
    cookie = cookie_of(bank, me)
    link(bank, cookie)
    processor.set_fault("down", times=1)
    link(bank, cookie)
    recipient(bank, cookie, MASTERCARD)
    here = {"processor_url": "http://127.0.0.1:9", "processor_timeout_s": 0.5}
    with open_bank(bank.settings.database, bank.settings.data_dir, **here) as alone:
        link(alone, cookie)
    assert caplog.text
    assert not [number for number in (OK, MASTERCARD) if number in caplog.text]
