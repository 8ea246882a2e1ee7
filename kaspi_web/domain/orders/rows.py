"""The only ways to an order's row: through whoever it belongs to, or by its number for the bank itself.

Whoever gives money back locks the card's charge before the order: the processor's answers come in that order.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from kaspi_web.domain.cards.models import CardCharge
from kaspi_web.domain.orders.models import Order, OrderLine, OrderReturn, Purchase
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound

HIDDEN = "FUNDING"
"""Orders whose money has not come yet are nobody's but the buyer's, and stay so when it never comes."""
_OF = aliased(Purchase)
_NEVER_PAID = exists().where(
    col(_OF.id) == Order.purchase_id, col(_OF.state) == "refused", col(_OF.charge_id).is_not(None)
)


def of_customer(customer_id: int, order_id: str) -> tuple[Any, ...]:
    """The order of a customer by its address."""
    return (col(Order.public_id) == order_id, col(Order.customer_id) == customer_id)


def of_merchant(merchant_id: int, order_id: str) -> tuple[Any, ...]:
    """The order of a merchant by its address."""
    return (col(Order.public_id) == order_id, *seen_by(merchant_id))


def seen_by(merchant_id: int) -> tuple[Any, ...]:
    """The orders that a merchant is told of: those whose card was declined were never placed."""
    return (col(Order.merchant_id) == merchant_id, col(Order.status) != HIDDEN, ~_NEVER_PAID)


def found(unit: Unit, *which: Any) -> Order:
    """The one order that this is true of, to read; raises NotFound."""
    row = unit.exec(select(Order).where(*which)).one_or_none()
    if row is None:
        raise NotFound
    return row


def locked(unit: Unit, *which: Any, with_charge: bool = False) -> Order:
    """The same, locked until the unit's end, after the charge that paid it if `with_charge`; raises NotFound."""
    if with_charge:
        _lock_charge(unit, *which)
    row = unit.exec(
        select(Order).where(*which).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _lock_charge(unit: Unit, *which: Any) -> None:
    charge_id = unit.exec(select(Purchase.charge_id).join(Order).where(*which)).first()
    if charge_id is not None:
        unit.exec(select(CardCharge.id).where(CardCharge.id == charge_id).with_for_update()).one()


def lines_of(unit: Unit, row: Order) -> list[OrderLine]:
    """The lines of an order in their order; whoever changes them has locked the order."""
    of = select(OrderLine).where(OrderLine.order_id == row.id).order_by(col(OrderLine.number))
    return list(unit.exec(of.execution_options(populate_existing=True)))


def return_of(unit: Unit, return_id: str, *whose: Any, with_charge: bool = False) -> tuple[OrderReturn, Order]:
    """A return by its address with its order, both locked; `whose` is said of the order; raises NotFound."""
    order_id = unit.exec(select(OrderReturn.order_id).where(OrderReturn.public_id == return_id)).one_or_none()
    if order_id is None:
        raise NotFound
    row = locked(unit, Order.id == order_id, *whose, with_charge=with_charge)
    this = select(OrderReturn).where(OrderReturn.public_id == return_id)
    return unit.exec(this.execution_options(populate_existing=True)).one(), row


def id_of(row: Order) -> int:
    """The number of a stored order."""
    assert row.id is not None
    return row.id
