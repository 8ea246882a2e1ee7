"""A browser without a screen: forms posted to the bank's real endpoints, and the cookies that come back."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from kaspi_web import cookies
from kaspi_web.api import flash
from kaspi_web.domain.customers import passwords
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sessions.service import Visitor
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.bank import Bank
from tests.api.terminals import client
from tests.make.customers import PHONE, customer

PASSWORD = "tau-Bulaq-suyi 77"
_HASHED = passwords.hashed(PASSWORD)


def with_password(bank: Bank, **overrides: Any) -> int:
    """A customer whose password is PASSWORD; answers the id."""
    return customer(bank, **({"password_hash": _HASHED} | overrides))


class Browser:
    """One browser: its cookies, and what the last form's answer left for the next page."""

    def __init__(self, bank: Bank, sid: str | None = None) -> None:
        self._bank = bank
        self.jar = {"sid": sid if sid is not None else sessions.new_cookie()}

    @property
    def sid(self) -> str:
        """The cookie that proves who this is."""
        return self.jar.get("sid") or ""

    @property
    def cookie_header(self) -> str:
        """The Cookie header that the next request would carry."""
        return "; ".join(f"{name}={value}" for name, value in self.jar.items())

    def post(self, form: str, data: dict[str, Any] | None = None, **kw: Any) -> httpx.Response:
        """Send a form and follow nothing."""
        return asyncio.run(self.posted(form, data, **kw))

    async def posted(self, form: str, data: dict[str, Any] | None = None, **kw: Any) -> httpx.Response:
        """The same inside a running loop."""
        kw = kw if "content" in kw else {"data": {"locale": "ru"} | (data or {})} | kw
        kw["headers"] = {"Cookie": self.cookie_header} | kw.get("headers", {})
        async with client(self._bank) as http:
            answer = await http.post(f"/auth/{form}", **kw)
        for header in answer.headers.get_list("set-cookie"):
            self._keep(header)
        return answer

    def _keep(self, header: str) -> None:
        name, _, value = header.partition(";")[0].partition("=")
        self.jar[name] = value.strip('"')
        if not self.jar[name]:
            del self.jar[name]

    def sign_in(self, phone: str = PHONE, password: str = PASSWORD, **more: Any) -> httpx.Response:
        """The form of the sign-in page."""
        return self.post("sign-in", {"phone": phone, "password": password} | more)

    def said(self, form: str) -> flash.Flash | None:
        """What the next page has to say of this form."""
        return flash.read(self._bank, self.cookie_header, form=form)

    def refusal(self, form: str, locale: str = "ru") -> str:
        """The refusal in words, as the next page shows it."""
        said = self.said(form)
        assert said is not None, "no refusal was left"
        return put(said.refusal, locale)

    def visitor(self) -> Visitor | None:
        """Who the bank takes this browser for."""
        return self._bank.db.read_now(sessions.visitor, cookie=self.sid)


def went_to(answer: httpx.Response) -> str:
    """Where a form's answer leads."""
    assert answer.status_code == 303
    return answer.headers["location"]


def given_cookies(answer: httpx.Response) -> dict[str, str]:
    """The cookies of an answer, whole, by name."""
    return {value.partition("=")[0]: value for value in answer.headers.get_list("set-cookie")}


def tag_fits(browser: Browser) -> bool:
    """Whether the readable cookie belongs to the one that proves who this is."""
    return browser.jar.get("stag") == cookies.tag_of(browser.sid)
