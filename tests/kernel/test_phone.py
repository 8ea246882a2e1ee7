"""Phone numbers in any usual spelling, and whose they are."""

from __future__ import annotations

import pytest

from kaspi_web.kernel.phone import BadPhone, ForeignPhone, NotMobile, masked, parse_phone, spoken


@pytest.mark.parametrize(
    "typed",
    [
        "+77011234567",
        "77011234567",
        "87011234567",
        "7011234567",
        "+7 701 123 45 67",
        "8 (701) 123-45-67",
        "701 123 45 67",
        "+7\u00a0701\u00a0123\u00a045\u00a067",
        " 8-701-1234567 ",
    ],
)
def test_every_usual_spelling_is_one_number(typed: str) -> None:
    assert parse_phone(typed) == "+77011234567"


@pytest.mark.parametrize("typed", ["+77000000101", "8 700 000 01 02", "7070000103", "+77770000104"])
def test_numbers_of_the_operators_are_mobiles(typed: str) -> None:
    assert parse_phone(typed).startswith("+77")


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("+7 727 250 00 00", NotMobile),
        ("8 7172 55 55 55", NotMobile),
        ("+7 916 123 45 67", ForeignPhone),
        ("8 916 123 45 67", ForeignPhone),
        ("+1 202 555 0143", ForeignPhone),
        ("+998 90 123 45 67", ForeignPhone),
        ("", BadPhone),
        ("abc", BadPhone),
        ("12345", BadPhone),
        ("+7701123456", BadPhone),
        ("+770112345678", BadPhone),
        ("+7" + "0" * 300, BadPhone),
    ],
)
def test_a_number_that_cannot_have_a_wallet_says_why(typed: str, refusal: type[BadPhone]) -> None:
    with pytest.raises(BadPhone) as refused:
        parse_phone(typed)
    assert type(refused.value) is refusal


def test_a_number_is_shown_as_people_say_it() -> None:
    assert spoken("+77011234567") == "+7 701 123 45 67"


def test_a_masked_number_keeps_its_ends_only() -> None:
    assert masked("+77011234567") == "+7 701 ••• •• 67"
