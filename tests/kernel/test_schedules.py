"""Equal payments: the real vectors, sums exact to the tiyn, days of short months."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaspi_web.kernel import schedules
from kaspi_web.kernel.money import ZERO, Money

VECTORS = {
    # A product page's own figures: the price, and what is paid a month in 3, 6 and 12 months.
    339_700: (113_234, 56_617, 28_309),
    339_740: (113_247, 56_624, 28_312),
    339_750: (113_250, 56_625, 28_313),
    339_800: (113_267, 56_634, 28_317),
}


@pytest.mark.parametrize(
    ("price", "months", "payment"),
    [(price, months, paid) for price, row in VECTORS.items() for months, paid in zip((3, 6, 12), row, strict=True)],
)
def test_a_month_costs_what_the_real_page_says(price: int, months: int, payment: int) -> None:
    assert schedules.payment_of(Money.tenge(price), months) == Money.tenge(payment)


@pytest.mark.parametrize(("price", "payment"), [(339_700, 14_155), (339_740, 14_156), (50_000, 2_084)])
def test_twenty_four_months_without_interest_are_the_price_by_24(price: int, payment: int) -> None:
    assert schedules.payment_of(Money.tenge(price), 24) == Money.tenge(payment)


BRACKETS = [(3, 3_000, 150_000), (3, 10_000, 10**7), (6, 15_000, 10**7), (12, 25_000, 10**7), (24, 50_000, 10**7)]
"""Months and the sums in tenge that they are offered for."""


@pytest.mark.parametrize(("months", "least", "most"), BRACKETS)
@given(data=st.data())
def test_no_price_is_overpaid_and_no_payment_is_nothing(
    months: int, least: int, most: int, data: st.DataObject
) -> None:
    price = Money(data.draw(st.integers(least * 100, most * 100)))
    payments = schedules.equal(price, months)
    assert len(payments) == months
    assert sum(payments, ZERO) == price
    assert all(payment > ZERO for payment in payments)
    assert len(set(payments[:-1])) == 1
    assert payments[0].tiyn % 100 == 0
    assert ZERO < payments[-1] <= payments[0]


@given(months=st.integers(1, 60), tiyn=st.integers(1, 10**6))
def test_of_whatever_is_left_of_a_price_no_payment_is_below_zero(months: int, tiyn: int) -> None:
    payments = schedules.equal(Money(tiyn), months)
    assert len(payments) == months
    assert sum(payments, ZERO) == Money(tiyn)
    assert min(payments) >= ZERO


@given(months=st.integers(1, 60), above=st.integers(0, 10**7))
def test_from_months_squared_tenge_on_every_payment_is_above_zero(months: int, above: int) -> None:
    assert schedules.equal(Money(months * months * 100 + above), months)[-1] > ZERO


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 31), 2, date(2027, 3, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 12, 1), 24, date(2028, 12, 1)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert schedules.month_later(day, months) == later


@pytest.mark.parametrize(
    ("day", "first"), [(date(2026, 11, 1), 12), (date(2026, 11, 20), 12), (date(2026, 11, 30), 12)]
)
def test_a_bills_day_is_in_the_next_month_whatever_the_day_of_the_purchase(day: date, first: int) -> None:
    found = schedules.lines(day, [(Money(300), ZERO), (Money(200), ZERO)], on=20)
    assert [line.due_on for line in found] == [date(2026, 12, 20), date(2027, 1, 20)]
    assert [line.left for line in found] == [Money(200), ZERO]
