"""The lines of baskets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class BasketLine(SQLModel, table=True):
    """Pieces of one offer in a customer's basket."""

    __tablename__ = "basket_line"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("customer_id", "offer_id"),
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity_in_range"),
    )

    id: int | None = id_field()
    customer_id: int = ref_field("customer.id")
    offer_id: int = ref_field("offer.id")
    quantity: int
    seen_price_tiyn: int = tiyn_field()
    """The price that the customer saw last: another one is pointed out before paying."""
    added_at: datetime = moment_field()
