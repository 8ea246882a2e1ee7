"""Ways to send an SMS. The simulated phone is the only one shipped; a company adds its own beside it."""

from __future__ import annotations

import asyncio
from typing import Protocol

from kaspi_web.kernel.bank import Bank
from kaspi_web.simulators.phone import BANK, PhoneStore, Received


class SmsGateway(Protocol):
    """Somebody who carries messages; `message_id` lets the carrier drop a message that comes twice."""

    async def send(self, message_id: int, phone: str, text: str) -> None:
        """Hand one message over; raises when it was not taken."""
        ...


class SimulatedPhone:
    """Messages go to the phone on the demo's own screen and never leave the machine.

    Browsers are named by a digest. A new message is told as `phone:{number}`, a new number as `phone_of:{browser}`.
    """

    def __init__(self, bank: Bank) -> None:
        self._news, self._store = bank.news, PhoneStore(bank.settings.data_dir / "phone.db")

    async def send(self, message_id: int, phone: str, text: str) -> None:
        """Put the message on the simulated phone; the same message twice is received once."""
        await self.carry(BANK, str(message_id), phone, text)

    async def carry(self, sender: str, message_id: str, phone: str, text: str) -> None:
        """The same for a message of somebody else, under that sender's own id."""
        if await asyncio.to_thread(self._store.receive, message_id, phone, text, sender=sender):
            self._news.tell([f"phone:{phone}"])

    async def bind(self, phone: str, browser: str) -> None:
        """Let `browser` see the messages to `phone`, unless another browser was the first."""
        if await asyncio.to_thread(self._store.bind, phone, browser):
            self._news.tell([f"phone_of:{browser}"])

    async def numbers(self, browser: str) -> list[str]:
        """The numbers of a browser."""
        return await asyncio.to_thread(self._store.numbers, browser)

    async def inbox(self, browser: str) -> list[Received]:
        """The last messages to the numbers of a browser, newest first."""
        return await asyncio.to_thread(self._store.inbox, browser)


class NoCarrier:
    """Outside a demo, with no carrier set up: messages wait in the outbox, and the log says so."""

    async def send(self, message_id: int, phone: str, text: str) -> None:
        """Refuse to pretend."""
        raise RuntimeError("no SMS carrier is set up; see docs/deployment.md")


def gateway_of(bank: Bank) -> SmsGateway:
    """The carrier of this installation."""
    return SimulatedPhone(bank) if bank.settings.demo else NoCarrier()
