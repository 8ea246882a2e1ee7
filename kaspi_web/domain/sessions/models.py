"""Signed-in browsers: one row for each cookie that a customer holds."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field


class SignIn(SQLModel, table=True):
    """A browser that a customer signed in with; the cookie itself is kept as a digest only."""

    __tablename__ = "sign_in"  # type: ignore[assignment]

    id: int | None = id_field()
    cookie_digest: str = Field(max_length=64, unique=True)
    customer_id: int = ref_field("customer.id", index=True)
    device: str = Field(default="", max_length=80)
    started_at: datetime = moment_field()
    seen_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    ended_at: datetime | None = moment_field(nullable=True, default=None)
