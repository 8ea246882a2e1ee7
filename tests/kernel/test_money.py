"""Money: sums typed by people, sums of the protocols, shares."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaspi_web.kernel.money import (
    AmbiguousAmount,
    AmountNotAboveZero,
    AmountTooFine,
    AmountTooLong,
    BadAmount,
    Money,
    parse_amount,
)


@pytest.mark.parametrize(
    ("typed", "tiyn"),
    [
        ("20000", 2_000_000),
        ("20 000", 2_000_000),
        ("20\u00a0000", 2_000_000),
        ("20\u202f000", 2_000_000),
        ("20\u2009000", 2_000_000),
        ("20000,5", 2_000_050),
        ("20000.50", 2_000_050),
        ("20\u00a0000,50\u00a0₸", 2_000_050),
        (" 1 234 567,08 ", 123_456_708),
        ("123456789012", 12_345_678_901_200),
        ("123.45", 12_345),
        ("3,80", 380),
        ("0,01", 1),
        ("007", 700),
        ("5,", 500),
    ],
)
def test_a_sum_is_read_to_the_tiyn(typed: str, tiyn: int) -> None:
    assert parse_amount(typed) == Money(tiyn)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("1,234", AmbiguousAmount),
        ("1.234", AmbiguousAmount),
        ("12,345", AmbiguousAmount),
        ("−5", AmountNotAboveZero),
        ("-5", AmountNotAboveZero),
        ("0", AmountNotAboveZero),
        ("0,00", AmountNotAboveZero),
        ("1,2345", AmountTooFine),
        ("9" * 14, AmountTooLong),
    ],
)
def test_a_sum_that_is_not_taken_says_why(typed: str, refusal: type[BadAmount]) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_amount(typed)
    assert type(refused.value) is refusal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "₸",
        "1e5",
        "٣",
        "１２",
        "abc",
        "1 23",
        "12 34 567",
        ",5",
        "1.2.3",
        "1,2,3",
        "+5",
        "0x10",
        "1_000",
        "NaN",
    ],
)
def test_what_is_no_sum_is_refused(typed: str) -> None:
    with pytest.raises(BadAmount) as refused:
        parse_amount(typed)
    assert type(refused.value) is BadAmount


_SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"])


@given(st.integers(1, 10**15 - 1), _SPACES, st.sampled_from(",."), st.booleans())
def test_a_sum_written_the_usual_ways_is_read_back(tiyn: int, space: str, mark: str, grouped: bool) -> None:
    whole, part = divmod(tiyn, 100)
    text = f"{whole:,}".replace(",", space) if grouped else str(whole)
    assert parse_amount(f"{text}{mark}{part:02d} ₸") == Money(tiyn)


@given(st.text(max_size=30))
def test_any_text_is_a_sum_above_zero_or_a_refusal(typed: str) -> None:
    with suppress(BadAmount):
        assert parse_amount(typed) > Money(0)


@given(st.integers(0, 10**15))
def test_a_sum_survives_the_wire(tiyn: int) -> None:
    assert Money.from_wire(Money(tiyn).wire) == Money(tiyn)


@pytest.mark.parametrize("text", ["", "1,00", "1.234", "-1.00", "1.", ".5", "1e5", "٣", "1.00\n", "9" * 16])
def test_the_wire_is_strict(text: str) -> None:
    with pytest.raises(ValueError, match="not a sum"):
        Money.from_wire(text)


def test_a_difference_below_zero_is_written_with_its_sign() -> None:
    assert (Money.tenge(1) - Money.tenge(2, 5)).wire == "-1.05"


@given(st.integers(0, 10**15), st.integers(0, 10_000))
def test_a_share_is_never_more_than_exact(tiyn: int, points: int) -> None:
    share = Money(tiyn).share(points).tiyn
    assert share * 10_000 <= tiyn * points < (share + 1) * 10_000


def test_one_percent_of_twenty_thousand_is_two_hundred() -> None:
    assert Money.tenge(20_000).share(100) == Money.tenge(200)


@pytest.mark.parametrize("wrong", [1.0, True, "1"])
def test_money_is_never_anything_but_a_whole_number(wrong: object) -> None:
    with pytest.raises(AssertionError):
        Money(wrong)  # type: ignore[arg-type]
