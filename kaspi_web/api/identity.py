"""IIN by plain HTTP: the form that takes one, and in demos the page that shows an identity card.

Like a password, an IIN never enters a State, a socket, an address or a log. What was typed and refused is not kept.
"""

from __future__ import annotations

from contextlib import aclosing
from html import escape

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaspi_web import cookies
from kaspi_web.api import flash, native
from kaspi_web.api.addresses import our_path
from kaspi_web.domain.identity import service as identity
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sessions.service import Visitor, digest_of
from kaspi_web.gateways.register import IdentityCard, Register, RegisterSilent
from kaspi_web.gateways.sms import SimulatedPhone
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import long_day
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.iin import parse_iin
from kaspi_web.locales import LOCALES

FORM, MISMATCH = "identity", "identity-mismatch"
"""Names under which a refusal waits for the next page."""
_MOST_TYPED = 40


def routes(bank: Bank) -> list[Route]:
    """The endpoints of this bank."""
    desk, phone = Desk(bank), PhoneCards(bank)
    return [
        Route("/identity/iin", desk.take, methods=["POST"]),
        Route("/sim/identity", phone.show, methods=["GET"]),
    ]


class Desk:
    """Takes the form for one bank: fields `iin`, `locale`, and `next`, a page of ours to go on to."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def take(self, request: Request) -> Response:
        """On to `next` when the IIN is known; else back with the refusal, or to the page that explains a mismatch."""
        visitor = await self._visitor(request)
        given = await request.form(max_fields=10, max_files=0)
        locale = _text(given, "locale") if _text(given, "locale") in LOCALES else LOCALES[0]
        onward = our_path(_text(given, "next"))
        if visitor is None:
            return _to(f"/{locale}/login")
        try:
            await self._match(visitor.customer_id, _text(given, "iin")[:_MOST_TYPED])
        except identity.IdentityMismatch as refusal:
            return self._back(f"/{locale}/identity/mismatch", MISMATCH, refusal, onward)
        except DomainError as refusal:
            return self._back(f"/{locale}/identity", FORM, refusal, onward)
        on = _to(onward or f"/{locale}/identity")
        on.delete_cookie(flash.NAME)
        return on

    async def _visitor(self, request: Request) -> Visitor | None:
        cookie = cookies.sid_in(request.headers.get("cookie", ""), self._bank.settings)
        return await self._bank.db.read(sessions.visitor, cookie=cookie) if cookie else None

    async def _match(self, customer_id: int, typed: str) -> None:
        iin = parse_iin(typed)
        counted = await self._bank.db.write(identity.begin_try, customer_id=customer_id)
        try:
            async with aclosing(Register(self._bank)) as register:
                registered = await register.find(iin)
        except RegisterSilent:
            await self._bank.db.write(identity.forget_try, try_id=counted)
            raise
        await self._bank.db.write(identity.match, customer_id=customer_id, iin=iin, registered=registered)

    def _back(self, to: str, form: str, refusal: DomainError, onward: str) -> Response:
        back = _to(to)
        flash.leave(back, self._bank, form=form, refusal=refusal, kept={"next": onward})
        return back


class PhoneCards:
    """The identity cards on one demo's simulated phone."""

    def __init__(self, bank: Bank) -> None:
        self._bank, self._phone = bank, SimulatedPhone(bank)

    async def show(self, request: Request) -> Response:
        """The cards of this browser's numbers, fetched from the register; 404 outside demos."""
        if not self._bank.settings.demo:
            return Response(status_code=404)
        w = words(self._locale(request))
        try:
            cards = await self._cards(request)
            body = "".join(_card(w, each) for each in cards) or f'<p class="muted">{w("identity.card.none")}</p>'
        except RegisterSilent:
            body = f'<p class="muted">{w("identity.card.silent")}</p>'
        head = native.heading(w("identity.card.title"), w("identity.card.lead"))
        foot = f'<p class="muted small">{w("identity.card.note")}</p>'
        on = native.link(w("identity.card.to_form"), f"/{w.locale}/identity")
        title, brand = w("identity.card.title"), self._bank.settings.brand
        return native.page(w, title=title, brand=brand, body=head + body + foot + on)

    def _locale(self, request: Request) -> str:
        chosen = cookies.parse(request.headers.get("cookie", "")).get(cookies.LANG_NAME, "")
        accept = request.headers.get("accept-language", "")
        return native.locale_of(request.query_params.get("l", ""), cookie=chosen, accept=accept)

    async def _cards(self, request: Request) -> list[IdentityCard]:
        browser = cookies.phone_in(request.headers.get("cookie", ""), self._bank.settings)
        numbers = await self._phone.numbers(digest_of(browser)) if browser else []
        async with aclosing(Register(self._bank)) as register:
            return [card for number in numbers for card in await register.cards(number)]


def _card(w: Words, card: IdentityCard) -> str:
    person = card.person
    names = native.facts(
        (w("identity.card.family"), person.family_name),
        (w("identity.card.given"), person.given_name),
        (w("identity.card.patronymic"), person.patronymic),
        (w("identity.born"), long_day(person.born_on, w.locale)),
    )
    number = f'<p class="id-card-number"><span>{w("identity.label")}</span><strong>{escape(card.iin)}</strong></p>'
    return (
        f'<article class="id-card"><p class="id-card-head">{w("identity.card.document")}</p>{names}{number}</article>'
    )


def _text(given: FormData, name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
