"""What a demo or a test asks a seller to do wrong, kept in memory and counted down as it strikes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MODES = ("never_accepts", "out_of_stock", "never_sends")


class BadFault(Exception):
    """A fault that was not understood; says what was expected."""


@dataclass(slots=True)
class Fault:
    """`never_accepts` leaves new orders, `out_of_stock` cancels them, `never_sends` keeps parcels.

    `times` orders are spoilt (None: until cleared), of one seller or, with no `merchant`, of all.
    """

    mode: str
    merchant: str = ""
    times: int | None = None


def read(given: Mapping[str, Any]) -> Fault:
    """The fault in a JSON object; raises BadFault."""
    mode, merchant, times = given.get("mode"), given.get("merchant", ""), given.get("times")
    if mode not in MODES:
        raise BadFault(f"mode: one of {', '.join(MODES)}")
    if not isinstance(merchant, str):
        raise BadFault("merchant: a seller's slug")
    if times is not None and (type(times) is not int or times < 1):
        raise BadFault("times: a whole number above zero, or null")
    return Fault(str(mode), merchant, times)


class Plan:
    """The faults that are planned; each order meets one once, and the same one again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._struck: dict[str, Fault] = {}

    def add(self, fault: Fault) -> None:
        """Plan a fault for orders that come from now on."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget every fault, also of orders that met one."""
        with self._lock:
            self._faults.clear()
            self._struck.clear()

    def listed(self) -> list[dict[str, Any]]:
        """The faults still planned, as JSON objects."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def mode_of(self, merchant: str, order_id: str) -> str:
        """What goes wrong with this order; empty if nothing does."""
        with self._lock:
            if order_id not in self._struck:
                fault = next((each for each in self._faults if each.merchant in ("", merchant)), None)
                if fault is None:
                    return ""
                self._struck[order_id] = Fault(fault.mode, merchant, 1)
                self._count(fault)
            return self._struck[order_id].mode

    def _count(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if not fault.times:
                self._faults.remove(fault)
