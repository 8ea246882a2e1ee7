"""Statements as CSV that spreadsheets of this country open by a double click: a semicolon, UTF-8 with its mark.

Nothing in a cell is a formula, whoever named the payee: a text that begins like one is preceded by an apostrophe.
"""

from __future__ import annotations

import csv
import io

from kaspi_web.i18n import Words
from kaspi_web.kernel.money import Money
from kaspi_web.papers.statements import Line, Statement

_BOM = "\ufeff"
_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\u2212")


def csv_of(made: Statement, w: Words) -> bytes:
    """The rows of a statement, newest first, under the words for what they hold."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_head(w))
    writer.writerows(_row(line, made.locale) for line in made.lines)
    return (_BOM + out.getvalue()).encode()


def _head(w: Words) -> tuple[str, ...]:
    sums = (w("papers.sum"), w("papers.balance"), w("papers.fee"), w("papers.bonus"))
    return (w("papers.date"), w("papers.time"), *sums, w("papers.operation"), w("papers.details"), w("papers.number"))


def _row(line: Line, locale: str) -> tuple[str, ...]:
    sums = (_figures(each, locale) for each in (line.sum, line.balance, line.fee, line.bonus))
    return (line.date, f"{line.at:%H:%M}", *sums, plain(line.kind), plain(line.details), line.number)


def _figures(amount: Money, locale: str) -> str:
    return amount.wire if locale == "en" else amount.wire.replace(".", ",")


def plain(text: str) -> str:
    """The text as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_LIKE_A_FORMULA) else text
