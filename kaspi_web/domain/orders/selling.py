"""Orders and returns as their merchant's programs see them; of the buyer they are told a masked name and no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.orders import rows
from kaspi_web.domain.orders.models import Order, OrderReturn
from kaspi_web.domain.orders.views import OrderView, ReturnView, return_view, view_of
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid

MOST_DAYS = timedelta(days=14)
MOST = 100


class DaysTooMany(Invalid):
    """Orders of no more than fourteen days are listed at once, and the first is not after the last."""

    code, field = "order_days_too_many", "creationDate"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders are asked for: made from `since` to `until`; what is empty leaves nothing out. Pages are from 0."""

    since: datetime
    until: datetime
    states: tuple[str, ...] = ()
    status: str = ""
    mode: str = ""
    code: str = ""
    page: int = 0
    size: int = 20


@dataclass(frozen=True, slots=True)
class Sold:
    """An order with its buyer's masked name."""

    order: OrderView
    buyer: str
    """The same for all of their orders at this merchant, and another one at every other."""
    buyer_name: str


@dataclass(frozen=True, slots=True)
class SoldPage:
    """A page of orders, the newest first, and how many there are in all."""

    orders: tuple[Sold, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SoldReturn:
    """A return and the order it is of."""

    order: str
    view: ReturnView


def sold(unit: Unit, *, merchant_id: int, wanted: Wanted) -> SoldPage:
    """A page of a merchant's orders; raises DaysTooMany."""
    if not timedelta() <= wanted.until - wanted.since <= MOST_DAYS:
        raise DaysTooMany
    which = _which(merchant_id, wanted)
    total = unit.exec(select(func.count()).select_from(Order).where(*which)).one()
    page = select(Order).where(*which).order_by(col(Order.id).desc())
    found = unit.exec(page.offset(wanted.page * wanted.size).limit(wanted.size))
    return SoldPage(tuple(_sold(unit, row) for row in found.all()), total)


def _which(merchant_id: int, wanted: Wanted) -> list[Any]:
    mine = [*rows.seen_by(merchant_id)]
    mine += [col(Order.made_at) >= wanted.since, col(Order.made_at) <= wanted.until]
    mine += [col(Order.state).in_(wanted.states)] if wanted.states else []
    narrowed = ((Order.status, wanted.status), (Order.delivery_mode, wanted.mode), (Order.code, wanted.code))
    return mine + [col(column) == text for column, text in narrowed if text]


def one(unit: Unit, *, merchant_id: int, order_id: str) -> Sold:
    """A merchant's order; raises NotFound, also for somebody else's."""
    return _sold(unit, rows.found(unit, *rows.of_merchant(merchant_id, order_id)))


def _sold(unit: Unit, row: Order) -> Sold:
    buyer = customers.card(unit, customer_id=row.customer_id)
    known_as = unit.keys.digest("buyer_of_merchant", f"{row.merchant_id}:{row.customer_id}")[:20]
    return Sold(view_of(unit, row), known_as, buyer.masked_name)


def returns(unit: Unit, *, merchant_id: int, state: str = "") -> list[SoldReturn]:
    """The newest hundred returns of a merchant's orders; a state narrows them."""
    both: Any = (OrderReturn, Order)
    found = select(*both).join(Order).where(Order.merchant_id == merchant_id)
    found = found.where(OrderReturn.state == state) if state else found
    page = unit.exec(found.order_by(col(OrderReturn.id).desc()).limit(MOST)).all()
    return [SoldReturn(row.public_id, return_view(made, rows.lines_of(unit, row))) for made, row in page]


def one_return(unit: Unit, *, merchant_id: int, return_id: str) -> SoldReturn:
    """A return of a merchant's order; raises NotFound, also for somebody else's."""
    made, row = rows.return_of(unit, return_id, Order.merchant_id == merchant_id)
    return SoldReturn(row.public_id, return_view(made, rows.lines_of(unit, row)))
