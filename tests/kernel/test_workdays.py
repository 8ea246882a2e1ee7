"""How long a fine costs half."""

from __future__ import annotations

from datetime import date

import pytest

from kaspi_web.kernel.workdays import discount_until, is_working


def test_a_week_of_working_days_is_counted_from_the_day_after():
    assert discount_until(date(2022, 8, 1), ()) == date(2022, 8, 10)


@pytest.mark.parametrize("delivered", [date(2022, 8, 5), date(2022, 8, 6), date(2022, 8, 7)])
def test_what_is_delivered_before_or_on_a_weekend_counts_from_monday(delivered: date):
    assert discount_until(delivered, ()) == date(2022, 8, 16)


def test_holidays_are_not_counted():
    assert discount_until(date(2026, 3, 20), ()) == date(2026, 3, 31)
    nauryz = {date(2026, 3, 23), date(2026, 3, 24), date(2026, 3, 25)}
    assert discount_until(date(2026, 3, 20), nauryz) == date(2026, 4, 3)


def test_a_holiday_on_a_weekend_moves_nothing():
    assert discount_until(date(2022, 8, 1), {date(2022, 8, 6)}) == date(2022, 8, 10)


def test_offices_rest_on_weekends_and_holidays():
    assert [is_working(date(2022, 8, day), {date(2022, 8, 4)}) for day in (3, 4, 5, 6, 7)] == [
        True,
        False,
        True,
        False,
        False,
    ]
