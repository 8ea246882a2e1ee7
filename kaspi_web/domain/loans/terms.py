"""Terms: what plans are offered for a sum today, and the schedule that a plan would have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from kaspi_web.domain.loans import rules
from kaspi_web.domain.loans.models import LoanTerm
from kaspi_web.kernel import annuity, schedules
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Refused
from kaspi_web.kernel.gesv import gesv
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.schedules import Line


class TermNotOffered(Refused):
    """There is no such plan for this sum."""

    code = "term_not_offered"


class TermNeedsMore(TermNotOffered):
    """The plan is for sums from `minimum` on; every order is a plan of its own."""

    code = "term_needs_more"


class GesvAboveCap(TermNotOffered):
    """The yearly effective rate would be above what the law allows."""

    code = "gesv_above_cap"


@dataclass(frozen=True, slots=True)
class TermView:
    """A plan that may be had for a sum: its usual payment, what is paid in all, and the rates in basis points."""

    kind: str
    months: int
    payment: Money
    total: Money
    rate: int
    gesv: int


def terms(unit: Unit, amount: Money) -> list[TermView]:
    """Every plan on offer for a sum: RED, then instalments, then credit, the shorter first."""
    today = unit.clock.today()
    found = [row for row in _in_force(unit, today) if row.minimum_tiyn <= amount.tiyn <= row.maximum_tiyn]
    if not found:
        return []
    bill_day, cap = rules.number(unit, "red_bill_day"), rules.number(unit, "gesv_cap_basis_points")
    views = [_view(row, amount, today, bill_day) for row in found]
    return [each for each in views if each.gesv <= cap]


_ORDER = ("red", "instalment", "credit")


def on_offer(unit: Unit) -> list[tuple[str, int]]:
    """Kind and months of every plan there is today, whatever sum it may be had for."""
    return [(row.kind, row.months) for row in _in_force(unit, unit.clock.today())]


def _in_force(unit: Unit, today: date) -> list[LoanTerm]:
    rows = unit.exec(select(LoanTerm).where(LoanTerm.valid_from <= today).order_by(col(LoanTerm.valid_from)))
    newest = {(row.kind, row.months): row for row in rows}
    offered = [row for row in newest.values() if not row.withdrawn]
    return sorted(offered, key=lambda row: (_ORDER.index(row.kind), row.months))


def _view(row: LoanTerm, amount: Money, today: date, bill_day: int) -> TermView:
    lines = lines_of(row.kind, amount, row.months, row.rate_basis_points, today, bill_day)
    total = sum((line.payment for line in lines), ZERO)
    return TermView(row.kind, row.months, lines[0].payment, total, row.rate_basis_points, gesv_of(amount, today, lines))


def lines_of(kind: str, amount: Money, months: int, rate: int, opened_on: date, bill_day: int) -> list[Line]:
    """The schedule of a plan that is opened on a day; RED's payments fall on its bill's day."""
    if kind == "credit":
        return schedules.lines(opened_on, annuity.parts(amount, rate, months))
    parts = [(payment, ZERO) for payment in schedules.equal(amount, months)]
    return schedules.lines(opened_on, parts, on=bill_day if kind == "red" else None)


def gesv_of(amount: Money, opened_on: date, lines: list[Line]) -> int:
    """The yearly effective rate of a schedule, in basis points."""
    return gesv(amount, opened_on, [(line.due_on, line.payment) for line in lines])


def check_cap(unit: Unit, effective: int) -> None:
    """Raises GesvAboveCap for a yearly effective rate above what the law allows today."""
    if effective > rules.number(unit, "gesv_cap_basis_points"):
        raise GesvAboveCap


def term_for(unit: Unit, *, kind: str, months: int, amount: Money) -> LoanTerm:
    """The term of a plan for a sum; raises TermNotOffered or TermNeedsMore."""
    in_force = _in_force(unit, unit.clock.today())
    found = next((row for row in in_force if (row.kind, row.months) == (kind, months)), None)
    if found is None or amount.tiyn > found.maximum_tiyn:
        raise TermNotOffered
    if amount.tiyn < found.minimum_tiyn:
        raise TermNeedsMore(minimum=Money(found.minimum_tiyn))
    return found
