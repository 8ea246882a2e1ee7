"""What a biller says of an account: its owner, what is owed, and the lines that a bill is made of.

A line of a utility bill has meter readings and a tariff by tiers; a fine is a line with a discount; a tax is a
line under its budget code. Every sum is a whole number of tiyn, also a tariff.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kaspi_web.kernel.errors import Invalid
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.workdays import discount_until

MAX_USED = 100_000
"""Units that one bill may charge for; more is a slip of the finger."""


class ReadingBelowPrevious(Invalid):
    """The meter is said to have run back; `previous` is the reading of the last bill."""

    code, field = "reading_below_previous", "reading"


class ReadingTooHigh(Invalid):
    """More was used than anybody uses in a month; `previous` is the reading of the last bill."""

    code, field = "reading_too_high", "reading"


@dataclass(frozen=True, slots=True)
class Tier:
    """A price of one unit, for units up to and with `up_to`; None for all that are left."""

    up_to: int | None
    price: Money


@dataclass(frozen=True, slots=True)
class Line:
    """One service on a bill; `names` by language, `pay` is what the biller proposes to pay.

    A line without `previous` has no meter. `debt` is below zero when paid in advance; `fixed` is charged whatever
    the meter says. A fine has the day it was `delivered_on`, from which its discount is counted.
    """

    code: str
    names: Mapping[str, str]
    unit: str = ""
    previous: int | None = None
    last: int | None = None
    tiers: tuple[Tier, ...] = ()
    debt: Money = ZERO
    penalty: Money = ZERO
    fixed: Money = ZERO
    pay: Money = ZERO
    issued_on: date | None = None
    delivered_on: date | None = None
    discount_percent: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One tariff of a menu; `amount` is None when the payer chooses the sum."""

    id: str
    names: Mapping[str, str]
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Debt:
    """What a biller says of an account; `amount` is None when it does not say, below zero for paid in advance."""

    owner_name: str = ""
    address: str = ""
    amount: Money | None = None
    lines: tuple[Line, ...] = field(default=())
    menu: tuple[Choice, ...] = field(default=())


def charge(line: Line, reading: int | None = None) -> Money:
    """What the line comes to with the meter at `reading` (as the biller read it, if None), to the tiyn.

    Below zero when more was paid in advance than was used. Raises ReadingBelowPrevious and ReadingTooHigh.
    """
    return _metered(line.tiers, used(line, reading)) + line.fixed + line.debt + line.penalty


def used(line: Line, reading: int | None = None) -> int:
    """Units since the last bill; none without a meter. Raises ReadingBelowPrevious and ReadingTooHigh."""
    now = line.last if reading is None else reading
    if line.previous is None or now is None:
        return 0
    if now < line.previous:
        raise ReadingBelowPrevious(previous=line.previous)
    if now - line.previous > MAX_USED:
        raise ReadingTooHigh(previous=line.previous)
    return now - line.previous


def _metered(tiers: tuple[Tier, ...], units: int) -> Money:
    total, below = 0, 0
    for number, tier in enumerate(tiers, start=1):
        # The last price has no end, whether the biller wrote one or not.
        top = units if tier.up_to is None or number == len(tiers) else min(units, tier.up_to)
        total += max(top - below, 0) * tier.price.tiyn
        below = max(top, below)
    return Money(total)


def due_on(line: Line, day: date, holidays: Collection[date]) -> Money:
    """What the line costs on `day`: less the discount while it lasts. A part of a tiyn counts for the payer."""
    if not line.discount_percent or line.delivered_on is None or day > discount_until(line.delivered_on, holidays):
        return line.pay
    return line.pay.share((100 - line.discount_percent) * 100)


def to_json(debt: Debt) -> str:
    """The whole answer as text for a column."""
    return _text(
        {
            "owner_name": debt.owner_name,
            "address": debt.address,
            "amount": None if debt.amount is None else debt.amount.tiyn,
            "lines": [_plain(line) for line in debt.lines],
            "menu": [_plain(choice) for choice in debt.menu],
        }
    )


def from_json(text: str) -> Debt:
    """What `to_json` wrote."""
    given = json.loads(text)
    lines, menu = tuple(map(_line, given["lines"])), tuple(map(_choice, given["menu"]))
    return Debt(given["owner_name"], given["address"], _money(given["amount"]), lines, menu)


def lines_to_json(lines: Iterable[Line]) -> str:
    """Lines as text for a column."""
    return _text([_plain(line) for line in lines])


def lines_from_json(text: str) -> tuple[Line, ...]:
    """What `lines_to_json` wrote; nothing for an empty text."""
    return tuple(map(_line, json.loads(text or "[]")))


def menu_to_json(menu: Iterable[Choice]) -> str:
    """A menu as text for a column."""
    return _text([_plain(choice) for choice in menu])


def menu_from_json(text: str) -> tuple[Choice, ...]:
    """What `menu_to_json` wrote; nothing for an empty text."""
    return tuple(map(_choice, json.loads(text or "[]")))


def _text(plain: Any) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=_written)


def _written(value: Any) -> Any:
    assert isinstance(value, date), "nothing else is written here"
    return value.isoformat()


def _plain(each: Line | Choice) -> dict[str, Any]:
    # asdict turns Money into {"tiyn": n}; here a sum is its number.
    plain = asdict(each) | {"names": dict(each.names)}
    if isinstance(each, Line):
        plain["tiers"] = [[tier.up_to, tier.price.tiyn] for tier in each.tiers]
    return {
        name: value["tiyn"] if isinstance(value, dict) and "tiyn" in value else value for name, value in plain.items()
    }


_SUMS = ("debt", "penalty", "fixed", "pay")
_DAYS = ("issued_on", "delivered_on")


def _line(given: dict[str, Any]) -> Line:
    tiers = tuple(Tier(up_to, Money(price)) for up_to, price in given["tiers"])
    sums = {name: Money(given[name]) for name in _SUMS}
    days = {name: date.fromisoformat(given[name]) if given[name] else None for name in _DAYS}
    read: dict[str, Any] = given | {"tiers": tiers} | sums | days
    return Line(**read)


def _choice(given: dict[str, Any]) -> Choice:
    return Choice(given["id"], given["names"], _money(given["amount"]))


def _money(tiyn: int | None) -> Money | None:
    return None if tiyn is None else Money(tiyn)
