"""What a biller offers to be paid, and what of it the customer chose: lines of a bill, a tariff of a menu, fines."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlmodel import select

from kaspi_web.domain.bills.models import Holiday
from kaspi_web.kernel.bill_lines import (
    Choice,
    Debt,
    Line,
    charge,
    due_on,
    lines_from_json,
    lines_to_json,
    menu_from_json,
    menu_to_json,
)
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid
from kaspi_web.kernel.money import ZERO, Money

NOTHING = "{}"


class NothingChosen(Invalid):
    """Every line was dropped, or no tariff was picked."""

    code, field = "nothing_chosen", "lines"


class ChoiceUnknown(Invalid):
    """A line or tariff that the biller did not offer."""

    code, field = "choice_unknown", "lines"


class LineIsFixed(Invalid):
    """A fine is paid as a whole: its sum cannot be changed."""

    code, field = "line_is_fixed", "lines"


@dataclass(frozen=True, slots=True)
class Offer:
    """The lines and the menu of a biller's answer; both are empty for a bill of one sum."""

    lines: tuple[Line, ...] = ()
    menu: tuple[Choice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.lines or self.menu)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be paid: a tariff of the menu, or sums by the codes of lines, with the customer's own readings."""

    service: str = ""
    lines: Mapping[str, Money] = field(default_factory=dict)
    readings: Mapping[str, int] = field(default_factory=dict)

    @property
    def words(self) -> dict[str, str]:
        """What the biller is told beside the account and the sum."""
        said = {
            "service_id": self.service,
            "lines": ";".join(f"{code}:{sum.wire}" for code, sum in sorted(self.lines.items())),
            "readings": ";".join(f"{code}:{reading}" for code, reading in sorted(self.readings.items())),
        }
        return {name: text for name, text in said.items() if text}


def written(debt: Debt) -> str:
    """The offer of an answer as text for a column."""
    if not debt.lines and not debt.menu:
        return NOTHING
    return json.dumps({"lines": lines_to_json(debt.lines), "menu": menu_to_json(debt.menu)})


def read(text: str) -> Offer:
    """What `written` wrote."""
    if text == NOTHING:
        return Offer()
    given = json.loads(text)
    return Offer(lines_from_json(given["lines"]), menu_from_json(given["menu"]))


def chosen_text(chosen: Chosen) -> str:
    """What was chosen as text for a column."""
    if chosen == Chosen():
        return NOTHING
    lines = {code: sum.tiyn for code, sum in chosen.lines.items()}
    return json.dumps({"service": chosen.service, "lines": lines, "readings": dict(chosen.readings)})


def chosen_of(text: str) -> Chosen:
    """What `chosen_text` wrote."""
    if text == NOTHING:
        return Chosen()
    given = json.loads(text)
    lines = {code: Money(tiyn) for code, tiyn in given["lines"].items()}
    return Chosen(given["service"], lines, given["readings"])


def holidays(unit: Unit) -> frozenset[date]:
    """The days that are no working days, beside weekends."""
    return frozenset(row.day for row in unit.exec(select(Holiday)))


def total(offer: Offer, chosen: Chosen, amount: Money | None, *, day: date, off: Collection[date]) -> Money | None:
    """The sum that was chosen, exact to the tiyn; `amount` is what was typed where the offer leaves the sum open.

    Raises NothingChosen, ChoiceUnknown, LineIsFixed, ReadingBelowPrevious or ReadingTooHigh.
    """
    known = {line.code: line for line in offer.lines}
    if not chosen.lines.keys() <= known.keys() or not chosen.readings.keys() <= chosen.lines.keys():
        raise ChoiceUnknown
    if offer.menu:
        return _of_menu(offer, chosen, amount)
    if chosen.service:
        raise ChoiceUnknown
    if not offer.lines:
        return amount
    if not any(chosen.lines.values()):
        raise NothingChosen
    for code, reading in chosen.readings.items():
        charge(known[code], reading)
    for code, sum_ in chosen.lines.items():
        _check_line(known[code], sum_, day, off)
    return sum(chosen.lines.values(), ZERO)


def _check_line(line: Line, sum_: Money, day: date, off: Collection[date]) -> None:
    if sum_ <= ZERO:
        raise NothingChosen
    if line.delivered_on is not None and sum_ != due_on(line, day, off):
        raise LineIsFixed


def _of_menu(offer: Offer, chosen: Chosen, amount: Money | None) -> Money | None:
    if not chosen.service:
        raise NothingChosen
    picked = next((each for each in offer.menu if each.id == chosen.service), None)
    if picked is None:
        raise ChoiceUnknown
    return amount if picked.amount is None else picked.amount
