"""Who may open the socket: a page of ours, in a browser with a cookie, with a token that is bound to that cookie.

Reflex takes whoever shows a token for the one whose screens it names, and the token travels in an address
that proxies log. Binding it to the cookie that no script can read makes a stolen token worthless.
"""

from __future__ import annotations

import re
import time
from collections import OrderedDict, deque
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import Scope

from kaspi_web import cookies
from kaspi_web.domain.sessions.service import digest_of
from kaspi_web.settings import Settings

HANDSHAKES_A_MINUTE = 240
"""Sockets that one address may open within a minute; whole families and offices share one."""
_MOST_BOUND = 50_000
_MOST_ADDRESSES = 10_000
_TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def address_of(scope: Scope, *, hops: int) -> str:
    """The requester's address; with `hops` proxies in front, the one that the outermost of them saw."""
    client = scope.get("client")
    direct = client[0] if client else ""
    seen = [part.strip() for part in Headers(scope=scope).get("x-forwarded-for", "").split(",") if part.strip()]
    return seen[-hops] if hops and len(seen) >= hops else direct


class Handshakes:
    """How often each address opened a socket lately."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Count one more; False when the address has had its share of this minute."""
        now = time.monotonic()
        times = self._times.setdefault(address, deque())
        self._times.move_to_end(address)
        if len(self._times) > _MOST_ADDRESSES:
            self._times.popitem(last=False)
        while times and times[0] <= now - 60:
            times.popleft()
        if len(times) >= HANDSHAKES_A_MINUTE:
            return False
        times.append(now)
        return True


class Bindings:
    """Which cookie each socket token belongs to: the one that showed it first."""

    def __init__(self, most: int = _MOST_BOUND) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._most = most

    def belongs(self, token: str, sid: str) -> bool:
        """Whether `token` is this cookie's; a token that nobody has shown yet becomes its own."""
        owner = self._owners.setdefault(token, digest_of(sid))
        self._owners.move_to_end(token)
        if len(self._owners) > self._most:
            self._owners.popitem(last=False)
        return owner == digest_of(sid)


class SocketDoor:
    """The checks that a socket's handshake has to pass."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._handshakes, self._bindings = Handshakes(), Bindings()

    def refusal(self, scope: Scope) -> str:
        """Why this handshake is refused, in a word for the log; empty when it may pass."""
        headers = Headers(scope=scope)
        if not self._handshakes.allow(address_of(scope, hops=self._settings.trusted_proxy_hops)):
            return "often"
        if headers.get("origin") not in self._settings.origins:
            return "origin"
        sid = cookies.sid_in(headers.get("cookie", ""), self._settings)
        if not sid:
            return "cookie"
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        if len(tokens) != 1 or not _TOKEN.fullmatch(tokens[0]):
            return "token"
        return "" if self._bindings.belongs(tokens[0], sid) else "owner"
