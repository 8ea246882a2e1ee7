"""What the buyer is told by SMS of a purchase as a whole; of each order its own street tells."""

from __future__ import annotations

from sqlmodel import col, select

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.domain.orders.models import Order
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


def placed(unit: Unit, customer_id: int, amount: Money, sellers: str) -> None:
    """Everything is ordered."""
    _tell(unit, customer_id, amount, "purchase_placed", sellers)


def refused(unit: Unit, customer_id: int, amount: Money, sellers: str) -> None:
    """Nothing is ordered, and everything is back where it came from."""
    _tell(unit, customer_id, amount, "purchase_refused", sellers)


def _tell(unit: Unit, customer_id: int, amount: Money, template: str, sellers: str) -> None:
    buyer = customers.card(unit, customer_id=customer_id)
    words = {"amount_tiyn": amount.tiyn, "payee": sellers}
    text_to(unit, phone=buyer.phone, language=buyer.language, template=template, **words)


def sellers_of(unit: Unit, purchase_id: int) -> str:
    """The names of a purchase's sellers."""
    of = (
        select(Merchant.name).join(Order, col(Order.merchant_id) == Merchant.id).where(Order.purchase_id == purchase_id)
    )
    return ", ".join(unit.exec(of.order_by(col(Order.id))))
