"""Passwords and sign-ins by plain form POSTs: a password never enters a State, a socket or a log.

Hashing is slow on purpose and runs in a thread, outside any unit of work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaspi_web.api import cookies, flash
from kaspi_web.api.addresses import LOCALES, our_path
from kaspi_web.api.sockets import address_of
from kaspi_web.domain.customers import passwords
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.onboarding import service as onboarding
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.phone import parse_phone

_MAX_FORM = 16 * 1024


def routes(bank: Bank) -> list[Route]:
    """The endpoints of this bank."""
    desk = Desk(bank)
    forms: dict[str, Callable[[Request, str, FormData], Awaitable[str]]] = {
        "sign-in": desk.sign_in,
        "register": desk.register,
        "reset": desk.reset,
        "sign-out": desk.sign_out,
    }
    return [Route(f"/auth/{name}", desk.form(name, deed), methods=["POST"]) for name, deed in forms.items()]


_BACK = {"sign-in": "login", "register": "register/password", "reset": "reset/password", "sign-out": "login"}
_ON = {"sign-in": "home", "register": "register/done", "reset": "home", "sign-out": ""}


class Desk:
    """Answers the forms for one bank; each deed answers the browser's next cookie."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def form(
        self, name: str, deed: Callable[[Request, str, FormData], Awaitable[str]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint: on success the next page with a new cookie, else back with the refusal and what was typed."""

        async def answer(request: Request) -> Response:
            cookie = cookies.sid_in(request.headers.get("cookie", ""), self._bank.settings)
            if not cookie or not _is_small(request):
                return Response(status_code=400)
            given = await request.form(max_fields=10, max_files=0)
            locale = _text(given, "locale") if _text(given, "locale") in LOCALES else LOCALES[0]
            onward = our_path(_text(given, "next")) if name == "sign-in" else ""
            try:
                fresh = await deed(request, cookie, given)
            except onboarding.AlreadyDone as done:
                # Sent twice: the first answer signed the browser in, and if it was lost, home asks to sign in.
                home = RedirectResponse(f"/{locale}/home", status_code=303)
                flash.leave(home, self._bank, form="sign-in", refusal=done, kept={})
                return home
            except DomainError as refusal:
                back = RedirectResponse(f"/{locale}/{_BACK[name]}", status_code=303)
                kept = {"phone": _text(given, "phone")[:40]} | ({"next": onward} if onward else {})
                flash.leave(back, self._bank, form=name, refusal=refusal, kept=kept)
                return back
            on = RedirectResponse(onward or f"/{locale}/{_ON[name]}".rstrip("/"), status_code=303)
            cookies.issue(on, fresh, self._bank.settings)
            on.delete_cookie(flash.NAME)
            return on

        return answer

    async def sign_in(self, request: Request, cookie: str, given: FormData) -> str:
        """Phone and password; one refusal for everything that does not fit."""
        phone = parse_phone(_text(given, "phone"))
        address = address_of(request.scope, hops=self._bank.settings.trusted_proxy_hops)
        known = await self._bank.db.write(customers.credentials, phone=phone, address=address)
        fits = await asyncio.to_thread(passwords.matches, _text(given, "password"), known.password_hash)
        if not fits:
            raise customers.SignInRefused
        return await self._bank.db.write(
            sessions.sign_in, known=known, phone=phone, address=address, replacing=cookie, device=_device(request)
        )

    async def register(self, request: Request, cookie: str, given: FormData) -> str:
        """The password of a new wallet, after phone and person."""
        hashed = await self._new_password(cookie, given, purpose="register")
        return await self._bank.db.write(
            onboarding.open_wallet,
            cookie=cookie,
            password_hash=hashed,
            device=_device(request),
            with_card=self._bank.settings.demo,
        )

    async def reset(self, request: Request, cookie: str, given: FormData) -> str:
        """A new password, after the code."""
        hashed = await self._new_password(cookie, given, purpose="reset")
        return await self._bank.db.write(
            onboarding.replace_password, cookie=cookie, password_hash=hashed, device=_device(request)
        )

    async def sign_out(self, request: Request, cookie: str, given: FormData) -> str:
        """End the sign-in; the browser goes on as a stranger."""
        await self._bank.db.write(sessions.end, cookie=cookie)
        return sessions.new_cookie()

    async def _new_password(self, cookie: str, given: FormData, *, purpose: str) -> str:
        proof = await self._bank.db.read(onboarding.proved, cookie=cookie, purpose=purpose)
        password = _text(given, "password")
        names = (proof.person.given_name, proof.person.family_name) if proof.person else ()
        await asyncio.to_thread(passwords.check_strength, password, phone=proof.phone, names=names)
        return await asyncio.to_thread(passwords.hashed, password)


def _is_small(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return length.isascii() and length.isdecimal() and int(length) <= _MAX_FORM


def _text(given: FormData, name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")[:80]
