"""Ways to send an SMS. The simulated phone is the only one shipped; a company adds its own beside it."""

from __future__ import annotations

from typing import Protocol

from kaspi_web.domain.sms import outbox
from kaspi_web.kernel.bank import Bank


class SmsGateway(Protocol):
    """Somebody who carries messages; `message_id` lets the carrier drop a message that comes twice."""

    async def send(self, message_id: int, phone: str, text: str) -> None:
        """Hand one message over; raises when it was not taken."""
        ...


class SimulatedPhone:
    """Messages go to the phone on the demo's own screen and never leave the machine."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    async def send(self, message_id: int, phone: str, text: str) -> None:
        """Put the message on the simulated phone."""
        await self._bank.db.write(outbox.receive, message_id=message_id, phone=phone, text=text)


class NoCarrier:
    """Outside a demo, with no carrier set up: messages wait in the outbox, and the log says so."""

    async def send(self, message_id: int, phone: str, text: str) -> None:
        """Refuse to pretend."""
        raise RuntimeError("no SMS carrier is set up; see docs/deployment.md")


def gateway_of(bank: Bank) -> SmsGateway:
    """The carrier of this installation."""
    return SimulatedPhone(bank) if bank.settings.demo else NoCarrier()
