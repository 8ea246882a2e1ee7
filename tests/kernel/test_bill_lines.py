"""Lines of a bill: readings, tiers, discounts, and their way through a column."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaspi_web.kernel.bill_lines import (
    Choice,
    Debt,
    Line,
    ReadingBelowPrevious,
    ReadingTooHigh,
    Tier,
    charge,
    due_on,
    from_json,
    lines_from_json,
    lines_to_json,
    menu_from_json,
    menu_to_json,
    to_json,
)
from kaspi_web.kernel.money import ZERO, Money

NAMES = {"kk": "Электр", "ru": "Свет", "en": "Power"}
TIERS = (Tier(115, Money.tenge(17, 53)), Tier(190, Money.tenge(22, 66)), Tier(None, Money.tenge(28, 32)))


def line(**more: Any) -> Line:
    """A metered line of a bill with tiers."""
    return Line(**{"code": "power", "names": NAMES, "previous": 1000, "last": 1000, "tiers": TIERS} | more)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (1000, ZERO),
        (1001, Money.tenge(17, 53)),
        (1115, Money(115 * 1753)),
        (1116, Money(115 * 1753 + 2266)),
        (1190, Money(115 * 1753 + 75 * 2266)),
        (1200, Money(115 * 1753 + 75 * 2266 + 10 * 2832)),
    ],
)
def test_each_tier_is_charged_for_its_own_units(reading: int, expected: Money):
    assert charge(line(), reading) == expected


def test_without_a_reading_of_ones_own_the_billers_counts():
    assert charge(line(last=1010)) == Money(10 * 1753)


def test_debt_penalty_and_what_is_fixed_are_added():
    extra = {"debt": Money(101), "penalty": Money(7), "fixed": Money.tenge(500)}
    assert charge(line(**extra), 1001) == Money(1753 + 101 + 7 + 50_000)


def test_what_was_paid_in_advance_is_taken_off():
    assert charge(line(debt=-Money.tenge(20)), 1001) == Money(1753 - 2000)


def test_a_line_without_a_meter_costs_what_is_fixed():
    assert charge(Line("lift", NAMES, fixed=Money.tenge(900)), 5) == Money.tenge(900)


def test_the_last_price_has_no_end():
    assert charge(line(tiers=(Tier(10, Money(5)),)), 1030) == Money(150)


@pytest.mark.parametrize(("reading", "kind"), [(999, ReadingBelowPrevious), (101_001, ReadingTooHigh)])
def test_a_reading_that_cannot_be_is_refused(reading: int, kind: type[Exception]):
    with pytest.raises(kind):
        charge(line(), reading)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_using_more_never_costs_less(one: int, other: int):
    less, more = sorted((one, other))
    assert charge(line(), 1000 + less) <= charge(line(), 1000 + more)


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_bill_in_two_parts_within_one_tier_comes_to_the_same(first: int, second: int):
    flat = line(tiers=(Tier(None, Money(1753)),))
    parts = charge(flat, 1000 + first) + charge(line(tiers=flat.tiers, previous=1000 + first), 1000 + first + second)
    assert parts == charge(flat, 1000 + first + second)


FINE = Line("n1", NAMES, pay=Money(10_001), delivered_on=date(2022, 8, 1), discount_percent=50)


@pytest.mark.parametrize(("day", "expected"), [(10, 5_000), (11, 10_001)])
def test_a_fine_costs_half_until_the_seventh_working_day(day: int, expected: int):
    assert due_on(FINE, date(2022, 8, day), ()) == Money(expected)


def test_a_fine_without_a_discount_costs_the_whole():
    assert due_on(Line("n1", NAMES, pay=Money(10_001), delivered_on=date(2022, 8, 1)), date(2022, 8, 2), ()) == FINE.pay


_SUMS = st.builds(Money, st.integers(-(10**9), 10**9))
_DAYS = st.none() | st.dates()
_LINES = st.builds(
    Line,
    code=st.text(max_size=5),
    names=st.just(NAMES),
    unit=st.text(max_size=4),
    previous=st.none() | st.integers(0, 10**6),
    last=st.none() | st.integers(0, 10**6),
    tiers=st.lists(st.builds(Tier, st.none() | st.integers(1, 999), _SUMS), max_size=3).map(tuple),
    debt=_SUMS,
    penalty=_SUMS,
    fixed=_SUMS,
    pay=_SUMS,
    issued_on=_DAYS,
    delivered_on=_DAYS,
    discount_percent=st.integers(0, 100),
)
_CHOICES = st.builds(Choice, st.text(max_size=4), st.just(NAMES), st.none() | _SUMS)
_DEBTS = st.builds(
    Debt,
    st.text(max_size=9),
    st.text(max_size=9),
    st.none() | _SUMS,
    st.lists(_LINES, max_size=3).map(tuple),
    st.lists(_CHOICES, max_size=3).map(tuple),
)


@given(_DEBTS)
def test_what_was_written_into_a_column_is_read_back(debt: Debt):
    assert from_json(to_json(debt)) == debt
    assert lines_from_json(lines_to_json(debt.lines)) == debt.lines
    assert menu_from_json(menu_to_json(debt.menu)) == debt.menu


def test_an_empty_column_has_no_lines_and_no_menu():
    assert (lines_from_json(""), menu_from_json("")) == ((), ())
