"""Card numbers, expiry dates and security codes as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from kaspi_web.kernel.card_numbers import (
    CardCvcUnreadable,
    CardExpired,
    CardExpiryUnreadable,
    CardNumberMistyped,
    CardNumberUnreadable,
    Expiry,
    TypedCard,
    brand_of,
    check_digit,
    grouped,
    parse_cvc,
    parse_expiry,
    parse_number,
)

TODAY = date(2026, 11, 23)
NUMBER = "4242424242424242"


@pytest.mark.parametrize(
    "typed", [NUMBER, "4242 4242 4242 4242", " 4242-4242-4242-4242 ", "4242\u00a04242\u202f42424242"]
)
def test_a_number_is_read_in_any_usual_spelling(typed: str):
    assert parse_number(typed) == NUMBER


@pytest.mark.parametrize("typed", ["", "4242", NUMBER + "4", "424242424242424a", "\u0664" * 16, "4242.4242.4242.4242"])
def test_what_is_no_number_is_refused(typed: str):
    with pytest.raises(CardNumberUnreadable):
        parse_number(typed)


def test_every_slip_of_one_digit_is_caught():
    for place in range(16):
        for digit in "0123456789":
            slipped = NUMBER[:place] + digit + NUMBER[place + 1 :]
            if slipped != NUMBER:
                with pytest.raises(CardNumberMistyped):
                    parse_number(slipped)


@pytest.mark.parametrize(("digits", "last"), [("7992739871", "3"), ("400000000000000", "2"), ("555555555555444", "4")])
def test_the_check_digit_is_luhn_s(digits: str, last: str):
    assert check_digit(digits) == last


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4", "visa"),
        ("51", "mastercard"),
        ("2720", "mastercard"),
        ("969688", "own"),
        ("62", "unionpay"),
        ("9", "other"),
    ],
)
def test_the_brand_is_told_by_the_first_digits(number: str, brand: str):
    assert brand_of(number.ljust(16, "0")) == brand


@pytest.mark.parametrize("typed", ["09/31", "9/31", "09.2031", "0931", "09 31", "09-31", " 9/2031 "])
def test_an_expiry_is_read_in_any_usual_spelling(typed: str):
    assert parse_expiry(typed, today=TODAY) == Expiry(2031, 9)
    assert parse_expiry(typed, today=TODAY).wire == "09/31"


def test_a_card_is_good_until_the_end_of_its_month():
    assert parse_expiry("11/26", today=TODAY) == Expiry(2026, 11)
    with pytest.raises(CardExpired):
        parse_expiry("10/26", today=TODAY)


@pytest.mark.parametrize("typed", ["", "13/30", "0/30", "12", "12/1930", "12/47", "1/2/30", "\u0661\u0662/30"])
def test_what_is_no_expiry_is_refused(typed: str):
    with pytest.raises(CardExpiryUnreadable):
        parse_expiry(typed, today=TODAY)


@pytest.mark.parametrize("typed", ["", "12", "1234", "12a", "\u0661\u0662\u0663"])
def test_what_is_no_security_code_is_refused(typed: str):
    assert parse_cvc(" 007 ") == "007"
    with pytest.raises(CardCvcUnreadable):
        parse_cvc(typed)


def test_a_card_in_a_log_says_nothing_of_itself():
    shown = f"{TypedCard(NUMBER, Expiry(2030, 1), '123')!r}"
    assert "4242" not in shown
    assert "123" not in shown
    assert grouped(NUMBER) == "4242 4242 4242 4242"
