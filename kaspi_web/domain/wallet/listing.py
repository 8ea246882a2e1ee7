"""The list of operations, narrowed: what History shows, counts and adds up, and what a statement is made of.

Every query begins with the owner; pages are cut by the operation's id, which later deeds do not shift.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_
from sqlmodel import col, select

from kaspi_web.domain.wallet.models import Operation
from kaspi_web.domain.wallet.service import PAGE, OperationView, balances, view_of
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.phone import spoken

MOST_ROWS = 5_000
"""The most rows that one statement has."""


class StatementTooLong(Refused):
    """More operations than one statement holds; `most` says how many it does."""

    code = "statement_too_long"


@dataclass(frozen=True, slots=True)
class Search:
    """What was typed into the search line, read every way that it may be meant; a row that fits one of them fits."""

    text: str
    """Casefolded; looked for in accounts and in masked names and phones."""
    counterparties: tuple[str, ...] = ()
    """Slugs of those whose names in the reader's language fit."""
    kinds: tuple[str, ...] = ()
    """Kinds of operations whose own words fit."""
    sums: tuple[Money, Money] | None = None
    """From the one up to, and without, the other, whichever way the money went."""
    number: int | None = None
    """The number of a receipt."""
    phone: str = ""
    """A phone in E.164: bills have ten digits of it, transfers the whole number in its groups."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which operations are wanted; the empty one wants them all."""

    states: tuple[str, ...] = ()
    way: str = ""
    """`in`, `out` or empty."""
    category: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is not wanted."""
    search: Search | None = None


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What came in and what went out on one day; what was refused is in neither, and `out` is below zero."""

    into: Money = ZERO
    out: Money = ZERO


def page(
    unit: Unit, *, customer_id: int, wanted: Wanted, before: int | None = None, most: int = PAGE
) -> list[OperationView]:
    """A page of what is wanted, newest first, older than the operation `before`."""
    rows = select(Operation).where(*_fitting(customer_id, wanted))
    if before is not None:
        rows = rows.where(col(Operation.id) < before)
    return [view_of(row) for row in unit.exec(rows.order_by(col(Operation.id).desc()).limit(most))]


def count(unit: Unit, *, customer_id: int, wanted: Wanted) -> int:
    """How many operations are wanted."""
    return unit.exec(select(func.count()).select_from(Operation).where(*_fitting(customer_id, wanted))).one()


def categories(unit: Unit, *, customer_id: int) -> list[str]:
    """Categories that the customer has operations of, by name."""
    mine = select(Operation.category).where(Operation.customer_id == customer_id, Operation.category != "")
    return sorted(unit.exec(mine.distinct()))


def day_totals(
    unit: Unit, *, customer_id: int, wanted: Wanted, days: Mapping[date, tuple[datetime, datetime]]
) -> dict[date, DayTotal]:
    """What is wanted, added up for each of these days, which begin and end at their two moments."""
    return {day: _added_up(unit, _fitting(customer_id, wanted), *span) for day, span in days.items()}


def _added_up(unit: Unit, fits: list[ColumnElement[bool]], since: datetime, until: datetime) -> DayTotal:
    amount = col(Operation.amount_tiyn)
    into, out = (func.coalesce(func.sum(case((way, amount), else_=0)), 0) for way in (amount > 0, amount < 0))
    within = (Operation.state != "refused", Operation.occurred_at >= since, Operation.occurred_at < until)
    came, went = unit.exec(select(into, out).where(*fits, *within)).one()
    return DayTotal(Money(int(came)), Money(int(went)))


def balances_after(unit: Unit, *, customer_id: int, ids: list[int]) -> dict[int, Money]:
    """The wallet's balance after each of these operations: the balance now without what newer ones changed."""
    if not ids:
        return {}
    newer = func.sum(Operation.wallet_tiyn).over(order_by=col(Operation.id).desc())
    of_newer: Any = select(Operation.id, Operation.wallet_tiyn, newer.label("newer"))
    summed = of_newer.where(Operation.customer_id == customer_id, col(Operation.id) >= min(ids)).subquery()
    rows: Any = select(summed.c.id, summed.c.newer - summed.c.wallet_tiyn).where(summed.c.id.in_(ids))
    now = balances(unit, customer_id=customer_id).wallet
    return {number: now - Money(int(changed)) for number, changed in unit.exec(rows)}


def balance_at(unit: Unit, *, customer_id: int, moment: datetime) -> Money:
    """The wallet's balance before the first operation from this moment on."""
    newer = select(func.coalesce(func.sum(Operation.wallet_tiyn), 0)).where(
        Operation.customer_id == customer_id, Operation.occurred_at >= moment
    )
    return balances(unit, customer_id=customer_id).wallet - Money(int(unit.exec(newer).one()))


def of_wallet(unit: Unit, *, customer_id: int, since: datetime, until: datetime) -> list[OperationView]:
    """What changed the wallet between the two moments, oldest first; raises StatementTooLong."""
    within = (Operation.occurred_at >= since, Operation.occurred_at < until, Operation.wallet_tiyn != 0)
    rows = select(Operation).where(Operation.customer_id == customer_id, *within)
    found = unit.exec(rows.order_by(col(Operation.occurred_at), col(Operation.id)).limit(MOST_ROWS + 1)).all()
    if len(found) > MOST_ROWS:
        raise StatementTooLong(most=MOST_ROWS)
    return [view_of(row) for row in found]


def _fitting(customer_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    fits: list[Any] = [Operation.customer_id == customer_id]
    if wanted.states:
        fits.append(col(Operation.state).in_(wanted.states))
    if wanted.way:
        fits.append(Operation.amount_tiyn > 0 if wanted.way == "in" else Operation.amount_tiyn < 0)
    if wanted.category:
        fits.append(Operation.category == wanted.category)
    if wanted.since is not None:
        fits.append(Operation.occurred_at >= wanted.since)
    if wanted.until is not None:
        fits.append(Operation.occurred_at < wanted.until)
    if wanted.search is not None:
        fits.append(or_(*_meant(wanted.search)))
    return fits


def _meant(search: Search) -> list[ColumnElement[bool]]:
    ways: list[Any] = [col(Operation.search).contains(search.text, autoescape=True)]
    if search.counterparties:
        ways.append(col(Operation.counterparty).in_(search.counterparties))
    if search.kinds:
        ways.append(col(Operation.kind).in_(search.kinds))
    if search.sums is not None:
        least, below = search.sums
        ways.append(func.abs(Operation.amount_tiyn).between(least.tiyn, below.tiyn - 1))
    if search.number is not None:
        ways.append(Operation.id == search.number)
    if search.phone:
        ways += [col(Operation.search).contains(text) for text in (search.phone[2:], spoken(search.phone))]
    return ways
