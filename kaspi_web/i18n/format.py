"""Sums, days and times as each language writes them (docs/decisions/0005)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal

from kaspi_web.i18n import words
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import TIYN_PER_TENGE, Money

NBSP = "\u00a0"
_MINUS = "\u2212"
_LONG = {"kk": "y 'ж.' d MMMM", "ru": "d MMMM y 'г.'", "en": "d MMMM y"}


def money(amount: Money, locale: str, *, exact: bool = False, sign: bool = False) -> str:
    """A sum: whole tenge without decimals unless it has tiyn or `exact` is asked; `sign` adds a plus."""
    has_tiyn = exact or amount.tiyn % TIYN_PER_TENGE
    digits = format_decimal(Decimal(abs(amount.tiyn)) / TIYN_PER_TENGE, "#,##0.00" if has_tiyn else "#,##0", locale)
    mark = _MINUS if amount.tiyn < 0 else "+" if sign and amount.tiyn > 0 else ""
    return f"{mark}₸{digits}" if locale == "en" else f"{mark}{digits}{NBSP}₸"


def number(value: int, locale: str) -> str:
    """A whole number with its digits in groups."""
    digits = format_decimal(abs(value), "#,##0", locale)
    return f"{_MINUS}{digits}" if value < 0 else digits


def day_header(day: date, today: date, locale: str) -> str:
    """The header of a day in a list: today and yesterday by name, this year's days without the year."""
    w = words(locale)
    short = format_date(day, "d MMMM", locale=locale)
    if day == today:
        return f"{w('common.today')}, {short}"
    if day == today - timedelta(days=1):
        return f"{w('common.yesterday')}, {short}"
    if day.year != today.year:
        return long_day(day, locale)
    return f"{format_date(day, 'EEEE', locale=locale)}, {short}"


def short_day(day: date, today: date, locale: str) -> str:
    """A day, this year's without the year."""
    return format_date(day, "d MMMM", locale=locale) if day.year == today.year else long_day(day, locale)


def long_day(day: date, locale: str) -> str:
    """A day with its year."""
    return format_date(day, _LONG[locale], locale=locale)


def clock_time(moment: datetime, locale: str) -> str:
    """Hours and minutes in Kazakhstan."""
    return moment.astimezone(ALMATY).strftime("%H:%M")


def moment_text(moment: datetime, locale: str) -> str:
    """Day, time and zone, as a receipt needs them."""
    local = moment.astimezone(ALMATY)
    return f"{long_day(local.date(), locale)}, {local:%H:%M} (UTC+5)"


def percent(basis_points: int, locale: str) -> str:
    """A rate: `1%`, and in Russian `1 %`."""
    digits = format_decimal(Decimal(basis_points) / 100, "0.##", locale)
    return f"{digits}{NBSP}%" if locale == "ru" else f"{digits}%"
