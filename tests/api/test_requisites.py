"""The page that shows what stands on one's own card: for its owner, after the wallet's password."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardView, Requisites
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.kernel.bank import Bank
from tests.api.browsers import PASSWORD, Browser, with_password
from tests.api.terminals import client
from tests.make.cards import linked, own_card
from tests.make.customers import OTHER_PHONE
from tests.make.ledger import sql

WRONG = "tau-Bulaq-suyi 78"


@pytest.fixture
def me(bank: Bank) -> int:
    return with_password(bank)


@pytest.fixture
def card(bank: Bank, me: int) -> CardView:
    return own_card(bank, me)


def cookie_of(bank: Bank, owner: int) -> str:
    """The Cookie header of a browser in which this customer is signed in."""
    return f"sid={bank.db.write_now(sessions.start, customer_id=owner, replacing='', device='')}"


def ask(bank: Bank, cookie: str, card: CardView, typed: str | None = None, locale: str = "ru") -> httpx.Response:
    """Ask for the page, or send its form with a password; follows nothing."""

    async def story() -> httpx.Response:
        path, headers = f"/cards/{card.public_id}/requisites?l={locale}", {"Cookie": cookie} if cookie else {}
        async with client(bank) as http:
            if typed is None:
                return await http.get(path, headers=headers)
            return await http.post(path, data={"password": typed}, headers=headers)

    return asyncio.run(story())


def on_card(bank: Bank, owner: int, card: CardView) -> Requisites:
    return bank.db.read_now(cards.requisites, customer_id=owner, public_id=card.public_id)


def tells(bank: Bank, owner: int, card: CardView, answer: httpx.Response) -> bool:
    """Whether anything that stands on the card is in the answer."""
    shown, text = on_card(bank, owner, card), answer.text.replace(" ", "").replace("\u00a0", "")
    return any(each in text for each in (shown.number, f">{shown.cvc}<", shown.expiry.wire))


@pytest.mark.parametrize(
    ("locale", "asked", "word"),
    [
        ("kk", "құпиясөзін енгізіңіз", "Карта нөмірі"),
        ("ru", "введите пароль", "Номер карты"),
        ("en", "enter the password", "Card number"),
    ],
)
def test_the_password_is_asked_first_and_only_its_answer_shows_the_card(
    bank: Bank, me: int, card: CardView, locale: str, asked: str, word: str
):
    cookie, shown = cookie_of(bank, me), on_card(bank, me, card)
    form = ask(bank, cookie, card, locale=locale)
    assert (form.status_code, form.headers["cache-control"]) == (200, "no-store")
    assert asked in form.text
    assert 'autocomplete="current-password"' in form.text
    assert not tells(bank, me, card, form)
    answer = ask(bank, cookie, card, PASSWORD, locale)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert word in answer.text
    assert f'lang="{locale}"' in answer.text
    digits = answer.text.replace(" ", "").replace("\u00a0", "")
    assert all(each in digits for each in (shown.number, f">{shown.cvc}<", shown.expiry.wire))
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("typed", ["", WRONG, PASSWORD + " ", "x" * 300])
def test_a_wrong_password_shows_nothing_and_is_said_so(bank: Bank, me: int, card: CardView, typed: str):
    answer = ask(bank, cookie_of(bank, me), card, typed)
    assert (answer.status_code, answer.headers["cache-control"]) == (403, "no-store")
    assert "Пароль не подошёл" in answer.text
    assert not tells(bank, me, card, answer)
    assert not typed or typed not in answer.text


def test_wrong_tries_are_counted_with_those_of_the_sign_in_and_stop_the_right_password(
    bank: Bank, me: int, card: CardView
):
    cookie = cookie_of(bank, me)
    for _ in range(customers.MAX_TRIES):
        ask(bank, cookie, card, WRONG)
    answer = ask(bank, cookie, card, PASSWORD)
    assert "Слишком много попыток" in answer.text
    assert not tells(bank, me, card, answer)
    elsewhere = Browser(bank)
    elsewhere.sign_in()
    assert "Слишком много попыток" in elsewhere.refusal("sign-in")


def test_the_right_password_takes_earlier_tries_back(bank: Bank, me: int, card: CardView):
    cookie = cookie_of(bank, me)
    for _ in range(customers.MAX_TRIES - 1):
        ask(bank, cookie, card, WRONG)
    assert tells(bank, me, card, ask(bank, cookie, card, PASSWORD))
    assert sql(bank, "SELECT COUNT(*) FROM sign_in_try") == [(0,)]


def test_a_password_that_was_replaced_since_it_was_checked_shows_nothing(bank: Bank, me: int):
    known = bank.db.write_now(customers.credentials, phone=OTHER_PHONE, address="a")
    with pytest.raises(customers.PasswordRefused):
        bank.db.write_now(customers.proved, known=known, phone=OTHER_PHONE, address="a")


@pytest.mark.parametrize("typed", [None, PASSWORD])
def test_nobody_else_sees_it(bank: Bank, me: int, card: CardView, typed: str | None):
    other = with_password(bank, phone=OTHER_PHONE)
    for cookie, status in ((cookie_of(bank, other), 404), ("sid=nobody", 303), ("", 303)):
        answer = ask(bank, cookie, card, typed)
        assert answer.status_code == status
        assert card.last4 not in answer.text
    assert sql(bank, "SELECT COUNT(*) FROM sign_in_try") == [(0,)], "nobody's password was tried"


@pytest.mark.parametrize("typed", [None, PASSWORD])
def test_an_unlinked_card_and_another_bank_s_have_none(bank: Bank, me: int, card: CardView, typed: str | None):
    bank.db.write_now(cards.unlink, customer_id=me, public_id=card.public_id)
    cookie = cookie_of(bank, me)
    assert ask(bank, cookie, card, typed).status_code == 404
    assert ask(bank, cookie, linked(bank, me), typed).status_code == 404
