"""What the sellers do by themselves: accept what is new after a moment, and bring parcels on their way."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kaspi_web.simulators.merchant.faults import Plan
from kaspi_web.simulators.merchant.shop import Refused, Shop

_NEXT = {
    "ACCEPTED_BY_MERCHANT": ("ASSEMBLE", {"numberOfSpace": 1}),
    "ASSEMBLED": ("TRANSMITTED", {}),
    "TRANSMITTED": ("ARRIVED", {}),
    "KASPI_DELIVERY_RETURN_REQUESTED": ("RETURN_ACCEPTED_BY_MERCHANT", {}),
    "RETURN_ACCEPTED_BY_MERCHANT": ("RETURNED", {}),
}
"""What a seller does next with a parcel."""


@dataclass(slots=True)
class Pace:
    """Seconds between looks, and from first seeing an order as it is until the next step."""

    look: float = 3.0
    accept: float = 2.0
    step: float = 5.0


@dataclass(slots=True)
class Desk:
    """The sellers' work, on a thread of its own."""

    shops: Mapping[str, Shop]
    plan: Plan = field(default_factory=Plan)
    pace: Pace = field(default_factory=Pace)
    _first_seen: dict[tuple[str, str], float] = field(default_factory=dict)
    _ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work."""
        self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop; what was begun is the bank's to know."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(15)

    def _run(self) -> None:
        while not self._ending.wait(self.pace.look):
            for merchant, shop in self.shops.items():
                if self._ending.is_set():
                    return
                # One whose questions are refused, or a bank that is away, holds up nobody else.
                with contextlib.suppress(Refused):
                    self.look(merchant, shop)

    def look(self, merchant: str, shop: Shop) -> None:
        """One look at a seller's orders."""
        for row in shop.orders("NEW", "KASPI_DELIVERY"):
            is_new = row["attributes"]["state"] == "NEW"
            self._at_its_time(merchant, shop, row, self.pace.accept if is_new else self.pace.step)

    def _at_its_time(self, merchant: str, shop: Shop, row: dict[str, Any], after: float) -> None:
        seen = (row["id"], row["attributes"]["status"])
        if time.monotonic() - self._first_seen.setdefault(seen, time.monotonic()) < after:
            return
        with contextlib.suppress(Refused):
            self._step(merchant, shop, *seen)
        self._first_seen.pop(seen, None)

    def _step(self, merchant: str, shop: Shop, order_id: str, status: str) -> None:
        wrong = self.plan.mode_of(merchant, order_id)
        if status == "APPROVED_BY_BANK":
            if wrong == "out_of_stock":
                shop.change(order_id, "CANCELLED", cancellationReason="MERCHANT_OUT_OF_STOCK")
            elif wrong != "never_accepts":
                shop.change(order_id, "ACCEPTED_BY_MERCHANT")
        elif status in _NEXT and wrong != "never_sends":
            verb, attributes = _NEXT[status]
            shop.change(order_id, verb, **attributes)
