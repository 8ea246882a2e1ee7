"""The facts of a statement of the wallet, in the form that banks here use; the page and both files say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.wallet import listing
from kaspi_web.domain.wallet.service import OperationView
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import money
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.phone import spoken
from kaspi_web.papers import called
from kaspi_web.papers.called import Names
from kaspi_web.papers.periods import Closed

_KINDS: tuple[str, ...] = (
    "topup",
    "bill",
    "refund",
    "transfer_in",
    "transfer_out",
    "return_in",
    "return_out",
    "own_transfer",
)
"""The order in which kinds are summed up; the customer's own moves stand last, apart from the rest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a statement: as the bank writes it, and as figures for a spreadsheet."""

    date: str
    amount: str
    kind: str
    details: str
    at: datetime
    sum: Money
    balance: Money
    fee: Money
    bonus: Money
    number: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in the reader's language: `head` are facts, `totals` one sum for each kind of operation."""

    locale: str
    first: date
    last: date
    title: str
    head: tuple[tuple[str, str], ...]
    totals: tuple[tuple[str, str], ...]
    columns: tuple[str, str, str, str]
    lines: tuple[Line, ...]


def statement(unit: Unit, *, customer_id: int, period: Closed, locale: str) -> Statement:
    """The wallet's statement for these days; raises StatementTooLong."""
    w, names = words(locale), called.names(unit, locale=locale)
    made = listing.of_wallet(unit, customer_id=customer_id, since=period.since, until=period.until)
    start = listing.balance_at(unit, customer_id=customer_id, moment=period.since)
    end = listing.balance_at(unit, customer_id=customer_id, moment=period.until)
    first, last = day_text(period.first), day_text(period.last)
    owner = customers.card(unit, customer_id=customer_id)
    return Statement(
        locale=locale,
        first=period.first,
        last=period.last,
        title=w("papers.statement.title", first=first, last=last),
        head=(
            (w("papers.client"), f"{owner.family_name} {owner.given_name}"),
            (w("papers.wallet"), spoken(owner.phone)),
            (w("papers.currency"), w("papers.tenge")),
            (w("papers.balance_before", day=first), money(start, locale, exact=True)),
            (w("papers.balance_after", day=last), money(end, locale, exact=True)),
        ),
        totals=_totals(made, w),
        columns=(w("papers.date"), w("papers.sum"), w("papers.operation"), w("papers.details")),
        lines=_lines(made, start, names, w),
    )


def day_text(day: date) -> str:
    """A day as statements write it."""
    return f"{day:%d.%m.%Y}"


def _totals(made: list[OperationView], w: Words) -> tuple[tuple[str, str], ...]:
    sums = dict.fromkeys(_KINDS, ZERO)
    for each in made:
        sums[each.kind] = sums.get(each.kind, ZERO) + each.wallet
    return tuple(
        (_total_words(kind, w), money(sum, w.locale, exact=True, sign=True)) for kind, sum in sums.items() if sum
    )


def _total_words(kind: str, w: Words) -> str:
    return w(f"papers.total.{kind}") if kind in _KINDS else w("papers.total.other")


def _lines(made: list[OperationView], start: Money, names: Names, w: Words) -> tuple[Line, ...]:
    lines, balance = [], start
    for each in made:
        balance = balance + each.wallet
        lines.append(_line(each, balance, names, w))
    return tuple(reversed(lines))


def _line(each: OperationView, balance: Money, names: Names, w: Words) -> Line:
    at = each.occurred_at.astimezone(ALMATY)
    kind = w(f"papers.kind.{each.kind}") if each.kind in _KINDS else w("papers.kind.other")
    account = (
        "" if each.account.startswith("*") and each.counterparty == "card" else each.account.replace("*", "•• ", 1)
    )
    shown = [called.side(each, names, w), account, called.state(each, w) if each.state != "done" else ""]
    return Line(
        date=day_text(at.date()),
        amount=money(each.wallet, w.locale, exact=True, sign=True),
        kind=kind,
        details=", ".join(part for part in shown if part),
        at=at,
        sum=each.wallet,
        balance=balance,
        fee=each.fee,
        bonus=each.bonus,
        number=each.number,
    )
