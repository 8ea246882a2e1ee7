"""The bank's clock and the zone that business days are counted in.

Business time comes from a Clock and can be moved in demos and tests. Sessions, codes, rate limits
and leases use `real_now`, which no jump of the bank's clock moves.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")
"""Kazakhstan's single zone: UTC+5 since 1 March 2024."""


def real_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """The bank's own time: real time plus a shift that demos and tests may move forward."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def now(self) -> datetime:
        """The bank's moment, aware, in UTC."""
        return real_now() + self._shift

    def jump(self, by: timedelta) -> None:
        """Move the bank's time forward."""
        assert by >= timedelta(), "the bank's time never runs back"
        self._shift += by

    def today(self) -> date:
        """The bank's business day in Kazakhstan."""
        return self.now().astimezone(ALMATY).date()
