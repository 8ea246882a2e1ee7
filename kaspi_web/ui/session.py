"""What a handler may ask about its caller: the bank, who is signed in, which language, from where.

Cookie and address come from the socket's handshake, which the browser cannot rewrite in a message.
The path of a message can be forged, so the language is checked against the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kaspi_web import cookies
from kaspi_web.domain.sessions.service import Visitor
from kaspi_web.kernel.bank import Bank
from kaspi_web.locales import locale_in
from kaspi_web.ui.followers import Followers
from kaspi_web.ui.visitors import Visitors


@dataclass(frozen=True, slots=True)
class Counter:
    """The bank as the screens see it: with its visitors and the pages that follow its news."""

    bank: Bank
    visitors: Visitors
    followers: Followers


_held: list[Counter] = []


def hold(bank: Bank) -> Counter:
    """Let the screens of this process serve `bank`; the one holder, since Reflex builds States by itself."""
    _held[:] = [Counter(bank, Visitors(bank), Followers())]
    return _held[0]


def counter() -> Counter:
    """What `hold` was given, with what was built around it."""
    assert _held, "hold(bank) comes first"
    return _held[0]


def bank() -> Bank:
    """The bank that the screens serve."""
    return counter().bank


async def visitor_of(state: Any) -> Visitor | None:
    """Who is signed in at the browser that this State belongs to, or None."""
    return await counter().visitors.of(cookie_of(state))


def cookie_of(state: Any) -> str:
    """The cookie that proves who the browser is; empty when it sent none."""
    return cookies.sid_in(state.router.headers.cookie, bank().settings)


def locale_of(state: Any) -> str:
    """The language of the page that the browser is on."""
    return locale_in(state.router.url.path)


def client_ip(state: Any) -> str:
    """The browser's address, as far as the proxies in front are trusted."""
    return state.router.session.client_ip


def token_of(state: Any) -> str:
    """The token of the page's socket; names a page and proves nothing."""
    return state.router.session.client_token
