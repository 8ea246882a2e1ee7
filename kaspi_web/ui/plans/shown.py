"""What the pages of plans hold: the list in its groups, and one plan with its schedule and terms."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaspi_web.domain.loans.plans import OnePlan, RowView
from kaspi_web.domain.loans.plans import plan as plan_of
from kaspi_web.domain.loans.plans import plans as plans_of
from kaspi_web.domain.loans.red_views import red_rules
from kaspi_web.domain.loans.rules import LoanRulesMissing
from kaspi_web.domain.orders.financed import financed
from kaspi_web.domain.orders.views import OrderCard
from kaspi_web.domain.orders.views import order as order_of
from kaspi_web.i18n import Words, words
from kaspi_web.i18n.format import long_day, moment_text, money, percent
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.ui.plan_tiles import Tile, kind_words, state_words, tiles
from kaspi_web.ui.repayments import Fact

_GROUPS = {"open": ("active",), "waiting": ("signing", "reserved"), "closed": ("closed",)}


@dataclass
class Group:
    """Plans that stand alike."""

    name: str
    title: str
    plans: list[Tile]


@dataclass
class Row:
    """A payment of the schedule; `note` says its state in words."""

    number: str
    day: str
    sum: str
    principal: str
    interest: str
    state: str
    note: str


@dataclass
class Plan:
    """One plan."""

    title: str = ""
    kind: str = ""
    left: str = ""
    paid_of: str = ""
    paid_part: int = 0
    stands: str = ""
    late: str = ""
    is_red: bool = False
    is_active: bool = False
    is_expected: bool = False
    """Whether the schedule is only what is expected."""
    has_interest: bool = False
    rows: list[Row] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    order: str = ""
    order_words: str = ""
    contract: str = ""
    """The page to sign it on, while it waits for that."""


def groups(unit: Unit, *, customer_id: int, locale: str) -> list[Group]:
    """The customer's plans: those that are open, that wait for goods, and that are closed."""
    w, found = words(locale), plans_of(unit, customer_id=customer_id)
    by_group = {name: [each for each in found if each.state in states] for name, states in _GROUPS.items()}
    return [
        Group(name, w(f"plans.{name}"), tiles(unit, plans, customer_id=customer_id, w=w))
        for name, plans in by_group.items()
        if plans
    ]


def plan(unit: Unit, *, customer_id: int, plan: str, locale: str) -> Plan:
    """One plan; raises NotFound, also for somebody else's."""
    w, found = words(locale), plan_of(unit, customer_id=customer_id, plan=plan)
    of, today = found.plan, unit.clock.today()
    order = financed(unit, customer_id=customer_id, subjects=[of.subject]).get(of.subject)
    lent = of.amount - found.returned
    return Plan(
        title=order.names[locale] if order else kind_words(of, w),
        kind=kind_words(of, w),
        left=money(of.left, locale),
        paid_of=w("plans.paid_of", paid=money(found.repaid, locale), sum=money(lent, locale)),
        paid_part=found.repaid.tiyn * 100 // lent.tiyn if lent else 100,
        stands="" if of.is_late else state_words(of, today, w),
        late=_late(unit, found, w) if of.is_late else "",
        is_red=of.kind == "red",
        is_active=of.state == "active",
        is_expected=of.state in ("signing", "reserved"),
        has_interest=of.kind == "credit",
        rows=[_row(each, locale, w) for each in found.rows],
        facts=_facts(found, w),
        order=f"/{locale}/orders/{order.id}" if order else "",
        order_words=w("plans.order", code=order.code) if order else "",
        contract=_contract(unit, customer_id, found, order, locale),
    )


def _late(unit: Unit, found: OnePlan, w: Words) -> str:
    """What is late, and what its fine is or will be."""
    said = state_words(found.plan, unit.clock.today(), w) + "."
    fine = found.owed.fine if found.owed else ZERO
    if fine:
        return f"{said} {w('plans.late.fine', fine=money(fine, w.locale))}"
    since = found.plan.next_on
    try:
        of = red_rules(unit)
    except LoanRulesMissing:
        return said
    if found.owed is None or since is None or (unit.clock.today() - since).days >= of.fine_days:
        return said
    return f"{said} {w('plans.late.no_fine', fine=money(of.fine, w.locale))}"


def _row(row: RowView, locale: str, w: Words) -> Row:
    note = w(f"plans.row.state.{row.state}")
    if row.left and row.left != row.sum:
        note += " · " + w("plans.row.left", sum=money(row.left, locale))
    sums = (money(each, locale) for each in (row.sum, row.principal, row.interest))
    return Row(str(row.number), long_day(row.due_on, locale), *sums, row.state, note)


def _facts(found: OnePlan, w: Words) -> list[Fact]:
    of, locale = found.plan, w.locale
    overpay = sum((row.interest for row in found.rows), ZERO)
    facts = [
        (w("plans.terms.amount"), money(of.amount, locale)),
        (w("plans.terms.term"), w.count("plans.terms.months", of.months)),
        (w("plans.terms.rate"), percent(of.rate, locale)),
        (w("plans.terms.gesv"), percent(of.gesv, locale)),
        (w("plans.terms.overpay"), money(overpay, locale)),
        (w("payments.review.fee"), money(ZERO, locale)),
        *_if(w("plans.terms.returned"), found.returned, locale),
        *_if(w("plans.terms.early"), found.early, locale),
        (w("plans.terms.made"), long_day(of.made_at.astimezone(ALMATY).date(), locale)),
    ]
    if found.signed_at is not None:
        facts.append((w("plans.terms.signed"), moment_text(found.signed_at, locale)))
    if of.opened_on is not None:
        facts.append((w("plans.terms.opened"), long_day(of.opened_on, locale)))
    facts.append((w("plans.terms.contract"), found.contract))
    return [Fact(name, value) for name, value in facts if value]


def _if(name: str, amount: Money, locale: str) -> list[tuple[str, str]]:
    return [(name, money(amount, locale))] if amount else []


def _contract(unit: Unit, customer_id: int, found: OnePlan, order: OrderCard | None, locale: str) -> str:
    """Where a credit is signed: the page of its purchase."""
    if found.plan.state != "signing" or order is None:
        return ""
    purchase = order_of(unit, customer_id=customer_id, order_id=order.id).purchase
    return f"/{locale}/purchases/{purchase}/contract"
