"""Word of what was committed, passed inside the process to whoever shows or works on it.

News is a hint and never the truth: a listener reads the database. It is given out after the commit,
so nobody hears of what may yet be rolled back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

Listener = Callable[[str], None]


class News:
    """Topics such as `customer:12`, `phone:+77000000101` or `job:bills`, told to listeners on their own loop."""

    def __init__(self) -> None:
        self._listeners: list[tuple[asyncio.AbstractEventLoop, Listener]] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener(topic)` on the running loop from now on; the answer stops it."""
        entry = (asyncio.get_running_loop(), listener)
        self._listeners.append(entry)
        return lambda: self._listeners.remove(entry)

    def tell(self, topics: Iterable[str]) -> None:
        """Pass the topics on; may be called from any thread."""
        for topic in dict.fromkeys(topics):
            for loop, listener in list(self._listeners):
                _pass_on(loop, listener, topic)


def _pass_on(loop: asyncio.AbstractEventLoop, listener: Listener, topic: str) -> None:
    try:
        loop.call_soon_threadsafe(listener, topic)
    except RuntimeError:
        # The listener's loop has ended; whoever told the news must not hear of that.
        log.info("news came after their loop had ended")
