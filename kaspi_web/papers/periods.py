"""Periods as addresses name them: `period=today|week|month`, or `from=` and `to=` as days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.errors import Invalid

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
QUICK = ("today", "week", "month")


class PeriodBackwards(Invalid):
    """The last day comes before the first one."""

    code, field = "period_backwards", "to"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last one, both included; None is open."""

    name: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def since(self) -> datetime | None:
        """The period's first moment."""
        return None if self.first is None else midnight(self.first)

    @property
    def until(self) -> datetime | None:
        """The first moment after the period."""
        return None if self.last is None else midnight(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Closed:
    """A period with two ends, as a statement needs it."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The period's first moment."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after the period."""
        return midnight(self.last + timedelta(days=1))


def midnight(day: date) -> datetime:
    """The first moment of a day in Kazakhstan."""
    return datetime.combine(day, time(), ALMATY)


def period_in(params: Mapping[str, str], *, today: date) -> Period:
    """The period of an address; days that are none count as not given; raises PeriodBackwards."""
    name = params.get("period", "")
    if name == "today":
        return Period(name, today, today)
    if name == "week":
        return Period(name, today - timedelta(days=today.weekday()), today)
    if name == "month":
        return Period(name, today.replace(day=1), today)
    first, last = _day(params.get("from", "")), _day(params.get("to", ""))
    if first and last and last < first:
        raise PeriodBackwards
    return Period("dates" if first or last else "", first, last)


def closed(period: Period, *, today: date) -> Closed:
    """The period of a statement: up to today, from the first of that month, where an end is open."""
    last = min(period.last or today, today)
    first = period.first or last.replace(day=1)
    return Closed(min(first, last), last)


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed) if _DAY.fullmatch(typed) else None
    except ValueError:
        return None
    # Years that no zone can shift are years that nobody means.
    return found if found and 2000 <= found.year < 2200 else None
