"""Named points at which a test may make the process fail; empty in every real installation."""

from __future__ import annotations

import os
import signal

from kaspi_web.settings import SettingError


class PlannedFault(RuntimeError):
    """A fault that a test planned at a named point."""


class Faults:
    """The points that fail, read from the setting `FAULTS`: `bills.after_commit=kill,sms.sent=raise`."""

    def __init__(self, spec: str = "") -> None:
        pairs = (part.partition("=") for part in spec.split(",") if part.strip())
        self._points = {name.strip(): how.strip() for name, _, how in pairs}
        if not set(self._points.values()) <= {"kill", "raise"} or "" in self._points:
            raise SettingError("FAULTS", "points such as bills.after_commit=kill,sms.sent=raise")

    def at(self, point: str) -> None:
        """Fail here if a test asked for it."""
        how = self._points.get(point)
        if how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "raise":
            raise PlannedFault(point)
