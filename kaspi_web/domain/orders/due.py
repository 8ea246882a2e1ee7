"""What the bank does with orders that nobody ends, on the day after the last one, and with returns likewise."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import col, select

from kaspi_web.domain.orders import dropping, lifecycle, returns, rows
from kaspi_web.domain.orders.models import Order
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.due import MOST, Due

JOB = "job:orders"
_WAITING = (
    col(Order.state).in_(("NEW", "PICKUP", "DELIVERY", "KASPI_DELIVERY")),
    col(Order.status) != rows.HIDDEN,
)
_ON_THE_ROAD = ("TRANSMITTED", "ARRIVED")
_COMING_BACK = ("KASPI_DELIVERY_RETURN_REQUESTED", "RETURN_ACCEPTED_BY_MERCHANT")


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """The orders and returns whose time is up until then, by the bank's clock, oldest first."""
    waiting = returns.unanswered(unit, until=until) + returns.unreceived(unit, until=until)
    silent = [Due(f"order_return:{number}", at) for number, at in waiting]
    return sorted(_orders(unit, until) + silent, key=lambda each: each.due_at)[:MOST]


def _orders(unit: Unit, until: datetime) -> list[Due]:
    last = until.astimezone(ALMATY).date()
    both: Any = (Order.id, Order.due_on)
    page = select(*both).where(*_WAITING, Order.due_on < last)
    found = unit.exec(page.order_by(col(Order.due_on), col(Order.id)).limit(MOST))
    return [Due(f"order:{number}", _after(day)) for number, day in found]


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ALMATY)


def due_now(unit: Unit) -> list[int]:
    """The orders whose time is up."""
    return [int(each.subject.partition(":")[2]) for each in _orders(unit, unit.clock.now())]


def silent_now(unit: Unit) -> list[int]:
    """The returns whose merchants have said nothing in time."""
    return [number for number, _ in returns.unanswered(unit, until=unit.clock.now())]


def unreceived_now(unit: Unit) -> list[int]:
    """The approved returns whose merchants have neither received nor refused the goods in time."""
    return [number for number, _ in returns.unreceived(unit, until=unit.clock.now())]


def settle(unit: Unit, *, order_id: int) -> bool:
    """End one order whose time is up: cancel it, send its parcel back, or wait no longer for that; once each.

    Answers whether there was anything to do.
    """
    row = rows.locked(unit, Order.id == order_id, with_charge=True)
    if row.due_on >= unit.clock.today() or row.state in ("ARCHIVE", "SIGN_REQUIRED") or row.status == rows.HIDDEN:
        return False
    if row.status in _ON_THE_ROAD:
        lifecycle.parcel_overdue(unit, order_id=order_id)
    elif row.status in _COMING_BACK:
        dropping.parcel_lost(unit, order_id=order_id)
    else:
        dropping.overdue(unit, order_id=order_id)
    return True
