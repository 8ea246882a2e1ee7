"""The parts of a payment: sums by lines, own readings, a tariff of the menu, and further fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kaspi_web.kernel.bill_lines import Line, charge
from kaspi_web.kernel.errors import Invalid
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.osmp import Pay, Result
from kaspi_web.simulators.biller.accounts import Biller
from kaspi_web.simulators.biller.bills import Credited, spread
from kaspi_web.simulators.biller.book import Row

_READING = re.compile(r"[0-9]{1,10}", re.ASCII)


class BadParts(Exception):
    """Parts that cannot be read."""


def refusal_of_parts(biller: Biller, pay: Pay, lines: Sequence[Line]) -> Result | None:
    """Why the parts of this payment cannot be taken."""
    if any(not pay.extra.get(name, "").strip() for name in biller.required):
        return Result.FORBIDDEN
    if biller.tariffs and not _is_offered(biller, pay):
        return Result.FORBIDDEN
    try:
        shares, readings = sums_in(pay.extra.get("lines", "")), readings_in(pay.extra.get("readings", ""))
    except BadParts:
        return Result.FORBIDDEN
    known = {line.code: line for line in lines}
    if biller.debts_are_lines and not known:
        return Result.FORBIDDEN
    return None if _fit(pay, shares, known) and _can_be(readings, known) else Result.FORBIDDEN


def _is_offered(biller: Biller, pay: Pay) -> bool:
    chosen = next((each for each in biller.tariffs if each.id == pay.extra.get("service_id")), None)
    return chosen is not None and chosen.amount in (None, pay.sum)


def _fit(pay: Pay, shares: dict[str, Money], known: dict[str, Line]) -> bool:
    return not shares or (shares.keys() <= known.keys() and sum(shares.values(), ZERO) == pay.sum)


def _can_be(readings: dict[str, int], known: dict[str, Line]) -> bool:
    try:
        for code, now in readings.items():
            charge(known[code], now)
    except (KeyError, Invalid):
        return False
    return all(known[code].previous is not None for code in readings)


def sums_in(text: str) -> dict[str, Money]:
    """The sums in `code:200.00;code:10.50`; raises BadParts."""
    try:
        found = {code: Money.from_wire(amount) for code, amount in _pairs(text)}
    except ValueError:
        raise BadParts from None
    if not all(found.values()):
        raise BadParts
    return found


def readings_in(text: str) -> dict[str, int]:
    """The readings in `code:1234;code:56`; raises BadParts."""
    pairs = _pairs(text)
    if not all(_READING.fullmatch(number) for _, number in pairs):
        raise BadParts
    return {code: int(number) for code, number in pairs}


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = [tuple(part.split(":")) for part in text.split(";") if part]
    if any(len(pair) != 2 for pair in pairs) or len({pair[0] for pair in pairs}) < len(pairs):
        raise BadParts
    return [(pair[0], pair[1]) for pair in pairs]


def with_lines(pay: Pay, lines: Sequence[Line]) -> dict[str, str]:
    """What the book keeps of a payment beside its sum: always with lines, where the biller's debts are lines."""
    if pay.extra.get("lines") or not lines:
        return dict(pay.extra)
    shares = spread(pay.sum, lines)
    return dict(pay.extra) | {"lines": ";".join(f"{code}:{share.wire}" for code, share in shares.items())}


def credited(rows: Iterable[Row]) -> Credited:
    """What these payments paid and told, line by line; what was cancelled is taken off the last lines first."""
    sums: dict[str, Money] = {}
    readings: dict[str, int] = {}
    for row in rows:
        left = row.sum - row.cancelled
        for code, share in sums_in(row.extra.get("lines", "")).items():
            part = min(share, left)
            sums[code], left = sums.get(code, ZERO) + part, left - part
        if row.cancelled < row.sum:
            readings |= readings_in(row.extra.get("readings", ""))
    return Credited(sums, readings)
