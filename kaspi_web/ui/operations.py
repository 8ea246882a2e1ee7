"""Operations as rows: what Home, History and Top up show of a customer's deeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from kaspi_web.domain.wallet.listing import DayTotal
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.i18n import words
from kaspi_web.i18n.format import clock_time, day_header, money
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import Money
from kaspi_web.papers import called as calling
from kaspi_web.papers.called import Names, names

__all__ = ["Day", "Names", "Row", "by_day", "names", "row"]


@dataclass
class Row:
    """One row of a list, ready to be shown; `state` is done, on_way or refused."""

    key: str
    href: str
    title: str
    detail: str
    amount: str
    is_in: bool
    state: str
    balance: str = ""
    """The wallet's balance after it, in words; empty where lists do without."""


@dataclass
class Day:
    """The rows of one day under its header."""

    title: str
    rows: list[Row]
    total: str = ""
    """What came in and what went out on the whole day."""


def row(operation: OperationView, *, locale: str, called: Names, balance: Money | None = None) -> Row:
    """One operation as a row: whose side it waits on is said in words, not by colour."""
    w = words(locale)
    if operation.state == "done":
        detail = f"{calling.category(operation, w)} · {clock_time(operation.occurred_at, locale)}"
    else:
        detail = calling.state(operation, w)
    return Row(
        key=operation.receipt,
        href=f"/{locale}/receipt/{operation.receipt}",
        title=calling.title(operation, called, w),
        detail=detail,
        amount=money(operation.amount, locale, sign=True),
        is_in=operation.amount.tiyn > 0,
        state=operation.state,
        balance="" if balance is None else w("operations.balance_after", sum=money(balance, locale)),
    )


def by_day(
    operations: list[OperationView],
    *,
    locale: str,
    called: Names,
    today: date,
    balances: dict[int, Money] | None = None,
    totals: dict[date, DayTotal] | None = None,
) -> list[Day]:
    """Rows grouped under their days, newest first; with balances after them and totals of days if given."""
    after, summed = balances or {}, totals or {}
    return [
        Day(
            day_header(day, today, locale),
            [row(each, locale=locale, called=called, balance=after.get(each.id)) for each in rows],
            _total(summed.get(day, DayTotal()), locale),
        )
        for day, rows in groupby(operations, key=lambda each: day_of(each.occurred_at))
    ]


def _total(total: DayTotal, locale: str) -> str:
    return " · ".join(money(each, locale, sign=True) for each in (total.into, total.out) if each)


def day_of(moment: datetime) -> date:
    """The day of a moment in Kazakhstan."""
    return moment.astimezone(ALMATY).date()
