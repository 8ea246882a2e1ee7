"""Real time that a test moves; the bank's own clock has `jump` for that."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import pytest

from kaspi_web.kernel import clock


class Watch:
    """Stands in for `real_now` wherever the bank has imported it, and runs ahead by as much as it was told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real, self._ahead = clock.real_now, timedelta()
        for name, module in list(sys.modules.items()):
            if name.startswith("kaspi_web.") and getattr(module, "real_now", None) is self._real:
                monkeypatch.setattr(module, "real_now", self.now)

    def now(self) -> datetime:
        """The moment that the bank sees."""
        return self._real() + self._ahead

    def later(self, **by: float) -> None:
        """Let time pass: `later(minutes=5)`."""
        self._ahead += timedelta(**by)
