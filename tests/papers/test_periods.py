"""Periods of an address: quick picks, days, and what is no day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kaspi_web.papers.periods import Closed, Period, PeriodBackwards, closed, midnight, period_in

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("params", "period"),
    [
        ({}, Period()),
        ({"period": "today"}, Period("today", TODAY, TODAY)),
        ({"period": "week"}, Period("week", date(2026, 11, 23), TODAY)),
        ({"period": "month"}, Period("month", date(2026, 11, 1), TODAY)),
        ({"period": "century"}, Period()),
        ({"from": "2026-01-31", "to": "2026-02-01"}, Period("dates", date(2026, 1, 31), date(2026, 2, 1))),
        ({"from": "2026-01-31"}, Period("dates", date(2026, 1, 31), None)),
        ({"to": "2026-01-31"}, Period("dates", None, date(2026, 1, 31))),
        ({"from": "31.01.2026", "to": "2026-02-30"}, Period()),
        ({"from": "0001-01-01", "to": "9999-12-31"}, Period()),
        ({"from": "2026-W01-1"}, Period()),
    ],
    ids=str,
)
def test_an_address_names_a_period(params: dict[str, str], period: Period):
    assert period_in(params, today=TODAY) == period


def test_days_in_the_wrong_order_are_refused():
    with pytest.raises(PeriodBackwards):
        period_in({"from": "2026-02-02", "to": "2026-02-01"}, today=TODAY)


def test_days_begin_at_midnight_in_kazakhstan_and_the_last_one_counts():
    period = Period("dates", date(2026, 11, 1), date(2026, 11, 2))
    assert period.since == midnight(date(2026, 11, 1)) == datetime(2026, 10, 31, 19, tzinfo=UTC)
    assert period.until == datetime(2026, 11, 2, 19, tzinfo=UTC)
    assert (Period().since, Period().until) == (None, None)


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (Period(), Closed(date(2026, 11, 1), TODAY)),
        (Period("dates", date(2026, 1, 2), None), Closed(date(2026, 1, 2), TODAY)),
        (Period("dates", None, date(2026, 3, 5)), Closed(date(2026, 3, 1), date(2026, 3, 5))),
        (Period("dates", date(2027, 1, 1), date(2027, 1, 2)), Closed(TODAY, TODAY)),
    ],
    ids=str,
)
def test_a_statement_has_two_ends_and_none_in_the_future(period: Period, days: Closed):
    assert closed(period, today=TODAY) == days
