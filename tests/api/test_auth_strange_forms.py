"""Forms that no page of ours sends: refused quietly, never a server error, and nobody is signed in by one."""

from __future__ import annotations

import pytest

from kaspi_web.kernel.bank import Bank
from tests.api.browsers import PASSWORD, Browser, went_to, with_password
from tests.make.customers import PHONE


@pytest.mark.parametrize("sid", ["", "x", "a" * 44, "a" * 42 + "."])
@pytest.mark.parametrize("form", ["sign-in", "register", "reset", "sign-out"])
def test_without_a_cookie_of_ours_no_form_is_read(bank: Bank, form: str, sid: str):
    with_password(bank)
    answer = Browser(bank, sid).post(form, {"phone": PHONE, "password": PASSWORD})
    assert (answer.status_code, answer.content) == (400, b"")


@pytest.mark.parametrize("locale", ["", "de", "//evil.example", "../kk", "kk\r\nSet-Cookie: a=b", "RU"])
def test_a_language_that_nobody_speaks_leads_to_the_first(bank: Bank, locale: str):
    with_password(bank)
    assert went_to(Browser(bank).sign_in(locale=locale)) == "/kk/home"


def test_a_form_that_is_too_large_is_not_read(bank: Bank):
    with_password(bank)
    assert Browser(bank).sign_in(password="x" * 20_000).status_code == 400


@pytest.mark.parametrize("length", ["many", "-1", "1e3", ""])
def test_a_length_that_is_no_number_is_no_server_error(bank: Bank, length: str):
    answer = Browser(bank).post("sign-in", content=b"phone=1", headers={"Content-Length": length})
    assert answer.status_code in (303, 400)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"--a\r\nbroken"),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="phone"; filename="x"\r\n\r\n',
        ),
        ("application/json", b'{"phone": "1"}'),
        ("application/x-www-form-urlencoded", b"\xff=%ff&phone=%00&password=%ed%a0%80"),
        ("application/x-www-form-urlencoded", b"&" * 9_000),
        ("text/plain", b"\x00\x01"),
        ("", b""),
    ],
)
@pytest.mark.parametrize("form", ["sign-in", "register", "reset", "sign-out"])
def test_a_strange_form_is_no_server_error_and_signs_nobody_in(bank: Bank, form: str, kind: str, body: bytes):
    with_password(bank)
    browser = Browser(bank)
    answer = browser.post(form, content=body, headers={"Content-Type": kind})
    assert answer.status_code in (303, 400)
    assert browser.visitor() is None
