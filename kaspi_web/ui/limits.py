"""How fast one browser may ask."""

from __future__ import annotations

import time
from collections import OrderedDict

_MOST = 20_000


class Buckets:
    """A bucket of tokens for each browser: `burst` at once, `a_second` for as long as it likes."""

    def __init__(self, *, a_second: float, burst: float) -> None:
        self._rate, self._burst = a_second, burst
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> bool:
        """Take one token; False when the bucket is empty."""
        now = time.monotonic()
        level, then = self._levels.pop(who, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._rate)
        self._levels[who] = (level - 1 if level >= 1 else level, now)
        if len(self._levels) > _MOST:
            self._levels.popitem(last=False)
        return level >= 1
