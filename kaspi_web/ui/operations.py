"""Operations as rows: what Home, History and Top up show of a customer's deeds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from kaspi_web.domain.bills.billers import billers
from kaspi_web.domain.terminals.kiosk import places
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.i18n import words
from kaspi_web.i18n.format import clock_time, day_header, money
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit


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


@dataclass
class Day:
    """The rows of one day under its header."""

    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of counterparties in one language."""

    billers: dict[str, str]
    terminals: dict[str, str]

    def of(self, operation: OperationView) -> str:
        """What the other side of an operation is called."""
        known = self.billers if operation.kind == "bill" else self.terminals
        return known.get(operation.counterparty, operation.counterparty)


def names(unit: Unit, *, locale: str) -> Names:
    """Every counterparty's name."""
    return Names(
        {each.slug: each.names[locale] for each in billers(unit)},
        {each.slug: each.names[locale] for each in places(unit)},
    )


def row(operation: OperationView, *, locale: str, called: Names) -> Row:
    """One operation as a row: whose side it waits on is said in words, not by colour."""
    w = words(locale)
    title = called.of(operation) if operation.kind == "bill" else w("operations.topup")
    if operation.state == "done":
        detail = f"{w(f'operations.kind.{operation.kind}')} · {clock_time(operation.occurred_at, locale)}"
    else:
        detail = w(f"operations.{operation.state}.{operation.kind}")
    return Row(
        key=operation.receipt,
        href=f"/{locale}/receipt/{operation.receipt}",
        title=title,
        detail=detail,
        amount=money(operation.amount, locale, sign=True),
        is_in=operation.amount.tiyn > 0,
        state=operation.state,
    )


def by_day(operations: list[OperationView], *, locale: str, called: Names, today: date) -> list[Day]:
    """Rows grouped under their days, newest first."""
    grouped = groupby(operations, key=lambda each: _day_of(each.occurred_at))
    return [
        Day(day_header(day, today, locale), [row(each, locale=locale, called=called) for each in rows])
        for day, rows in grouped
    ]


def _day_of(moment: datetime) -> date:
    return moment.astimezone(ALMATY).date()
