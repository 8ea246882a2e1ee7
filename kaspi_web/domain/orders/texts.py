"""What the buyer is told by SMS at the steps that matter."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.merchants import queries as merchants
from kaspi_web.domain.orders.models import Order
from kaspi_web.domain.sms.outbox import text_to
from kaspi_web.kernel.database import Unit


def text_buyer(unit: Unit, row: Order, template: str, **words: Any) -> None:
    """Text the buyer about an order: its number and seller are among the words."""
    buyer = customers.card(unit, customer_id=row.customer_id)
    filled: dict[str, Any] = {
        "order": row.code,
        "payee": merchants.merchant(unit, merchant_id=row.merchant_id).name,
    } | words
    text_to(unit, phone=buyer.phone, language=buyer.language, template=template, **filled)
    told(unit, row)


def told(unit: Unit, row: Order) -> None:
    """Announce that the order changed, to its buyer's open pages and to its seller."""
    unit.tell(f"customer:{row.customer_id}")
    unit.tell(f"merchant:{row.merchant_id}")
