"""The lines of a bill and the tariffs of a menu as rows to fill in, and back from what was typed to what is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kaspi_web.domain.bills import offers
from kaspi_web.domain.bills.intents import IntentView
from kaspi_web.domain.bills.offers import Chosen, Offer
from kaspi_web.i18n import words
from kaspi_web.i18n.format import long_day, money, number
from kaspi_web.kernel.bill_lines import Line, charge, due_on
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid
from kaspi_web.kernel.money import ZERO, Money, parse_amount
from kaspi_web.kernel.workdays import discount_until
from kaspi_web.ui import forms


class BadReading(Invalid):
    """A meter's reading is a whole number."""

    code, field = "reading_unreadable", "reading"


@dataclass
class LineRow:
    """One line of a bill: what it says, and what of it is to be paid; a fixed one is taken whole or dropped."""

    code: str
    name: str
    facts: list[str]
    meter: str
    reading: str
    amount: str
    shown: str
    taken: bool
    is_fixed: bool
    version: int = 0
    """Grows when the sum is worked out anew: then the field shows it."""
    ticks: int = 0
    """Grows when the line is taken without its tick being touched: then the tick shows it."""
    error: str = ""
    reading_error: str = ""


@dataclass
class Tariff:
    """One choice of a biller's menu."""

    id: str
    name: str
    amount: str
    checked: bool


def line_rows(unit: Unit, found: IntentView, locale: str) -> list[LineRow]:
    """The lines of an intent, as they were chosen last or as the biller proposes them."""
    if not found.offer.lines:
        return []
    day, off = unit.clock.today(), offers.holidays(unit)
    return [_row(line, found.chosen, locale, day, off) for line in found.offer.lines]


def _row(line: Line, chosen: Chosen, locale: str, day: date, off: frozenset[date]) -> LineRow:
    costs = due_on(line, day, off)
    sum_ = chosen.lines.get(line.code, ZERO) if chosen.lines else costs
    reading = chosen.readings.get(line.code, line.last)
    w, is_fixed = words(locale), line.delivered_on is not None
    meter = ""
    if line.previous is not None:
        meter = w("payments.line.previous", reading=number(line.previous, locale), unit=line.unit)
    return LineRow(
        line.code,
        line.names[locale],
        _facts(line, costs, locale, off),
        meter,
        str(reading) if line.previous is not None and reading is not None else "",
        typed(sum_, locale) if sum_ > ZERO else "",
        money(sum_, locale, exact=True),
        sum_ > ZERO,
        is_fixed,
    )


def _facts(line: Line, costs: Money, locale: str, off: frozenset[date]) -> list[str]:
    w, said = words(locale), []
    if line.tiers:
        said.append(w("payments.line.tariff", tiers=_tiers(line, locale)))
    for name, sum_ in (("fixed", line.fixed), ("debt", line.debt), ("penalty", line.penalty)):
        if sum_:
            said.append(w(f"payments.line.{name}", sum=money(sum_, locale, exact=True)))
    if line.delivered_on is not None:
        until = discount_until(line.delivered_on, off)
        said.append(w("payments.line.delivered", day=long_day(line.delivered_on, locale)))
        if costs != line.pay:
            whole = money(line.pay, locale, exact=True)
            last = long_day(until, locale)
            said.append(w("payments.line.discount", percent=line.discount_percent, until=last, whole=whole))
    return said


def _tiers(line: Line, locale: str) -> str:
    w, parts = words(locale), []
    for tier in line.tiers:
        price = money(tier.price, locale, exact=True)
        ends = tier.up_to is not None and len(line.tiers) > 1
        parts.append(w("payments.line.tier", price=price, up_to=number(tier.up_to or 0, locale)) if ends else price)
    return ", ".join(parts) + (f" / {line.unit}" if line.unit else "")


def tariffs(found: IntentView, locale: str) -> list[Tariff]:
    """The menu of an intent, the chosen tariff or the first one picked."""
    picked = found.chosen.service or (found.offer.menu[0].id if found.offer.menu else "")
    return [
        Tariff(
            each.id,
            each.names[locale],
            money(each.amount, locale) if each.amount else words(locale)("payments.tariff.open"),
            each.id == picked,
        )
        for each in found.offer.menu
    ]


def typed(amount: Money, locale: str) -> str:
    """A sum as one types it here: `20000` or `4812,40`."""
    whole, _, tiyn = amount.wire.partition(".")
    mark = "." if locale == "en" else ","
    return whole if tiyn == "00" else f"{whole}{mark}{tiyn}"


def chosen_in(form: Mapping[str, Any], offer: Offer) -> Chosen:
    """What was chosen in the form of an offer; refusals name the line's field, `pay-{code}` or `reading-{code}`."""
    sums, readings = {}, {}
    for line in offer.lines:
        if not is_ticked(form, f"take-{line.code}"):
            continue
        sums[line.code] = sum_typed(forms.text(form, f"pay-{line.code}", most=40), line)
        reading = reading_typed(forms.text(form, f"reading-{line.code}", most=12), line)
        if reading is not None and reading != line.last:
            readings[line.code] = reading
    return Chosen(forms.text(form, "tariff", most=40) if offer.menu else "", sums, readings)


def is_ticked(form: Mapping[str, Any], name: str) -> bool:
    """Whether a box of the form is ticked."""
    return form.get(name) in (True, "on", "true")


def sum_typed(text: str, line: Line) -> Money:
    """The sum of a line; raises BadAmount or its kin for the field of this line."""
    return _at(f"pay-{line.code}", parse_amount, text)


def reading_typed(text: str, line: Line) -> int | None:
    """The reading of a line's meter, None for an empty field; raises BadReading, or what charge() refuses."""
    text = text.replace("\u00a0", "").replace(" ", "")
    if line.previous is None or not text:
        return None
    return _at(f"reading-{line.code}", _reading, text, line)


def _reading(text: str, line: Line) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadReading
    charge(line, int(text))
    return int(text)


def _at(field: str, read: Any, *given: Any) -> Any:
    try:
        return read(*given)
    except Invalid as refusal:
        refusal.field = field
        raise
