"""One fault at a time that a demo or a test asks of the register, kept in memory and counted down as it strikes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MODES = ("down", "slow", "broken")
_MOST_SECONDS = 3600


class BadFault(Exception):
    """A fault that was not understood; says what was expected."""


@dataclass(slots=True)
class Fault:
    """`down` answers 503, `slow` after `seconds`, `broken` half of the words; `times` None: until cleared."""

    mode: str
    seconds: float = 3.0
    times: int | None = None


def read(given: Mapping[str, Any]) -> Fault:
    """The fault in a JSON object; raises BadFault."""
    mode, seconds, times = given.get("mode"), given.get("seconds", 3.0), given.get("times")
    if mode not in MODES:
        raise BadFault(f"mode: one of {', '.join(MODES)}")
    if type(seconds) not in (int, float) or not 0 <= seconds <= _MOST_SECONDS:
        raise BadFault(f"seconds: 0 to {_MOST_SECONDS}")
    if times is not None and (type(times) is not int or times < 1):
        raise BadFault("times: a whole number above zero, or null")
    return Fault(mode, float(seconds), times)


class Plan:
    """The fault that is planned, if any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fault: Fault | None = None

    def set(self, fault: Fault | None) -> None:
        """Plan a fault from the next request on, or none."""
        with self._lock:
            self._fault = fault

    def listed(self) -> list[dict[str, Any]]:
        """The fault as JSON objects: one or none."""
        with self._lock:
            return [asdict(self._fault)] if self._fault else []

    def strike(self) -> Fault | None:
        """The fault that spoils this request, counted down."""
        with self._lock:
            fault = self._fault
            if fault is not None and fault.times is not None:
                fault.times -= 1
                self._fault = fault if fault.times else None
            return fault
