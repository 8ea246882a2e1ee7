"""What receipts of purchases and returns say beside their rows: bonuses that were spent, withheld, taken back."""

from __future__ import annotations

from sqlmodel import select

from kaspi_web.domain.orders.models import Order, OrderReturn, Purchase
from kaspi_web.domain.orders.money_back import WORD
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


def bonus_of_purchase(unit: Unit, *, customer_id: int, subject: str) -> Money:
    """The bonuses that a purchase (`purchase:3`) was paid with; none for any other subject."""
    number = subject.removeprefix("purchase:")
    row = unit.get(Purchase, int(number)) if number != subject and number.isdecimal() else None
    return Money(row.spent_bonus_tiyn) if row is not None and row.customer_id == customer_id else ZERO


def kept_of_return(unit: Unit, *, customer_id: int, subject: str) -> tuple[Money, Money]:
    """What a return (`order_refund:return:3`) withheld for bonuses already spent, and the bonuses it took back."""
    number = subject.removeprefix(f"{WORD}:return:")
    if number == subject or not number.isdecimal():
        return ZERO, ZERO
    mine = (OrderReturn.id == int(number), Order.id == OrderReturn.order_id, Order.customer_id == customer_id)
    row = unit.exec(select(OrderReturn).where(*mine)).one_or_none()
    return (Money(row.withheld_tiyn), Money(row.taken_back_tiyn)) if row is not None else (ZERO, ZERO)
