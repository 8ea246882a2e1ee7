"""Operations: one row for each deed that a customer sees in My payments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class Operation(SQLModel, table=True):
    """A deed in a customer's list; its street keeps the details under `subject`."""

    __table_args__ = (
        UniqueConstraint("customer_id", "subject"),
        CheckConstraint("amount_tiyn <> 0", name="amount_not_zero"),
        CheckConstraint("state IN ('done', 'on_way', 'refused')", name="state_known"),
        Index("ix_operation_list", "customer_id", "id"),
        Index("ix_operation_state", "customer_id", "state", "id"),
    )

    id: int | None = id_field()
    receipt: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    kind: str = Field(max_length=20)
    subject: str = Field(max_length=80)
    counterparty: str = Field(max_length=64)
    """The slug of the biller or terminal; its name is looked up in the reader's language."""
    account: str = Field(default="", max_length=200)
    amount_tiyn: int = tiyn_field()
    """Below zero for money that goes out."""
    bonus_tiyn: int = tiyn_field(default=0)
    state: str = Field(max_length=10)
    occurred_at: datetime = moment_field()
    changed_at: datetime = moment_field()
