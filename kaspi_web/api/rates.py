"""How often one caller may ask within a minute of real time; counted in memory, by each server for itself."""

from __future__ import annotations

import time
from collections import deque

_WINDOW_S = 60.0
_MOST_CALLERS = 10_000


class Rates:
    """Counts the requests of every caller."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._asked: dict[str, deque[float]] = {}

    def wait_s(self, caller: str) -> int:
        """Count a request; answers 0, or for how many seconds it comes too early, and then it is not counted."""
        now = time.monotonic()
        if len(self._asked) > _MOST_CALLERS:
            self._asked = {name: times for name, times in self._asked.items() if times and times[-1] > now - _WINDOW_S}
        times = self._asked.setdefault(caller, deque())
        while times and times[0] <= now - _WINDOW_S:
            times.popleft()
        if len(times) >= self._most:
            return int(times[0] + _WINDOW_S - now) + 1
        times.append(now)
        return 0
