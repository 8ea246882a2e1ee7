"""IIN: the check digit by both passes, the date and the sex inside, and how it is typed and shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaspi_web.kernel.iin import BadIin, WrongIin, born_on, check_digit, masked, parse_iin, prefix, sex

GOOD = ("900101300007", "850615401232", "040229600071", "900101300017", "900101300811")
IMPOSSIBLE = "90010130080"


@pytest.mark.parametrize("iin", GOOD)
def test_numbers_with_the_right_check_digit_are_read(iin: str):
    assert parse_iin(iin) == iin


@pytest.mark.parametrize("iin", GOOD)
def test_with_any_other_last_digit_they_are_wrong(iin: str):
    for last in set("0123456789") - {iin[-1]}:
        with pytest.raises(WrongIin):
            parse_iin(iin[:-1] + last)


def test_the_second_pass_decides_where_the_first_gives_ten():
    first = sum(weight * int(digit) for weight, digit in zip(range(1, 12), "90010130081", strict=True)) % 11
    assert (first, check_digit("90010130081")) == (10, 1)


def test_a_beginning_that_no_number_has_fits_no_last_digit():
    assert check_digit(IMPOSSIBLE) is None
    for last in "0123456789":
        with pytest.raises(WrongIin):
            parse_iin(IMPOSSIBLE + last)


@pytest.mark.parametrize("typed", ["900101 300007", " 900101-300007 ", "9001 0130 0007", "900101\u00a0300007"])
def test_spaces_and_dashes_are_nothing(typed: str):
    assert parse_iin(typed) == "900101300007"


@pytest.mark.parametrize(
    "typed",
    ["", "90010130000", "9001013000070", "90010130000a", "٩٠٠١٠١٣٠٠٠٠٧", "900101300007;", "+90010130000", "²" * 12],
)
def test_what_is_not_twelve_digits_is_unreadable(typed: str):
    with pytest.raises(BadIin) as refused:
        parse_iin(typed)
    assert refused.value.code == "iin_unreadable"


def test_a_refusal_does_not_repeat_the_number():
    with pytest.raises(WrongIin) as refused:
        parse_iin("900101300008")
    assert "900101300008" not in f"{refused.value!r}{refused.value}{refused.value.params}"


@pytest.mark.parametrize(
    ("iin", "born", "which"),
    [
        ("900101300007", date(1990, 1, 1), "m"),
        ("850615401232", date(1985, 6, 15), "f"),
        ("040229600071", date(2004, 2, 29), "f"),
        ("990230300000", None, "m"),
        ("900101000000", None, ""),
        ("991231100000", date(1899, 12, 31), "m"),
    ],
)
def test_the_date_and_the_sex_inside(iin: str, born: date | None, which: str):
    assert (born_on(iin), sex(iin)) == (born, which)


@given(born=st.dates(date(1800, 1, 1), date(2099, 12, 31)), which=st.sampled_from("mf"))
def test_what_is_put_in_comes_out(born: date, which: str):
    iin = prefix(born, which) + "00000"
    assert (born_on(iin), sex(iin)) == (born, which)


@given(st.from_regex(r"[0-9]{11}", fullmatch=True), st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_among_the_first_ten_is_noticed_by_the_first_pass(eleven: str, place: int, by: int):
    """The eleventh weighs 11 there, so nobody notices it; the second pass gives a few numbers another chance."""
    last = check_digit(eleven)
    changed = eleven[:place] + str((int(eleven[place]) + by) % 10) + eleven[place + 1 :]
    if last is not None and _by_first_pass(eleven) and _by_first_pass(changed):
        assert check_digit(changed) != last


def _by_first_pass(eleven: str) -> bool:
    return sum(weight * int(digit) for weight, digit in zip(range(1, 12), eleven, strict=True)) % 11 < 10


def test_it_is_shown_with_the_middle_hidden():
    assert masked("900101300007") == "9001•••• ••07"
