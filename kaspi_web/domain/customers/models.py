"""People with a wallet, and the tries to sign in that limit guessing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field


class Customer(SQLModel, table=True):
    """A person with a wallet; the phone number is the wallet's number."""

    __table_args__ = (CheckConstraint("language IN ('kk', 'ru', 'en')", name="language_known"),)

    id: int | None = id_field()
    phone: str = Field(max_length=16, unique=True)
    given_name: str = Field(max_length=60)
    family_name: str = Field(max_length=60)
    patronymic: str = Field(default="", max_length=60)
    born_on: date
    language: str = Field(max_length=2)
    password_hash: str = Field(max_length=200)
    consent_version: str = Field(max_length=20)
    consented_at: datetime = moment_field()
    created_at: datetime = moment_field()


class SignInTry(SQLModel, table=True):
    """A refused try to sign in, counted for the number and for the address it came from."""

    __tablename__ = "sign_in_try"  # type: ignore[assignment]
    __table_args__ = (
        Index("ix_sign_in_try_phone", "phone_digest", "at"),
        Index("ix_sign_in_try_address", "address_digest", "at"),
    )

    id: int | None = id_field()
    phone_digest: str = Field(max_length=64)
    address_digest: str = Field(max_length=64)
    at: datetime = moment_field()
