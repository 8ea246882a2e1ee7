"""Merchants and their pickup points."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class Merchant(SQLModel, table=True):
    """A seller; what the bank owes them is the ledger's account `merchant` with the slug as its owner."""

    __table_args__ = (
        CheckConstraint("rating_hundredths BETWEEN 0 AND 500", name="rating_in_range"),
        CheckConstraint("reviews >= 0", name="reviews_not_negative"),
        CheckConstraint("delivery_tiyn >= 0 AND free_delivery_from_tiyn >= 0", name="delivery_not_negative"),
    )

    id: int | None = id_field()
    slug: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=80)
    bin: str = Field(max_length=12)
    token_digest: str = Field(default="", max_length=64)
    """Keyed digest of the token that the merchant's programs show; empty lets none in."""
    rating_hundredths: int = 0
    reviews: int = 0
    delivery_tiyn: int = tiyn_field(default=0)
    free_delivery_from_tiyn: int = tiyn_field(default=0)
    """Delivery of an order from this sum on costs nothing."""
    active: bool = True
    joined_at: datetime = moment_field()


class PickupPoint(SQLModel, table=True):
    """A place of a merchant where goods lie and can be fetched."""

    __tablename__ = "pickup_point"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("merchant_id", "code"),
        CheckConstraint("city IN ('almaty', 'astana', 'karaganda')", name="city_known"),
    )

    id: int | None = id_field()
    merchant_id: int = ref_field("merchant.id")
    code: str = Field(max_length=8)
    """PP1, PP2, ... as price lists name them."""
    city: str = Field(max_length=12)
    address_kk: str = Field(max_length=120)
    address_ru: str = Field(max_length=120)
    address_en: str = Field(max_length=120)
    hours: str = Field(default="10:00-20:00", max_length=40)
    active: bool = True
