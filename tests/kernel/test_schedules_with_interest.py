"""Annuity and GESV against computations of another kind: fractions, closed forms and bisection."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaspi_web.kernel import annuity, schedules
from kaspi_web.kernel.gesv import gesv
from kaspi_web.kernel.money import ZERO, Money

DAY = date(2026, 11, 23)


@given(amount=st.integers(20_000_00, 10**9), rate=st.integers(1, 10_000), months=st.integers(1, 60))
def test_the_payment_is_the_formulas_rounded_up_to_a_tenge(amount: int, rate: int, months: int) -> None:
    monthly = Fraction(rate, 120_000)
    exact = amount * monthly / (1 - (1 + monthly) ** -months)
    paid = annuity.payment(Money(amount), rate, months)
    assert paid.tiyn % 100 == 0
    assert 0 <= paid.tiyn - exact < 100


@given(amount=st.integers(20_000_00, 10**9), rate=st.integers(1, 10_000), months=st.integers(1, 60))
def test_principal_adds_up_and_interest_is_on_what_is_left(amount: int, rate: int, months: int) -> None:
    left, usual = amount, annuity.payment(Money(amount), rate, months)
    for number, (principal, interest) in enumerate(annuity.parts(Money(amount), rate, months), start=1):
        exact = Fraction(left * rate, 120_000)
        assert abs(interest.tiyn - exact) <= Fraction(1, 2)
        assert principal > ZERO
        if number < months:
            assert principal + interest == usual
        else:
            assert ZERO < principal + interest <= usual
        left -= principal.tiyn
    assert left == 0


def test_days_of_a_month_add_up_to_its_interest_but_for_rounding() -> None:
    amount = Money.tenge(100_000)
    whole = annuity.interest(amount, 2400)
    assert whole == Money.tenge(2_000)
    parts = annuity.interest(amount, 2400, days=10, of=30) + annuity.interest(amount, 2400, days=20, of=30)
    assert abs(parts.tiyn - whole.tiyn) <= 1


def test_one_payment_a_year_later_has_its_closed_form() -> None:
    later = DAY + timedelta(days=365)
    assert gesv(Money.tenge(1_000), DAY, [(later, Money.tenge(1_250))]) == 2_500
    assert gesv(Money.tenge(1_000), DAY, [(DAY + timedelta(days=730), Money.tenge(1_210))]) == 1_000


def test_two_payments_have_the_roots_of_a_quadratic() -> None:
    # 1000 = 600 x + 600 x^2 with x the discount of a year: x = (-3 + sqrt(69)) / 6, so G = 13.06%.
    flows = [(DAY + timedelta(days=365 * years), Money.tenge(600)) for years in (1, 2)]
    assert gesv(Money.tenge(1_000), DAY, flows) == 1_307


def test_without_interest_it_is_zero() -> None:
    payments = schedules.equal(Money.tenge(339_700), 12)
    days = [schedules.month_later(DAY, number) for number in range(1, 13)]
    assert gesv(Money.tenge(339_700), DAY, list(zip(days, payments, strict=True))) == 0


def bisected(lent: int, flows: list[tuple[int, int]]) -> float:
    """XIRR by halving an interval, in floats: no line of it is shared with the kernel."""
    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        if sum(money / (1 + middle) ** (days / 365) for days, money in flows) > lent:
            low = middle
        else:
            high = middle
    return low


@given(
    amount=st.integers(20_000_00, 10**9),
    rate=st.integers(100, 9_000),
    months=st.integers(2, 36),
    day=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
)
def test_it_agrees_with_a_bisection(amount: int, rate: int, months: int, day: date) -> None:
    lines = schedules.lines(day, annuity.parts(Money(amount), rate, months))
    flows = [((line.due_on - day).days, line.payment.tiyn) for line in lines]
    found = gesv(Money(amount), day, [(line.due_on, line.payment) for line in lines])
    assert abs(found - bisected(amount, flows) * 10_000) < 0.51


def test_the_shop_pages_24_months_are_dearer_than_the_law_allows() -> None:
    """The page of domain vectors: 339 700 at 21 492 a month, 3.651% a month, effective 53.8% by twelve equal months."""
    paid = Money.tenge(21_492)
    days = [schedules.month_later(DAY, number) for number in range(1, 25)]
    by_days = gesv(Money.tenge(339_700), DAY, [(day, paid) for day in days])
    by_months = (1 + bisected(339_700, [(365 * number, 21_492) for number in range(1, 25)])) ** 12 - 1
    assert round(by_months * 1_000) == 538
    assert abs(by_days - 5_380) < 40
    assert by_days > 4_600


@pytest.mark.parametrize(("rate", "page"), [(4_381, 21_491)])
def test_the_annuity_of_that_page_is_its_own_rate(rate: int, page: int) -> None:
    assert annuity.payment(Money.tenge(339_700), rate, 24) == Money.tenge(page)
