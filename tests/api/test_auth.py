"""Passwords and sign-ins by form: what is let in, what is refused, and what is never said."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from kaspi_web.kernel.bank import Bank
from tests.api.browsers import PASSWORD, Browser, given_cookies, tag_fits, went_to, with_password
from tests.make.customers import OTHER_PHONE, PHONE
from tests.make.ledger import moved, sql
from tests.make.onboarding import described, verified
from tests.make.sms import messages

NEW_PASSWORD = "Qara-teniz 19 jel"


def signed_in(bank: Bank, phone: str = PHONE) -> Browser:
    browser = Browser(bank)
    assert went_to(browser.sign_in(phone)) == "/ru/home"
    return browser


def test_who_knows_the_password_is_let_in_with_a_new_cookie(bank: Bank):
    customer_id, browser = with_password(bank), Browser(bank)
    before = browser.sid
    answer = browser.sign_in()
    visitor = browser.visitor()
    assert went_to(answer) == "/ru/home"
    assert visitor is not None
    assert visitor.customer_id == customer_id
    assert browser.sid != before
    assert tag_fits(browser)
    assert "HttpOnly" in given_cookies(answer)["sid"]
    assert "SameSite=Lax" in given_cookies(answer)["sid"]


@pytest.mark.parametrize("phone", ["+7 701 000 01 01", "8 701 000 01 01", "7010000101", " 87010000101 "])
def test_the_number_may_be_typed_in_any_usual_way(bank: Bank, phone: str):
    with_password(bank)
    assert went_to(Browser(bank).sign_in(phone)) == "/ru/home"


def test_the_cookie_from_before_the_sign_in_proves_nothing(bank: Bank):
    with_password(bank)
    browser = Browser(bank)
    before = browser.sid
    browser.sign_in()
    assert Browser(bank, before).visitor() is None


def test_a_wrong_password_is_refused_in_words_and_the_number_is_kept(bank: Bank):
    with_password(bank)
    browser = Browser(bank)
    answer = browser.sign_in(password="another one")
    said = browser.said("sign-in")
    assert went_to(answer) == "/ru/login"
    assert said is not None
    assert (said.code, said.kept) == ("sign_in_refused", {"phone": PHONE})
    assert browser.refusal("sign-in")
    assert browser.visitor() is None
    assert "sid" not in given_cookies(answer)


def test_what_is_left_for_the_next_page_is_sealed(bank: Bank):
    with_password(bank)
    answer = Browser(bank).sign_in(password="very-secret-word")
    left = given_cookies(answer)["flash"]
    everything = f"{answer.headers}{answer.text}"
    assert "HttpOnly" in left
    assert "Max-Age=30" in left
    assert "SameSite=lax" in left
    assert not [word for word in ("very-secret-word", "7010000101", "sign_in_refused") if word in everything]
    assert "?" not in answer.headers["location"]


def test_a_refusal_is_said_to_its_own_form_only_and_a_forged_one_never(bank: Bank):
    with_password(bank)
    browser = Browser(bank)
    browser.sign_in(password="another one")
    assert browser.said("reset") is None
    browser.jar["flash"] = "gAAAAABforged"
    assert browser.said("sign-in") is None


def test_after_a_sign_in_nothing_of_the_refusal_is_left(bank: Bank):
    with_password(bank)
    browser = Browser(bank)
    browser.sign_in(password="another one")
    browser.sign_in()
    assert browser.said("sign-in") is None


def test_a_number_that_nobody_has_is_refused_like_a_wrong_password(bank: Bank):
    with_password(bank)
    known, stranger = Browser(bank), Browser(bank)
    answers = known.sign_in(password="another one"), stranger.sign_in(OTHER_PHONE)
    first, second = known.said("sign-in"), stranger.said("sign-in")
    assert first is not None
    assert second is not None
    assert (first.code, first.params) == (second.code, second.params)
    assert answers[0].headers["location"] == answers[1].headers["location"]


@pytest.mark.parametrize(
    ("phone", "code"),
    [("", "phone_unreadable"), ("12", "phone_unreadable"), ("+1 212 555 01 00", "phone_foreign"), ("\x00", None)],
)
def test_a_number_that_cannot_be_read_is_refused_at_its_field(bank: Bank, phone: str, code: str | None):
    browser = Browser(bank)
    browser.sign_in(phone)
    said = browser.said("sign-in")
    assert said is not None
    assert said.code == (code or "phone_unreadable")


@pytest.mark.parametrize("tries", [5])
def test_after_five_wrong_tries_even_the_right_password_has_to_wait(bank: Bank, tries: int):
    with_password(bank)
    browser = Browser(bank)
    for _ in range(tries):
        browser.sign_in(password="another one")
    assert went_to(browser.sign_in()) == "/ru/login"
    said = browser.said("sign-in")
    assert said is not None
    assert said.code == "too_many_tries"
    assert browser.refusal("sign-in")
    assert browser.visitor() is None
    assert went_to(Browser(bank).sign_in()) == "/ru/login", "another browser is no way around"


def test_a_registration_sent_again_after_its_end_goes_on_politely(bank: Bank):
    cookie = described(bank)
    Browser(bank, cookie).post("register", {"password": PASSWORD})
    again = Browser(bank, cookie)
    assert went_to(again.post("register", {"password": PASSWORD})) == "/ru/home"
    assert again.refusal("sign-in")
    assert again.visitor() is None


def test_twenty_guesses_at_once_are_no_way_around_the_five(bank: Bank):
    with_password(bank)

    async def story() -> list[str]:
        browsers = [Browser(bank) for _ in range(20)]
        data = {"phone": PHONE, "password": "another one"}
        await asyncio.gather(*(browser.posted("sign-in", data) for browser in browsers))
        return [said.code for browser in browsers if (said := browser.said("sign-in"))]

    codes = asyncio.run(story())
    assert len(codes) == 20
    assert codes.count("sign_in_refused") <= 5


def test_somebody_else_is_not_locked_out_with_the_guessed_number(bank: Bank):
    with_password(bank)
    with_password(bank, phone=OTHER_PHONE)
    for _ in range(6):
        Browser(bank).sign_in(password="another one")
    assert went_to(Browser(bank).sign_in(OTHER_PHONE)) == "/ru/home"


def test_a_registration_ends_with_an_open_wallet_and_a_sign_in(bank: Bank):
    browser = Browser(bank, described(bank))
    assert went_to(browser.post("register", {"password": PASSWORD})) == "/ru/register/done"
    assert browser.visitor() is not None
    assert messages(bank, PHONE)[-1][0] == "wallet_opened"
    assert went_to(Browser(bank).sign_in()) == "/ru/home"


@pytest.mark.parametrize("form", ["register", "reset"])
def test_without_a_proved_number_there_is_no_password(bank: Bank, form: str):
    browser = Browser(bank)
    answer = browser.post(form, {"password": PASSWORD})
    said = browser.said(form)
    assert went_to(answer) == f"/ru/{form}/password"
    assert said is not None
    assert said.code == "out_of_order"
    assert sql(bank, "SELECT COUNT(*) FROM customer")[0][0] == 0


def test_a_proved_number_without_a_person_opens_no_wallet(bank: Bank):
    browser = Browser(bank, verified(bank))
    browser.post("register", {"password": PASSWORD})
    said = browser.said("register")
    assert said is not None
    assert said.code == "out_of_order"
    assert browser.visitor() is None


def test_the_proof_for_one_form_is_none_for_the_other(bank: Bank):
    with_password(bank, phone=OTHER_PHONE)
    browser = Browser(bank, described(bank))
    browser.post("reset", {"password": NEW_PASSWORD})
    said = browser.said("reset")
    assert said is not None
    assert said.code == "out_of_order"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("short", "password_too_short"),
        ("password1", "password_too_common"),
        ("87010000101", "password_like_phone"),
        ("x" * 129, "password_too_long"),
    ],
)
def test_a_weak_password_is_refused_and_can_be_chosen_again(bank: Bank, password: str, code: str):
    browser = Browser(bank, described(bank))
    assert went_to(browser.post("register", {"password": password})) == "/ru/register/password"
    said = browser.said("register")
    assert said is not None
    assert (said.code, password in browser.cookie_header and bool(password)) == (code, False)
    assert browser.refusal("register")
    assert went_to(browser.post("register", {"password": PASSWORD})) == "/ru/register/done"


def test_a_registration_sent_twice_opens_one_wallet(bank: Bank):
    cookie = described(bank)

    async def story() -> None:
        await asyncio.gather(*(Browser(bank, cookie).posted("register", {"password": PASSWORD}) for _ in range(4)))

    asyncio.run(story())
    assert sql(bank, "SELECT COUNT(*) FROM customer")[0][0] == 1
    assert sql(bank, "SELECT COUNT(*) FROM account WHERE kind = 'wallet'")[0][0] == 1


def test_a_new_password_ends_every_former_sign_in(bank: Bank):
    with_password(bank)
    former = signed_in(bank)
    browser = Browser(bank, verified(bank, purpose="reset"))
    assert went_to(browser.post("reset", {"password": NEW_PASSWORD})) == "/ru/home"
    assert browser.visitor() is not None
    assert former.visitor() is None
    assert went_to(Browser(bank).sign_in()) == "/ru/login"
    assert went_to(Browser(bank).sign_in(password=NEW_PASSWORD)) == "/ru/home"


def test_signing_out_ends_this_browser_only(bank: Bank):
    with_password(bank)
    here, there = signed_in(bank), signed_in(bank)
    before = here.sid
    assert went_to(here.post("sign-out")) == "/ru"
    assert here.visitor() is None
    assert here.sid != before
    assert Browser(bank, before).visitor() is None
    assert there.visitor() is not None


def test_passwords_are_in_no_log_and_in_no_file(bank: Bank, caplog: pytest.LogCaptureFixture, tmp_path: Path):
    secrets = ("Right-Qaragandy-61", "Wrong-Pavlodar-52", "weakweak")
    with caplog.at_level(logging.DEBUG):
        newcomer = Browser(bank, described(bank))
        newcomer.post("register", {"password": secrets[2]})
        newcomer.post("register", {"password": secrets[0]})
        Browser(bank).sign_in(password=secrets[1])
        signed = Browser(bank)
        signed.sign_in(password=secrets[0])
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    said = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert signed.visitor() is not None
    for secret in secrets:
        assert secret.encode() not in written
        assert secret not in said
    assert signed.sid.encode() not in written
    assert signed.sid not in said


def test_forms_move_no_money(bank: Bank):
    with_password(bank)
    before = moved(bank)
    signed_in(bank).post("sign-out")
    Browser(bank).sign_in(password="another one")
    assert moved(bank) == before
