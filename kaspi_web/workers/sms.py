"""SMS delivery: words are put together in the customer's language and handed to a gateway."""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from typing import Any

from kaspi_web.domain.sms import outbox
from kaspi_web.gateways.sms import SmsGateway
from kaspi_web.i18n import words
from kaspi_web.i18n.format import long_day, money
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money

log = logging.getLogger(__name__)

_MOST = 20


async def deliver(bank: Bank, gateway: SmsGateway) -> int:
    """Send what is due; answers how many were taken, one at a time, so that the lease is each one's own."""
    taken = 0
    if not await bank.db.read(outbox.has_due):
        return 0
    while taken < _MOST and (claimed := await bank.db.write(outbox.claim, most=1)):
        (message,), taken = claimed, taken + 1
        try:
            async with asyncio.timeout(outbox.SEND_WITHIN_S):
                await gateway.send(message.id, message.phone, text_of(message, bank=bank))
        except Exception as trouble:
            # One that cannot be sent holds up nobody else; it stays due and is tried again, ever more rarely.
            log.warning("message %s of kind %s was not sent: %s", message.id, message.template, type(trouble).__name__)
            continue
        bank.faults.at("sms.sent")
        await bank.db.write(outbox.mark_sent, message_id=message.id)
    return taken


def text_of(message: outbox.Outgoing, *, bank: Bank) -> str:
    """The message in its language; sums arrive in tiyn and days as 2026-11-20, and are written out in full."""
    filled = dict(_filled(name, value, message.language) for name, value in message.open_params(bank.keys).items())
    return words(message.language)(f"sms.{message.template}", brand=bank.settings.brand, **filled)


def _filled(name: str, value: Any, language: str) -> tuple[str, Any]:
    if name.endswith("_tiyn"):
        return name.removesuffix("_tiyn"), money(Money(value), language, exact=True)
    if name.endswith("_day"):
        return name.removesuffix("_day"), long_day(date.fromisoformat(value), language)
    return name, value
