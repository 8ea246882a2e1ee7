"""What a handler may ask about its caller: the bank, who is signed in, which language, from where.

Cookie and address come from the socket's handshake, which the browser cannot rewrite in a message.
The path of a message can be forged, so the language is checked against the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from kaspi_web import cookies
from kaspi_web.domain.sessions.service import Visitor, digest_of
from kaspi_web.gateways.sms import SimulatedPhone
from kaspi_web.kernel.bank import Bank
from kaspi_web.locales import locale_in
from kaspi_web.ui.followers import Followers
from kaspi_web.ui.visitors import Visitors


@dataclass(frozen=True, slots=True)
class Counter:
    """The bank as the screens see it: with its visitors, the pages that follow its news, and the simulated phone."""

    bank: Bank
    visitors: Visitors
    followers: Followers
    phone: SimulatedPhone
    """Asked in demos only."""


# Reflex builds States by itself, so a handler cannot be given its bank. The task that runs it can: an event is
# let in and handled by one task, and each event, chained and background ones too, has a task of its own.
_here: ContextVar[Counter] = ContextVar("counter")


def open_counter(bank: Bank) -> Counter:
    """A counter of this bank, with no visitors yet."""
    return Counter(bank, Visitors(bank), Followers(), SimulatedPhone(bank))


def go_to(counter: Counter) -> None:
    """Let what the running task does from here on concern this counter's bank."""
    _here.set(counter)


@contextmanager
def at(counter: Counter) -> Iterator[None]:
    """Let what is done inside concern this counter's bank."""
    token = _here.set(counter)
    try:
        yield
    finally:
        _here.reset(token)


def counter() -> Counter:
    """The counter that the running event, refresh or drawing belongs to."""
    try:
        return _here.get()
    except LookupError:
        raise RuntimeError("no bank here: this is neither an event, nor a refresh, nor the drawing of a page") from None


def bank() -> Bank:
    """The bank that the running event, refresh or drawing belongs to."""
    return counter().bank


async def visitor_of(state: Any) -> Visitor | None:
    """Who is signed in at the browser that this State belongs to, or None."""
    return await counter().visitors.of(cookie_of(state))


def cookie_of(state: Any) -> str:
    """The cookie that proves who the browser is; empty when it sent none."""
    return cookies.sid_in(state.router.headers.cookie, bank().settings)


def browser_of(state: Any) -> str:
    """The digest that the simulated phone knows this browser by, whoever is signed in; empty when it has no name."""
    phone = cookies.phone_in(state.router.headers.cookie, bank().settings)
    return digest_of(phone) if phone else ""


def locale_of(state: Any) -> str:
    """The language of the page that the browser is on."""
    return locale_in(state.router.url.path)


def client_ip(state: Any) -> str:
    """The browser's address, as far as the proxies in front are trusted."""
    return state.router.session.client_ip


def token_of(state: Any) -> str:
    """The token of the page's socket; names a page and proves nothing."""
    return state.router.session.client_token
