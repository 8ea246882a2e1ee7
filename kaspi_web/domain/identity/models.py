"""Customers whose IIN is known, tries to have one known, and a demo's orders of identity cards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field


class Identity(SQLModel, table=True):
    """A customer whose IIN agreed with the register; a row is made once and not changed."""

    customer_id: int = ref_field("customer.id", primary_key=True)
    iin_digest: str = Field(max_length=64, unique=True)
    """Keyed, so that one IIN has one wallet and the table alone tells nobody's number."""
    iin_sealed: str = Field(max_length=200)
    iin_masked: str = Field(max_length=16)
    matched_at: datetime = moment_field()


class IdentityTry(SQLModel, table=True):
    """A try to have an IIN matched; what was typed is not kept."""

    __tablename__ = "identity_try"  # type: ignore[assignment]
    __table_args__ = (Index("ix_identity_try_recent", "customer_id", "at"),)

    id: int | None = id_field()
    customer_id: int = ref_field("customer.id")
    at: datetime = moment_field()


class IdentityRequest(SQLModel, table=True):
    """A demo's order of an identity card for a new customer, at the simulated register; this is also the job."""

    __tablename__ = "identity_request"  # type: ignore[assignment]
    __table_args__ = (Index("ix_identity_request_due", "done_at", "due_at"),)

    id: int | None = id_field()
    customer_id: int = ref_field("customer.id", unique=True)
    reference: str = Field(max_length=26, unique=True)
    """The register's key: however often it is asked, it issues one card."""
    tries: int = 0
    created_at: datetime = moment_field()
    due_at: datetime = moment_field()
    done_at: datetime | None = moment_field(nullable=True, default=None)
