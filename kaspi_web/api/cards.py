"""Card numbers by plain HTTP: the forms that take one.

Like a password, a number or a security code never enters a State, a socket, an address or a log. What was typed and
refused is not kept: the form comes back empty, with the refusal beside its field.
"""

from __future__ import annotations

from contextlib import aclosing

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kaspi_web import cookies
from kaspi_web.api import flash
from kaspi_web.api.addresses import our_path
from kaspi_web.domain.cards import linking, recipients
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sessions.service import Visitor
from kaspi_web.gateways.processor import Processor, ProcessorSilent, ProcessorUnknown, Recipient, Tokenised
from kaspi_web.kernel import card_numbers
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import TypedCard
from kaspi_web.kernel.errors import DomainError
from kaspi_web.locales import LOCALES

LINK, RECIPIENT = "card-link", "card-recipient"
"""Names under which a refusal waits for the next page."""
_MOST_TYPED = 40


def routes(bank: Bank) -> list[Route]:
    """The endpoints of this bank."""
    desk = Desk(bank)
    return [
        Route("/cards/link", desk.link, methods=["POST"]),
        Route("/cards/recipient", desk.recipient, methods=["POST"]),
    ]


class Desk:
    """Answers for one bank. Every form has `locale`, and `next`: a page of ours to go on to."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def link(self, request: Request) -> Response:
        """`number`, `expiry`, `cvc`: on to the page for the code that the card's bank texts, or back to the form."""
        visitor, given = await self._visitor(request), await request.form(max_fields=10, max_files=0)
        locale, onward = _locale(given), our_path(_text(given, "next"))
        if visitor is None:
            return _to(f"/{locale}/login")
        try:
            link_id = await self._shown(visitor.customer_id, self._typed(given), onward)
        except DomainError as refusal:
            return self._back(f"/{locale}/cards/link", LINK, refusal, onward)
        return _on(f"/{locale}/cards/link/{link_id}")

    def _typed(self, given: FormData) -> TypedCard:
        number = card_numbers.parse_number(_text(given, "number"))
        if card_numbers.is_own(number):
            raise linking.CardIsOurs
        expiry = card_numbers.parse_expiry(_text(given, "expiry"), today=self._bank.clock.today())
        return TypedCard(number, expiry, card_numbers.parse_cvc(_text(given, "cvc")))

    async def _shown(self, customer_id: int, card: TypedCard, onward: str) -> str:
        """Show the card to the processor under the address of a try that is written first; answers the address."""
        db = self._bank.db
        link_id = await db.write(linking.begin, customer_id=customer_id, onward=onward)
        said = await self._tokenised(customer_id, link_id, card)
        if said.state != "challenge":
            await db.write(linking.declined, customer_id=customer_id, link_id=link_id)
            raise linking.refusal_of(said.reason)
        proof = {"token": said.token, "brand": said.brand, "last4": said.last4}
        await db.write(linking.challenged, customer_id=customer_id, link_id=link_id, **proof)
        return link_id

    async def _tokenised(self, customer_id: int, link_id: str, card: TypedCard) -> Tokenised:
        owner = await self._bank.db.read(customers.card, customer_id=customer_id)
        try:
            async with aclosing(Processor(self._bank)) as processor:
                return await processor.tokenise(link_id, card, phone=owner.phone, language=owner.language)
        except ProcessorUnknown:
            raise ProcessorSilent from None

    async def recipient(self, request: Request) -> Response:
        """`number`: on to `next`, with the address of the recipient's card after it, or back to `next`.

        Without `next` it is the page of transfers to a card.
        """
        visitor, given = await self._visitor(request), await request.form(max_fields=10, max_files=0)
        locale = _locale(given)
        onward = our_path(_text(given, "next")) or f"/{locale}/transfers/to"
        if visitor is None:
            return _to(f"/{locale}/login")
        try:
            number = card_numbers.parse_number(_text(given, "number"))
            recipient_id = await self._found(visitor.customer_id, number)
        except DomainError as refusal:
            return self._back(onward, RECIPIENT, refusal, onward)
        return _on(f"{onward}/{recipient_id}")

    async def _found(self, customer_id: int, number: str) -> str:
        db = self._bank.db
        recipient_id = await db.write(recipients.begin, customer_id=customer_id)
        if card_numbers.is_own(number):
            if not await db.write(
                recipients.of_ours, customer_id=customer_id, recipient_id=recipient_id, number=number
            ):
                raise recipients.CardUnknown
            return recipient_id
        found = await self._recipient(number)
        card = {"token": found.token, "brand": found.brand, "last4": found.last4}
        await db.write(recipients.of_another_bank, customer_id=customer_id, recipient_id=recipient_id, **card)
        return recipient_id

    async def _recipient(self, number: str) -> Recipient:
        try:
            async with aclosing(Processor(self._bank)) as processor:
                found = await processor.recipient(number)
        except ProcessorUnknown:
            raise ProcessorSilent from None
        if found is None:
            raise recipients.CardUnknown
        return found

    async def _visitor(self, request: Request) -> Visitor | None:
        cookie = cookies.sid_in(request.headers.get("cookie", ""), self._bank.settings)
        return await self._bank.db.read(sessions.visitor, cookie=cookie) if cookie else None

    def _back(self, to: str, form: str, refusal: DomainError, onward: str) -> Response:
        back = _to(to)
        flash.leave(back, self._bank, form=form, refusal=refusal, kept={"next": onward})
        return back


def _text(given: FormData, name: str) -> str:
    value = given.get(name, "")
    return value[: 200 if name == "next" else _MOST_TYPED] if isinstance(value, str) else ""


def _locale(given: FormData) -> str:
    asked = _text(given, "locale")
    return asked if asked in LOCALES else LOCALES[0]


def _to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})


def _on(path: str) -> RedirectResponse:
    on = _to(path)
    on.delete_cookie(flash.NAME)
    return on
