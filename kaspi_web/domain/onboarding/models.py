"""A browser proving that it holds a phone, for a registration or for a new password."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field


class PhoneProof(SQLModel, table=True):
    """One proof for one browser and purpose: number, code, and for a registration the person."""

    __tablename__ = "phone_proof"  # type: ignore[assignment]
    __table_args__ = (CheckConstraint("purpose IN ('register', 'reset')", name="purpose_known"),)

    id: int | None = id_field()
    cookie_digest: str = Field(max_length=64, index=True)
    purpose: str = Field(max_length=10)
    phone: str = Field(max_length=16)
    language: str = Field(max_length=2)
    started_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    resend_at: datetime = moment_field()
    verified_at: datetime | None = moment_field(nullable=True, default=None)
    given_name: str = Field(default="", max_length=60)
    family_name: str = Field(default="", max_length=60)
    patronymic: str = Field(default="", max_length=60)
    born_on: date | None = None
    finished_at: datetime | None = moment_field(nullable=True, default=None)
