"""Faults that a demo or a test asks of a biller, kept in memory and counted down as they strike."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_PAY_ONLY = {"pay"}
_BOTH = {"check", "pay"}
_COMMANDS = {
    "temporary": _BOTH,  # answers 1, nothing registered
    "slow": _BOTH,  # does it, then answers after `seconds`
    "pending": _PAY_ONLY,  # accepts, answers 90, then 0
    "broken": _PAY_ONLY,  # does it, then sends half of the answer
    "silent": _PAY_ONLY,  # does it, then sends nothing for `seconds`
    "down": _BOTH,  # HTTP 503, nothing registered
    "refuse": _PAY_ONLY,  # answers 7 for good
    "unknown": _PAY_ONLY,  # does it, then answers 300
}
MODES = tuple(_COMMANDS)
_SECONDS = {"slow": 3.0, "silent": 60.0}


class BadFault(Exception):
    """A fault that was not understood; says what was expected."""


@dataclass(slots=True)
class Fault:
    """A planned fault: `times` answers are left to spoil (None: until cleared), for one account or for all."""

    mode: str
    times: int | None = None
    seconds: float | None = None
    account: str = ""
    command: str = ""

    def strikes(self, command: str, account: str) -> bool:
        """Whether this fault is meant for such a request."""
        commands = {self.command} if self.command else _COMMANDS[self.mode]
        return command in commands and self.account in ("", account)


def read(given: Mapping[str, Any]) -> Fault:
    """The fault in a JSON object; raises BadFault."""
    mode, times = given.get("mode"), given.get("times", 1 if given.get("mode") == "unknown" else None)
    if not isinstance(mode, str) or mode not in _COMMANDS:
        raise BadFault(f"mode: one of {', '.join(MODES)}")
    if times is not None and (type(times) is not int or times < 1):
        raise BadFault("times: a whole number above zero, or null")
    seconds, account, command = given.get("seconds"), given.get("account") or "", given.get("command") or ""
    if seconds is not None and (type(seconds) not in (int, float) or not 0 <= seconds <= 3600):
        raise BadFault("seconds: 0 to 3600")
    if not isinstance(account, str) or command not in ["", "check", "pay"]:
        raise BadFault("account: text; command: check or pay")
    return Fault(mode, times, _SECONDS.get(mode) if seconds is None else float(seconds), account, command)


class Plan:
    """The faults of every biller; a new one replaces the one of the same account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, dict[str, Fault]] = {}

    def add(self, biller: str, fault: Fault) -> None:
        """Plan `fault` from the next request on."""
        with self._lock:
            self._faults.setdefault(biller, {})[fault.account] = fault

    def clear(self, biller: str) -> None:
        """Forget every fault of this biller."""
        with self._lock:
            self._faults.pop(biller, None)

    def listed(self, biller: str) -> list[dict[str, Any]]:
        """The faults still planned, as JSON objects."""
        with self._lock:
            return [asdict(fault) for fault in self._faults.get(biller, {}).values()]

    def strike(self, biller: str, command: str, account: str, *, settled: bool) -> Fault | None:
        """The fault that spoils this request, counted down; one of the account itself goes first.

        A payment that has had its last word is neither refused nor held: that word stands.
        """
        with self._lock:
            planned = self._faults.get(biller, {})
            for scope in (account, ""):
                fault = planned.get(scope)
                if fault and fault.strikes(command, account) and not (settled and fault.mode in ("refuse", "pending")):
                    self._count(planned, fault)
                    return fault
        return None

    def _count(self, planned: dict[str, Fault], fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if not fault.times:
            del planned[fault.account]
