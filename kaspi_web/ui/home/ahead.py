"""What Home shows of days ahead: what falls due next, an order on its way, and what RED still has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kaspi_web.domain.loans import red
from kaspi_web.domain.loans.book import RED
from kaspi_web.domain.loans.plans import NextDue, next_due
from kaspi_web.domain.orders.views import order, orders
from kaspi_web.i18n import Words
from kaspi_web.i18n.format import money, short_day
from kaspi_web.kernel.database import Unit
from kaspi_web.ui.ordered import asks_code, is_going_back


@dataclass
class Due:
    """What falls due within a week, or is overdue; empty for nothing."""

    title: str = ""
    detail: str = ""
    sum: str = ""
    href: str = ""
    is_late: bool = False


@dataclass
class OnWay:
    """The newest order that is not finished; empty for none."""

    title: str = ""
    detail: str = ""
    href: str = ""


@dataclass
class Ahead:
    """All of it, read in one go."""

    due: Due
    order: OnWay
    red: str


def ahead(unit: Unit, *, customer_id: int, w: Words) -> Ahead:
    """What the days ahead bring a customer."""
    today = unit.clock.today()
    found = next_due(unit, customer_id=customer_id)
    return Ahead(
        _due(found, today, w) if found else Due(),
        _on_way(unit, customer_id, w),
        _red(unit, customer_id, w),
    )


def _due(found: NextDue, today: date, w: Words) -> Due:
    key = "home.due.late" if found.is_late else "home.due.today" if found.due_on == today else "home.due.until"
    where = "red" if found.plan == RED else f"plans/{found.plan}"
    return Due(
        title=w(f"operations.plan.{found.kind}"),
        detail=w(key, day=short_day(found.due_on, today, w.locale)),
        sum=money(found.sum, w.locale),
        href=f"/{w.locale}/{where}",
        is_late=found.is_late,
    )


def _on_way(unit: Unit, customer_id: int, w: Words) -> OnWay:
    newest = orders(unit, customer_id=customer_id, group="open", most=1)
    if not newest:
        return OnWay()
    (card,), here = newest, f"/{w.locale}"
    stands, href = card.state.lower(), f"{here}/orders/{card.id}"
    if card.status == "FUNDING":
        # The card's bank may be waiting for its code, which is typed on the page of the purchase.
        found = order(unit, customer_id=customer_id, order_id=card.id)
        asks = asks_code(unit, customer_id=customer_id, order=found)
        stands, href = "code" if asks else "funding", f"{here}/purchases/{found.purchase}"
    elif is_going_back(card):
        stands = "back"
    day = short_day(card.planned_on, unit.clock.today(), w.locale)
    return OnWay(title=card.names[w.locale], detail=w(f"home.order.{stands}", day=day), href=href)


def _red(unit: Unit, customer_id: int, w: Words) -> str:
    member = red.member(unit, customer_id=customer_id)
    return w("home.red.free", sum=money(member.free, w.locale)) if member else w("plans.red.free")
