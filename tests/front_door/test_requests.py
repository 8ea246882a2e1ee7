from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from kaspi_web import cookies
from kaspi_web.api.addresses import is_demo_screen
from kaspi_web.domain.sessions.service import new_cookie
from tests.front_door.helpers import CHUNK, ORIGIN, Browser, make_browser, make_build


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_build(tmp_path)


@pytest.fixture
def browser(folder: Path) -> Browser:
    return make_browser(folder)


@pytest.mark.parametrize(
    ("headers", "goal"),
    [
        ({}, "/kk"),
        ({"accept-language": "de,ru;q=0.4,en-GB;q=0.8"}, "/en"),
        ({"accept-language": "kk-KZ,ru"}, "/kk"),
        ({"accept-language": "ru;q=0,en;q=x"}, "/kk"),
        ({"accept-language": "en", "cookie": "lang=ru"}, "/ru"),
        ({"accept-language": "en", "cookie": "lang=//evil"}, "/en"),
    ],
)
def test_the_root_leads_to_the_language_of_the_visitor(browser: Browser, headers: dict[str, str], goal: str):
    answer = browser.get("/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (302, goal)


def test_a_page_is_answered_without_a_detour_and_gives_cookies(browser: Browser):
    answer = browser.get("/kk/login")
    assert answer.status_code == 200
    sid, tag = answer.headers.get_list("set-cookie")
    assert sid.startswith("sid=")
    assert "HttpOnly" in sid
    assert "SameSite=Lax" in sid
    assert tag.startswith("stag=")
    assert "HttpOnly" not in tag


def test_a_page_that_was_kept_all_the_same_keeps_its_policy(browser: Browser):
    first = browser.get("/kk/login")
    again = browser.get("/kk/login", headers={"if-none-match": first.headers["etag"]})
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]


def test_a_known_browser_keeps_its_cookie_and_no_page(browser: Browser):
    browser.get("/kk/login")
    again = browser.get("/kk/login")
    assert "set-cookie" not in again.headers
    assert again.headers["cache-control"] == "no-store"


def test_a_lost_tag_is_given_again_for_the_same_cookie(browser: Browser):
    sid = new_cookie()
    answer = browser.get("/kk/login", headers={"cookie": f"sid={sid}"})
    assert f"stag={cookies.tag_of(sid)}" in answer.headers["set-cookie"]


def test_behind_tls_the_cookie_is_bound_to_the_host(folder: Path):
    browser = make_browser(folder, secure_cookies=True)
    answer = browser.get("/kk/login")
    assert answer.headers.get_list("set-cookie")[0].startswith("__Host-sid=")
    assert all("Secure" in value for value in answer.headers.get_list("set-cookie"))
    assert "strict-transport-security" in answer.headers


def test_a_demo_names_the_browser_once_and_apart_from_who_signs_in(folder: Path):
    browser = make_browser(folder, demo=True)
    *_, phone = browser.get("/kk/login").headers.get_list("set-cookie")
    assert phone.startswith("phone=")
    assert "HttpOnly" in phone
    assert "SameSite=Lax" in phone
    assert "Max-Age=" in phone
    assert "set-cookie" not in browser.get("/kk/login").headers
    assert "phone=" not in make_browser(folder).get("/kk/login").headers["set-cookie"]
    assert "set-cookie" not in make_browser(folder, demo=True).get("/assets/root-abc.js").headers


def test_a_demo_behind_tls_binds_the_name_to_the_host(folder: Path):
    given = make_browser(folder, demo=True, secure_cookies=True).get("/kk/login").headers.get_list("set-cookie")
    assert given[-1].startswith("__Host-phone=")
    assert "Secure" in given[-1]


@pytest.mark.parametrize(("path", "script"), [("/kk/login", b"one()"), ("/kk/pay/5", b"two()")])
def test_a_page_may_run_its_own_inline_scripts_only(browser: Browser, path: str, script: bytes):
    policy = browser.get(path).headers["content-security-policy"]
    allowed = base64.b64encode(hashlib.sha256(script).digest()).decode()
    assert f"script-src 'self' 'sha256-{allowed}';" in policy
    assert "unsafe-eval" not in policy
    assert "connect-src 'self' ws://localhost:4000;" in policy


@pytest.mark.parametrize("path", ["/kk/login", "/receipt", "/assets/root-abc.js", "/nothing", "/_upload"])
def test_every_answer_is_hardened(browser: Browser, path: str):
    headers = browser.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "noindex" in headers["x-robots-tag"]
    assert "cache-control" in headers


def test_hashed_files_are_kept_and_missing_ones_are_not(browser: Browser):
    assert "immutable" in browser.get("/assets/root-abc.js").headers["cache-control"]
    assert "immutable" not in browser.get("/assets/gone-abc.js").headers["cache-control"]


def test_an_endpoint_has_the_last_word_on_caching(browser: Browser):
    assert browser.get("/receipt").headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("host", ["localhost:4000", "127.0.0.1:4000", "LOCALHOST:4000"])
def test_the_chunk_names_the_host_that_was_asked(browser: Browser, host: str):
    text = browser.get(CHUNK, headers={"host": host}).text
    assert f"ws://{host.lower()}/_event" in text
    assert "3000" not in text


def test_the_chunk_names_the_scheme_of_a_public_origin(folder: Path):
    browser = make_browser(folder, public_origins=("https://wallet.example",))
    text = browser.get(CHUNK, headers={"host": "wallet.example"}).text
    assert "wss://wallet.example/_event" in text
    assert "https://wallet.example/ping" in text


@pytest.mark.parametrize("host", ["evil.example", "localhost:4001", "localhost:4000`;alert(1)", ""])
@pytest.mark.parametrize("path", [CHUNK, "/kk/login", "/"])
def test_other_hosts_are_refused(browser: Browser, host: str, path: str):
    answer = browser.get(path, headers={"host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text + answer.headers["content-security-policy"]


def test_a_probe_may_ask_by_any_name(browser: Browser):
    assert browser.get("/ping", headers={"host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize("path", ["/_upload", "/_upload/x", "/_event", "/_event/"])
def test_no_upload_and_no_polling(browser: Browser, path: str):
    assert browser.post(path).status_code == 403
    assert browser.get(path).status_code == 403


@pytest.mark.parametrize("path", ["/kk/kiosk", "/ru/sim", "/en/sim/7", "/en/kiosk/", "/en/sim.html"])
def test_demo_screens_exist_in_demos_only(folder: Path, path: str):
    hidden = make_browser(folder, demo=False).get(path)
    assert (hidden.status_code, hidden.content) == (404, b"")
    assert b"two()" in make_browser(folder, demo=True).get(path).content


@pytest.mark.parametrize("path", ["/en//kiosk", "/en/./sim", "//en/kiosk"])
def test_a_demo_screen_is_known_in_odd_spellings(path: str):
    assert is_demo_screen(path)


def test_a_form_with_our_cookie_must_come_from_our_page(browser: Browser):
    browser.get("/kk/login")
    assert browser.post("/receipt").status_code == 403
    assert browser.post("/receipt", headers={"origin": "https://evil.example"}).status_code == 403
    assert browser.post("/receipt", headers={"origin": ORIGIN}).status_code == 200


def test_a_program_without_cookie_is_judged_by_its_endpoint(browser: Browser):
    assert browser.post("/receipt").status_code == 200
