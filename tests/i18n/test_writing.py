"""Sums, days and times as each language writes them."""

from datetime import UTC, date, datetime

import pytest

from kaspi_web.i18n.format import clock_time, day_header, long_day, moment_text, money, number, percent
from kaspi_web.kernel.money import Money

A0 = "\u00a0"
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("tiyn", "kk", "en"),
    [
        (0, f"0{A0}₸", "₸0"),
        (1, f"0,01{A0}₸", "₸0.01"),
        (100, f"1{A0}₸", "₸1"),
        (481240, f"4{A0}812,40{A0}₸", "₸4,812.40"),
        (-481240, f"−4{A0}812,40{A0}₸", "−₸4,812.40"),
        (2000000, f"20{A0}000{A0}₸", "₸20,000"),
        (123456750, f"1{A0}234{A0}567,50{A0}₸", "₸1,234,567.50"),
    ],
)
def test_sums(tiyn, kk, en):
    assert money(Money(tiyn), "kk") == money(Money(tiyn), "ru") == kk
    assert money(Money(tiyn), "en") == en


def test_a_sum_written_exactly_has_its_tiyn():
    assert money(Money.tenge(20000), "kk", exact=True) == f"20{A0}000,00{A0}₸"
    assert money(Money.tenge(20000), "en", exact=True) == "₸20,000.00"


def test_a_plus_marks_what_came_in():
    assert money(Money.tenge(15000), "ru", sign=True) == f"+15{A0}000{A0}₸"
    assert money(Money.tenge(-15000), "en", sign=True) == "−₸15,000"
    assert money(Money(0), "kk", sign=True) == f"0{A0}₸"


def test_whole_numbers():
    assert number(1240, "ru") == f"1{A0}240"
    assert number(-1240, "en") == "−1,240"


@pytest.mark.parametrize(
    ("basis_points", "kk", "ru", "en"),
    [(100, "1%", f"1{A0}%", "1%"), (500, "5%", f"5{A0}%", "5%"), (1250, "12,5%", f"12,5{A0}%", "12.5%")],
)
def test_rates(basis_points, kk, ru, en):
    assert [percent(basis_points, locale) for locale in ("kk", "ru", "en")] == [kk, ru, en]


@pytest.mark.parametrize(
    ("day", "kk", "ru", "en"),
    [
        (date(2026, 11, 22), "Бүгін, 22 қараша", "Сегодня, 22 ноября", "Today, 22 November"),
        (date(2026, 11, 21), "Кеше, 21 қараша", "Вчера, 21 ноября", "Yesterday, 21 November"),
        (date(2026, 11, 16), "дүйсенбі, 16 қараша", "понедельник, 16 ноября", "Monday, 16 November"),
        (date(2025, 12, 31), "2025 ж. 31 желтоқсан", "31 декабря 2025 г.", "31 December 2025"),
    ],
)
def test_headers_of_days(day, kk, ru, en):
    assert [day_header(day, TODAY, locale) for locale in ("kk", "ru", "en")] == [kk, ru, en]


def test_days_with_their_year():
    day = date(2026, 11, 2)
    written = ["2026 ж. 2 қараша", "2 ноября 2026 г.", "2 November 2026"]
    assert [long_day(day, locale) for locale in ("kk", "ru", "en")] == written


def test_times_are_those_of_kazakhstan():
    moment = datetime(2026, 11, 22, 19, 5, tzinfo=UTC)
    assert clock_time(moment, "kk") == "00:05"
    assert moment_text(moment, "ru") == "23 ноября 2026 г., 00:05 (UTC+5)"
