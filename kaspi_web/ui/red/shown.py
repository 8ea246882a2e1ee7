"""What the page of RED holds: its rules in numbers and words, and what a member has and owes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kaspi_web.domain.identity import service as identity
from kaspi_web.domain.loans import red
from kaspi_web.domain.loans.red_views import BillView, RedRules, RedView, red_rules
from kaspi_web.domain.loans.red_views import red as red_of
from kaspi_web.domain.loans.terms import lines_of
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import money, short_day
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.plan_tiles import Tile, tiles

_SHOWN_PLANS = ("active", "reserved")


@dataclass
class Rule:
    """A rule by its name and in words."""

    name: str
    text: str


@dataclass
class Rules:
    """RED in three lines, and its rules one by one."""

    lines: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    version: str = ""
    """Of the consent whose text the page shows."""
    version_words: str = ""


@dataclass
class Bill:
    """A bill by its day; `state` is paid, late, next or coming."""

    day: str
    sum: str
    note: str
    state: str


@dataclass
class Club:
    """A member's limit, bills and purchases; `used_part` and `kept_part` are percents of the limit."""

    limit: str = ""
    free: str = ""
    used: str = ""
    kept: str = ""
    used_part: int = 0
    kept_part: int = 0
    why: str = ""
    approved: str = ""
    late: list[str] = field(default_factory=list)
    next_sum: str = ""
    next_day: str = ""
    nothing: str = ""
    bills: list[Bill] = field(default_factory=list)
    plans: list[Tile] = field(default_factory=list)


@dataclass
class Seen:
    """The page of RED, read in one go; `club` is None for those who have not joined."""

    rules: Rules
    club: Club | None
    needs_iin: bool


def seen(unit: Unit, *, customer_id: int, locale: str) -> Seen:
    """Everything the page shows; raises LoanRulesMissing."""
    w, view = words(locale), red_of(unit, customer_id=customer_id)
    needs_iin = view is None and identity.of(unit, customer_id=customer_id) is None
    of = view.rules if view else red_rules(unit)
    return Seen(_rules(of, unit.clock.today(), w), _club(unit, customer_id, view, w) if view else None, needs_iin)


def _rules(of: RedRules, today: date, w: Words) -> Rules:
    first, highest = money(of.first_limit, w.locale), money(of.highest_limit, w.locale)
    lines = [
        w.count("plans.red.split", of.months),
        w("plans.red.free"),
        w("plans.red.limits", first=first, highest=highest),
    ]
    fine = money(of.fine, w.locale)
    rules = [
        ("sum", w("plans.red.rule.sum.text", minimum=money(of.minimum, w.locale))),
        ("free", w("plans.red.rule.free.text", zero=money(ZERO, w.locale))),
        ("bill", w("plans.red.rule.bill.text", day=of.bill_day)),
        ("when", w("plans.red.rule.when.text", days=_days(of, today, w.locale))),
        ("remind", w.count("plans.red.rule.remind.text", of.remind_days)),
        ("late", w("plans.red.rule.late.text", day=of.fine_days, fine=fine)),
        ("order", w("plans.red.rule.order.text")),
        ("early", w("plans.red.rule.early.text")),
    ]
    version = w("plans.red.consent.full", version=red.CONSENT)
    return Rules(lines, [Rule(w(f"plans.red.rule.{name}"), text) for name, text in rules], red.CONSENT, version)


def _days(of: RedRules, today: date, locale: str) -> str:
    """The days on which a purchase that is received today would be paid."""
    lines = lines_of("red", of.minimum, of.months, 0, today, of.bill_day)
    return ", ".join(short_day(line.due_on, today, locale) for line in lines)


def _club(unit: Unit, customer_id: int, view: RedView, w: Words) -> Club:
    of, today, locale = view.member, unit.clock.today(), w.locale
    plans = [each for each in view.plans if each.state in _SHOWN_PLANS]
    nearest = next((each for each in view.bills if each.state == "next"), None)
    because = of.because if of.because in ("regular", "trusted") else "everyone"
    return Club(
        limit=money(of.limit, locale),
        free=money(of.free, locale),
        used=money(of.used, locale),
        kept=money(of.reserved, locale),
        used_part=_part(of.used, of.limit),
        kept_part=_part(of.reserved, of.limit),
        why=w(f"plans.red.because.{because}"),
        approved=w("plans.red.approved", limit=money(of.limit, locale)),
        late=_late(view, today, w),
        next_sum=money(nearest.left, locale) if nearest else "",
        next_day=w("plans.red.until", day=short_day(nearest.due_on, today, locale)) if nearest else "",
        nothing=w("plans.red.all_paid" if view.bills else "plans.red.no_bills"),
        bills=[_bill(each, today, w) for each in view.bills],
        plans=tiles(unit, plans, customer_id=customer_id, w=w),
    )


def _part(amount: Money, of: Money) -> int:
    """A percent, at least one of what is there at all."""
    return max(amount.tiyn * 100 // of.tiyn, 1) if amount else 0


def _late(view: RedView, today: date, w: Words) -> list[str]:
    """What is overdue, each bill by itself, and what its fine is or will be."""
    said = []
    for each in view.bills:
        if each.state != "late":
            continue
        day, fine = short_day(each.due_on, today, w.locale), money(each.fine_left, w.locale)
        if each.left:
            said.append(w("plans.red.late", day=day, sum=money(each.left, w.locale)) + ".")
        if each.fine_left:
            said.append(w("plans.late.fine", fine=fine))
        elif (today - each.due_on).days < view.rules.fine_days:
            said.append(w("plans.late.no_fine", fine=money(view.rules.fine, w.locale)))
    return said


def _bill(each: BillView, today: date, w: Words) -> Bill:
    is_paid = each.state == "paid"
    words_for = w(f"plans.row.state.{each.state}")
    notes = [words_for]
    if not is_paid and each.left != each.sum and each.left:
        notes.append(w("plans.row.left", sum=money(each.left, w.locale)))
    if each.fine_left:
        notes.append(w("plans.red.bill.fine", fine=money(each.fine_left, w.locale)))
    asked = each.sum if is_paid else each.sum + each.fine
    return Bill(short_day(each.due_on, today, w.locale), money(asked, w.locale), " · ".join(notes), each.state)
