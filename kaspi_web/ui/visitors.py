"""Who holds a cookie, asked of the database and remembered for a moment."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from kaspi_web.domain.sessions import service as sessions
from kaspi_web.domain.sessions.service import Visitor, digest_of
from kaspi_web.kernel.bank import Bank

_REMEMBERED_S = 3.0
_TOUCH_EVERY_S = 60.0
_MOST = 10_000
_TOPIC = "sign_in:"


class Visitors:
    """Live sign-ins by cookie. An answer is kept for seconds, and forgotten at once when the sign-in ends."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._known: OrderedDict[str, tuple[Visitor, float]] = OrderedDict()
        self._touched: OrderedDict[int, float] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def of(self, cookie: str) -> Visitor | None:
        """Who holds this cookie now, or None."""
        if not cookie:
            return None
        self._listen()
        digest = digest_of(cookie)
        known = self._known.get(digest)
        if known and time.monotonic() < known[1]:
            return known[0]
        # Counted from before the question: what ends meanwhile is told before the answer is kept.
        until = time.monotonic() + _REMEMBERED_S
        visitor = await self._bank.db.read(sessions.visitor, cookie=cookie)
        self._keep(digest, visitor, until)
        return visitor

    async def touch(self, visitor: Visitor) -> None:
        """Put off the idle end of a sign-in that is in use; the database hears of it once a minute."""
        now = time.monotonic()
        if now - self._touched.get(visitor.sign_in_id, -_TOUCH_EVERY_S) < _TOUCH_EVERY_S:
            return
        self._touched[visitor.sign_in_id] = now
        if len(self._touched) > _MOST:
            self._touched.popitem(last=False)
        await self._bank.db.write(sessions.touch, sign_in_id=visitor.sign_in_id)

    def forget(self, sign_in_id: int) -> None:
        """Ask the database again about this sign-in."""
        for digest in [key for key, (visitor, _) in self._known.items() if visitor.sign_in_id == sign_in_id]:
            del self._known[digest]

    def _keep(self, digest: str, visitor: Visitor | None, until: float) -> None:
        self._known.pop(digest, None)
        if visitor is not None:
            self._known[digest] = (visitor, until)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def _listen(self) -> None:
        """Hear of ended sign-ins on the loop that asks; tests use one loop after another."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop = loop
            self._bank.news.listen(self._heard)

    def _heard(self, topic: str) -> None:
        number = topic.removeprefix(_TOPIC)
        if topic.startswith(_TOPIC) and number.isdecimal():
            self.forget(int(number))
