"""Faults that a demo or a test asks of the processor, kept in memory and counted down as they strike."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

DEEDS = ("link", "code", "charge", "look", "capture", "void", "refund", "recipient", "payout")
MODES = (
    "down",  # HTTP 503, nothing is done
    "slow",  # does it, then answers after `seconds`
    "silent",  # does it, then sends nothing for `seconds`
    "broken",  # does it, then sends half of the answer
    "decline",  # says no, and that is its last word
)
_SECONDS = {"slow": 3.0, "silent": 60.0}


class BadFault(Exception):
    """A fault that was not understood; says what was expected."""


@dataclass(slots=True)
class Fault:
    """A planned fault of one deed, or of all: `times` answers are left to spoil (None: until cleared)."""

    mode: str
    deed: str = ""
    times: int | None = None
    seconds: float = 0.0


def read(given: Mapping[str, Any]) -> Fault:
    """The fault in a JSON object; raises BadFault."""
    mode, deed, times, seconds = (given.get(name) for name in ("mode", "deed", "times", "seconds"))
    if mode not in MODES:
        raise BadFault(f"mode: one of {', '.join(MODES)}")
    if (deed or "") not in ("", *DEEDS):
        raise BadFault(f"deed: one of {', '.join(DEEDS)}")
    if times is not None and (type(times) is not int or times < 1):
        raise BadFault("times: a whole number above zero, or null")
    if seconds is not None and (type(seconds) not in (int, float) or not 0 <= seconds <= 3600):
        raise BadFault("seconds: 0 to 3600")
    return Fault(mode, deed or "", times, float(_SECONDS.get(mode, 0.0) if seconds is None else seconds))


class Plan:
    """The faults that are planned; a new one replaces the one of the same deed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}

    def add(self, fault: Fault) -> None:
        """Plan `fault` from the next request on."""
        with self._lock:
            self._faults[fault.deed] = fault

    def clear(self) -> None:
        """Forget every fault."""
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """The faults still planned, as JSON objects."""
        with self._lock:
            return [asdict(fault) for fault in self._faults.values()]

    def strike(self, deed: str) -> Fault | None:
        """The fault that spoils this deed, counted down; one of the deed itself goes first."""
        with self._lock:
            fault = self._faults.get(deed) or self._faults.get("")
            if fault is not None and fault.times is not None:
                fault.times -= 1
                if not fault.times:
                    del self._faults[fault.deed]
            return fault
