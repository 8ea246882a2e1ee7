"""Tasks that run beside one another, bounded in all and for each counterparty, so that a silent one delays no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

_PATIENCE_S = 1.0


class Desk:
    """At most `most` tasks at once and `each` for one counterparty; `freed` is called whenever one ends."""

    def __init__(self, *, most: int, each: int, freed: Callable[[], None]) -> None:
        self._most, self._each, self._freed = most, each, freed
        self._running: dict[asyncio.Task[None], str] = {}

    def room(self, counterparty: str | None = None) -> int:
        """How many more tasks may start, in all or for one counterparty."""
        left = self._most - len(self._running)
        return left if counterparty is None else min(left, self._each - Counter(self._running.values())[counterparty])

    def start(self, counterparty: str, work: Coroutine[Any, Any, None]) -> None:
        """Start a task that lets no exception out, and do not wait for it."""
        task = asyncio.create_task(work)
        self._running[task] = counterparty
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._freed()

    async def end(self) -> None:
        """Give what runs a moment to come to its end, and cancel the rest."""
        running = list(self._running)
        if running:
            await asyncio.wait(running, timeout=_PATIENCE_S)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
