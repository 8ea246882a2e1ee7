"""What lines come to as they are changed on the page; nothing of it is kept until it is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kaspi_web.domain.bills import intents
from kaspi_web.i18n.format import money
from kaspi_web.i18n.refusals import put
from kaspi_web.kernel.bill_lines import Line, charge
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid, NotFound
from kaspi_web.kernel.money import ZERO, Money, parse_amount
from kaspi_web.ui.forms import clean
from kaspi_web.ui.payments.lines import LineRow, line_rows, reading_typed, sum_typed, typed

Shown = tuple[list[LineRow], str]


def lines(unit: Unit, *, customer_id: int, intent_id: str, locale: str) -> Shown:
    """The lines of a customer's intent and what they come to; none for somebody else's."""
    try:
        found = intents.intent(unit, customer_id=customer_id, intent_id=intent_id)
    except NotFound:
        return [], ""
    rows = line_rows(unit, found, locale)
    return rows, _total(rows, locale)


def rewritten(
    unit: Unit,
    *,
    customer_id: int,
    intent_id: str,
    locale: str,
    shown: list[LineRow],
    code: str,
    changed: Mapping[str, Any],
) -> Shown:
    """The lines with one of them changed as the customer typed; what cannot be read stays and is named beside it."""
    try:
        found = intents.intent(unit, customer_id=customer_id, intent_id=intent_id)
    except NotFound:
        return [], ""
    known = {line.code: line for line in found.offer.lines}
    rows = [_changed(row, known[code], changed, locale) if row.code == code in known else row for row in shown]
    return rows, _total(rows, locale)


def _changed(row: LineRow, line: Line, changed: Mapping[str, Any], locale: str) -> LineRow:
    if "taken" in changed:
        return replace(row, taken=changed["taken"] is True)
    if "amount" in changed and not row.is_fixed:
        return _with_sum(row, line, clean(str(changed["amount"]))[:40], locale)
    if "reading" in changed:
        return _with_reading(row, line, clean(str(changed["reading"]))[:12], locale)
    return row


def _with_sum(row: LineRow, line: Line, text: str, locale: str) -> LineRow:
    try:
        sum_ = sum_typed(text, line)
    except Invalid as refusal:
        return replace(row, amount=text, error=put(refusal, locale))
    ticks = row.ticks + (not row.taken)
    return replace(row, amount=text, shown=money(sum_, locale, exact=True), taken=True, ticks=ticks, error="")


def _with_reading(row: LineRow, line: Line, text: str, locale: str) -> LineRow:
    try:
        reading = reading_typed(text, line)
    except Invalid as refusal:
        return replace(row, reading=text, reading_error=put(refusal, locale))
    sum_ = max(charge(line, reading), ZERO)
    # Another number of the row is another field on the page, which then shows the new sum.
    return replace(
        row,
        reading=text,
        amount=typed(sum_, locale),
        shown=money(sum_, locale, exact=True),
        taken=sum_ > ZERO,
        ticks=row.ticks + (row.taken is not (sum_ > ZERO)),
        version=row.version + 1,
        error="",
        reading_error="",
    )


def _total(rows: list[LineRow], locale: str) -> str:
    return money(sum((_sum(row) for row in rows if row.taken), ZERO), locale, exact=True) if rows else ""


def _sum(row: LineRow) -> Money:
    try:
        return parse_amount(row.amount)
    except Invalid:
        return ZERO


def with_errors(shown: list[LineRow], errors: Mapping[str, str]) -> list[LineRow]:
    """The lines with what is wrong named beside each."""
    return [
        replace(
            row,
            error=str(errors.get(f"pay-{row.code}", "")),
            reading_error=str(errors.get(f"reading-{row.code}", "")),
        )
        for row in shown
    ]
