"""The simulated phone: what an SMS carrier would have brought to a real one. Demos only, and outside the bank:
this is the one place where codes are shown, as a phone shows them, and only to the browser whose number it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from kaspi_web.i18n import words
from kaspi_web.i18n.format import clock_time
from kaspi_web.kernel.phone import spoken
from kaspi_web.simulators.phone import Received
from kaspi_web.ui import live
from kaspi_web.ui.doors import demo, guest
from kaspi_web.ui.session import bank, browser_of, counter, locale_of


@dataclass
class Message:
    """A message on the phone; `code` is what its copy button copies, empty for none; the bank's has no sender."""

    key: str
    sender: str
    phone: str
    text: str
    code: str
    time: str


class PhoneState(rx.State):
    """What the simulated phone shows beside a page: messages to the numbers of this browser."""

    ready: bool = False
    opened: bool = False
    unread: bool = False
    numbers: list[str] = []
    messages: list[Message] = []
    _seen: int = -1
    """The newest message that was looked at; -1 before the first loading."""

    @rx.event
    @demo
    @guest
    async def load(self) -> None:
        """Show the messages of this browser, and each new one as it comes."""
        await self._refresh()

    @rx.event
    @demo
    @guest
    async def toggle(self) -> None:
        """Open the panel beside the page, or close it."""
        self.opened = not self.opened
        await self._refresh()

    async def _refresh(self) -> None:
        browser = browser_of(self)
        if not bank().settings.demo or not browser:
            return
        numbers = await counter().phone.numbers(browser)
        # Followed before messages are read: one that comes meanwhile is told, and read again.
        live.follow_everywhere(self, f"phone_of:{browser}", *(f"phone:{each}" for each in numbers))
        received = await counter().phone.inbox(browser)
        self.numbers = [spoken(each) for each in numbers]
        self.messages = [_message(each, locale_of(self)) for each in received]
        newest = received[0].id if received else 0
        if self.opened or self._seen < 0:
            self._seen = newest
        self.unread, self.ready = newest > self._seen, True


def _message(received: Received, locale: str) -> Message:
    digits = [part.strip(":.,") for part in received.text.split()]
    code = next((part for part in digits if len(part) == 6 and part.isdecimal()), "")
    time = clock_time(received.received_at, locale)
    sender = _sender(received.sender, locale) if received.sender else ""
    return Message(str(received.id), sender, spoken(received.phone), received.text, code, time)


def _sender(name: str, locale: str) -> str:
    w = words(locale)
    return w(f"sim.sender.{name}") if w.has(f"sim.sender.{name}") else name
