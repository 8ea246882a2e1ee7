"""What stands on one's own card: a page of plain HTML that asks for the wallet's password each time.

A live sign-in alone shows no number. Only the answer to the form has it, and no browser keeps that answer.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaspi_web import cookies
from kaspi_web.api import native
from kaspi_web.api.sockets import address_of
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.customers import passwords
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sessions.service import Visitor
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel import card_numbers
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError, NotFound

_NO_STORE = {"Cache-Control": "no-store"}


def routes(bank: Bank) -> list[Route]:
    """The endpoints of this bank."""
    desk, path = Desk(bank), "/cards/{public_id}/requisites"
    return [Route(path, desk.ask, methods=["GET"]), Route(path, desk.show, methods=["POST"])]


class Desk:
    """Answers for one bank: 404 for everybody but the card's owner."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def ask(self, request: Request) -> Response:
        """The form that asks for the password."""
        return await self._answer(request, typed=None)

    async def show(self, request: Request) -> Response:
        """Number, expiry, CVC and holder for the right `password`; else the form again with the refusal."""
        given = (await request.form(max_fields=10, max_files=0)).get("password", "")
        return await self._answer(request, typed=given if isinstance(given, str) else "")

    async def _answer(self, request: Request, *, typed: str | None) -> Response:
        w = words(_locale(request))
        visitor = await self._visitor(request)
        if visitor is None:
            return RedirectResponse(f"/{w.locale}/login", status_code=303, headers=_NO_STORE)
        card = {"customer_id": visitor.customer_id, "public_id": str(request.path_params["public_id"])[:26]}
        try:
            if not (await self._bank.db.read(cards.card, **card)).is_own:
                raise NotFound
            if typed is None:
                return self._form(w, request)
            await self._prove(request, visitor, typed)
            return self._page(w, _facts(w, await self._bank.db.read(cards.requisites, **card)))
        except NotFound:
            return Response(status_code=404, headers=_NO_STORE)
        except DomainError as refusal:
            return self._form(w, request, refusal)

    async def _prove(self, request: Request, visitor: Visitor, typed: str) -> None:
        """The password is right, with the tries counted as a sign-in's; raises PasswordRefused or Busy."""
        db, owner = self._bank.db, await self._bank.db.read(customers.card, customer_id=visitor.customer_id)
        who = {
            "phone": owner.phone,
            "address": address_of(request.scope, hops=self._bank.settings.trusted_proxy_hops),
        }
        known = await db.write(customers.credentials, **who)
        if not await asyncio.to_thread(passwords.matches, typed, known.password_hash):
            raise customers.PasswordRefused
        await db.write(customers.proved, known=known, **who)

    async def _visitor(self, request: Request) -> Visitor | None:
        cookie = cookies.sid_in(request.headers.get("cookie", ""), self._bank.settings)
        return await self._bank.db.read(sessions.visitor, cookie=cookie) if cookie else None

    def _form(self, w: Words, request: Request, refusal: DomainError | None = None) -> Response:
        said, to = put(refusal, w.locale) if refusal else "", f"{request.url.path}?l={w.locale}"
        field = native.password_field(w("sign_in.password"), error=said)
        body = native.heading(w("cards.requisites"), w("cards.requisites_ask"))
        return self._page(w, body + native.form(to, field, submit=w("cards.requisites_show")), 403 if refusal else 200)

    def _page(self, w: Words, body: str, status: int = 200) -> Response:
        body += native.link(w("cards.back"), f"/{w.locale}/cards", kind="secondary")
        return native.page(w, title=w("cards.requisites"), brand=self._bank.settings.brand, body=body, status=status)


def _facts(w: Words, shown: cards.Requisites) -> str:
    facts = native.facts(
        (w("cards.number"), card_numbers.grouped(shown.number)),
        (w("cards.expiry"), shown.expiry.wire),
        (w("cards.cvc"), shown.cvc),
        (w("cards.holder"), shown.holder),
    )
    return native.heading(w("cards.requisites"), w("cards.requisites_lead")) + f'<div class="card">{facts}</div>'


def _locale(request: Request) -> str:
    chosen = cookies.parse(request.headers.get("cookie", "")).get(cookies.LANG_NAME, "")
    accept = request.headers.get("accept-language", "")
    return native.locale_of(request.query_params.get("l", ""), cookie=chosen, accept=accept)
