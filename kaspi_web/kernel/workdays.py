"""Working days of Kazakhstan, and until when a fine costs half.

Holidays are given by the caller: they are rows, because the government moves them every year.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

DISCOUNT_DAYS = 7
"""Working days that a fine may be paid at a discount."""
_SATURDAY = 5


def is_working(day: date, holidays: Collection[date]) -> bool:
    """Whether offices work on `day`."""
    return day.weekday() < _SATURDAY and day not in holidays


def discount_until(delivered_on: date, holidays: Collection[date]) -> date:
    """The last day of the discount: the 7th working day, counted from the day after the delivery.

    Delivered on Monday, 1 August it lasts until Wednesday, 10 August.
    """
    day, left = delivered_on, DISCOUNT_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working(day, holidays)
    return day
