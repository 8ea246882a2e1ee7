"""Checkouts, which are intents to buy, and the stock set aside for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field

SOURCES = ("wallet", "bonus", "card", "red", "instalment", "credit")


class Checkout(SQLModel, table=True):
    """An intent to buy: what was chosen and agreed, and the purchase it became; it happens once."""

    __table_args__ = (
        CheckConstraint(
            "source IN ('', 'wallet', 'bonus', 'card', 'red', 'instalment', 'credit')", name="source_known"
        ),
        CheckConstraint("(source = 'card') = (card_id IS NOT NULL)", name="card_is_named"),
        CheckConstraint("amount_tiyn IS NULL OR amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint(
            "spend_bonus_tiyn >= 0 AND (amount_tiyn IS NULL OR spend_bonus_tiyn <= amount_tiyn)", name="bonus_in_range"
        ),
        Index("ix_checkout_issued", "customer_id", "issued_at"),
    )

    id: str = Field(primary_key=True, max_length=26)
    customer_id: int = ref_field("customer.id")
    chosen: str = Field(sa_type=Text)
    """The lines with their prices, and how each seller's goods are fetched, as text (JSON)."""
    source: str = Field(default="", max_length=10)
    months: int = 0
    card_id: int | None = ref_field("card.id", nullable=True, default=None)
    spend_bonus_tiyn: int = tiyn_field(default=0)
    amount_tiyn: int | None = tiyn_field(nullable=True, default=None)
    proposal: int = 0
    """Counts proposals: whoever presses Order must have seen the last one."""
    confirmed_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """The sum that a code from an SMS was typed for."""
    purchase_id: int | None = ref_field("purchase.id", nullable=True, default=None, unique=True)
    issued_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    """In real time."""


class Reservation(SQLModel, table=True):
    """Pieces set aside for a checkout: held until `expires_at`, then sold or released."""

    __table_args__ = (
        UniqueConstraint("checkout_id", "offer_id"),
        CheckConstraint("quantity > 0", name="quantity_above_zero"),
        CheckConstraint("state IN ('held', 'sold', 'released')", name="state_known"),
        Index("ix_reservation_due", "state", "expires_at"),
        Index("ix_reservation_stock", "offer_id", "point_id", "state"),
    )

    id: int | None = id_field()
    checkout_id: str = Field(foreign_key="checkout.id", max_length=26)
    offer_id: int = ref_field("offer.id")
    point_id: int = ref_field("pickup_point.id")
    quantity: int
    state: str = Field(default="held", max_length=8)
    expires_at: datetime = moment_field()
    """In real time."""
