"""What an account's bill is made of: meters of a flat, fines of a car, taxes of a person, less what was paid.

Everything is drawn from the number of the account, so that it is the same on every start. Days are counted from
today: a fine that was delivered the day before yesterday always was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from kaspi_web.kernel.bill_lines import Line, charge
from kaspi_web.kernel.bill_lines import used as units_used
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.simulators.biller.accounts import Account, Biller, FineSpec, LineSpec

_BASE = Money.tenge(4_325)
"""The monthly index of 2026, which fines are counted in."""
_OFFENCES = (
    ({"kk": "Жылдамдықты асыру", "ru": "Превышение скорости", "en": "Speeding"}, 10),
    ({"kk": "Тоқтау ережелерін бұзу", "ru": "Нарушение правил остановки", "en": "Stopping where it is forbidden"}, 5),
    ({"kk": "Қауіпсіздік белдігін тақпау", "ru": "Непристёгнутый ремень", "en": "No seat belt"}, 3),
)
_TAXES = {"104102": (300_000, 6_000_000), "104302": (50_000, 900_000), "104402": (450_000, 9_000_000)}


@dataclass(frozen=True, slots=True)
class Credited:
    """What came for an account so far: sums by the codes of lines, and readings that payers told."""

    lines: Mapping[str, Money] = field(default_factory=dict)
    readings: Mapping[str, int] = field(default_factory=dict)


def lines_of(biller: Biller, account: Account, way: str, credited: Credited, today: date) -> tuple[Line, ...]:
    """The lines that are left to pay on `today`; a bill shows all of its lines, others what is owed."""
    if biller.kind == "bill":
        return tuple(_less(line, credited) for line in _meters(biller, account, today))
    rows = _fines(biller, account, way, today) if biller.kind == "fines" else _taxes(biller, account, today)
    left = (_left(line, credited) for line in rows)
    return tuple(line for line in left if line.pay)


def _meters(biller: Biller, account: Account, today: date) -> Iterator[Line]:
    owes, used = account.owed is None or account.owed > ZERO, {}
    for number, spec in enumerate(biller.lines):
        dice = Random(f"{biller.code}:{account.number}:{spec.code}")
        line = _idle(spec, dice, today)
        if owes:
            line = _charged(line, spec, dice, sum(used.get(code, 0) for code in spec.sums))
            used[spec.code] = units_used(line)
        ahead = account.owed if not owes and not number else None
        yield replace(line, debt=ahead) if ahead else line


def _charged(line: Line, spec: LineSpec, dice: Random, summed: int) -> Line:
    debt = Money(dice.randint(20_000, 900_000)) if dice.random() < 0.25 else ZERO
    line = replace(line, fixed=spec.fixed, debt=debt, penalty=debt.share(140))
    if line.previous is None:
        return line
    return replace(line, last=line.previous + (summed if spec.sums else dice.randint(*spec.usual)))


def _idle(spec: LineSpec, dice: Random, today: date) -> Line:
    previous = dice.randint(500, 20_000) if spec.tiers else None
    issued = today.replace(day=1)
    return Line(spec.code, spec.names, spec.unit, previous, previous, spec.tiers, issued_on=issued)


def _less(line: Line, credited: Credited) -> Line:
    """The line after what was paid: it is taken off the debt, which may go below zero."""
    last = credited.readings.get(line.code, line.last) if line.previous is not None else None
    line = replace(line, last=last, debt=line.debt - credited.lines.get(line.code, ZERO))
    return replace(line, pay=max(charge(line), ZERO))


def _left(line: Line, credited: Credited) -> Line:
    """The line after what was paid; a fine that was paid at its discount is settled."""
    paid = credited.lines.get(line.code, ZERO)
    if line.discount_percent and paid >= line.pay.share((100 - line.discount_percent) * 100):
        return replace(line, pay=ZERO)
    return replace(line, pay=max(line.pay - paid, ZERO), debt=line.debt - paid)


def _fines(biller: Biller, account: Account, way: str, today: date) -> Iterator[Line]:
    own = [each for each in biller.fines if account.number in (each.plate, each.notice)]
    if own:
        listed = [each for each in own if way == "plate" or each.notice == account.number]
        yield from (_fine(each, today) for each in listed)
        return
    dice, number = Random(f"{biller.code}:{account.number}"), account.number
    for nth in range(1 if way == "notice" else dice.randint(1, 2)):
        names, times = dice.choice(_OFFENCES)
        days_ago = dice.randint(1, 4) if not nth else dice.randint(16, 25)
        notice = number if way == "notice" else _digits(f"{number}:{nth}")
        yield _fine(FineSpec("", notice, Money(_BASE.tiyn * times), days_ago, names), today)


def _fine(each: FineSpec, today: date) -> Line:
    delivered = today - timedelta(days=each.days_ago)
    issued = delivered - timedelta(days=3)
    return Line(
        f"n{each.notice}", each.names, fixed=each.sum, pay=each.sum, issued_on=issued, delivered_on=delivered,
        discount_percent=50,
    )  # fmt: skip


def _digits(text: str) -> str:
    """Thirteen digits that stand for `text` and tell nothing of it."""
    return f"26{int(sha256(text.encode()).hexdigest(), 16) % 10**11:011d}"


def _taxes(biller: Biller, account: Account, today: date) -> Iterator[Line]:
    for spec in biller.lines:
        # The same tax has the same sum, whichever service it is paid through.
        dice = Random(f"{account.number}:{spec.code}")
        amount = Money(dice.randint(*_TAXES.get(spec.code, (100_000, 1_000_000))))
        penalty = amount.share(90) if dice.random() < 0.3 else ZERO
        issued = today.replace(month=1, day=1)
        yield Line(spec.code, spec.names, fixed=amount, penalty=penalty, pay=amount + penalty, issued_on=issued)


def spread(amount: Money, lines: Iterable[Line]) -> dict[str, Money]:
    """A sum that came without lines, put onto them in their order; what is left over goes onto the first."""
    rows, shares = list(lines), {}
    for line in rows:
        part = min(amount, line.pay)
        if part:
            shares[line.code] = part
        amount -= part
    if amount and rows:
        shares[rows[0].code] = shares.get(rows[0].code, ZERO) + amount
    return shares
