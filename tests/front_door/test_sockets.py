from __future__ import annotations

from pathlib import Path

import pytest

from kaspi_web.api.sockets import HANDSHAKES_A_MINUTE, Bindings, Handshakes, address_of
from kaspi_web.domain.sessions.service import new_cookie
from tests.front_door.helpers import ORIGIN, TOKEN, Browser, make_browser, make_build


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return make_browser(make_build(tmp_path))


def _cookie() -> str:
    return f"sid={new_cookie()}"


def test_our_page_with_its_cookie_is_let_in_again_and_again(browser: Browser):
    cookie = _cookie()
    assert browser.may_open(origin=ORIGIN, cookie=cookie)
    assert browser.may_open(origin=ORIGIN, cookie=cookie)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:4001", "https://localhost:4000"])
def test_pages_of_others_are_refused(browser: Browser, origin: str):
    assert not browser.may_open(origin=origin, cookie=_cookie())


def test_a_missing_origin_is_refused(browser: Browser):
    assert not browser.may_open(cookie=_cookie())


@pytest.mark.parametrize("cookie", ["", "sid=", "sid=short", "sid=" + "x" * 44, "other=1"])
def test_a_browser_without_a_cookie_is_refused(browser: Browser, cookie: str):
    assert not browser.may_open(origin=ORIGIN, cookie=cookie)


@pytest.mark.parametrize("token", ["", "x", TOKEN.upper() + "F", f"{TOKEN}&token={TOKEN}", "../../x"])
def test_odd_tokens_are_refused(browser: Browser, token: str):
    assert not browser.may_open(origin=ORIGIN, cookie=_cookie(), token=token)


def test_a_stolen_token_opens_nothing(browser: Browser):
    owner = _cookie()
    assert browser.may_open(origin=ORIGIN, cookie=owner)
    assert not browser.may_open(origin=ORIGIN, cookie=_cookie())
    assert browser.may_open(origin=ORIGIN, cookie=owner)


@pytest.mark.parametrize("path", ["/other", "/_eventual", "//_event/", "/"])
def test_no_other_socket_exists(browser: Browser, path: str):
    assert not browser.may_open(path, origin=ORIGIN, cookie=_cookie())


def test_bindings_are_bounded_and_forget_the_longest_unused():
    bindings = Bindings(most=2)
    assert bindings.belongs("a", "me")
    assert bindings.belongs("b", "me")
    assert bindings.belongs("a", "me")
    assert bindings.belongs("c", "me")
    assert not bindings.belongs("a", "you")
    assert bindings.belongs("b", "you")


def test_an_address_has_its_share_of_handshakes(monkeypatch: pytest.MonkeyPatch):
    now = [1000.0]
    monkeypatch.setattr("kaspi_web.api.sockets.time.monotonic", lambda: now[0])
    handshakes = Handshakes()
    assert all(handshakes.allow("1") for _ in range(HANDSHAKES_A_MINUTE))
    assert not handshakes.allow("1")
    assert handshakes.allow("2")
    now[0] += 61
    assert handshakes.allow("1")


@pytest.mark.parametrize(("hops", "address"), [(0, "9.9.9.9"), (1, "3.3.3.3"), (2, "2.2.2.2"), (5, "9.9.9.9")])
def test_the_forwarded_address_counts_only_as_far_as_proxies_are_trusted(hops: int, address: str):
    headers = [(b"x-forwarded-for", b"1.1.1.1, 2.2.2.2, 3.3.3.3")]
    assert address_of({"type": "http", "client": ("9.9.9.9", 1), "headers": headers}, hops=hops) == address
