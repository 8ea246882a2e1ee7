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
        CheckConstraint("fee_tiyn >= 0", name="fee_not_negative"),
        CheckConstraint("wallet_tiyn = 0 OR (wallet_tiyn > 0) = (amount_tiyn > 0)", name="wallet_same_way"),
        CheckConstraint("state <> 'refused' OR wallet_tiyn = 0", name="refused_moves_nothing"),
        Index("ix_operation_list", "customer_id", "id", "wallet_tiyn"),
        Index("ix_operation_state", "customer_id", "state", "id"),
        Index("ix_operation_time", "customer_id", "occurred_at", "wallet_tiyn"),
    )

    id: int | None = id_field()
    receipt: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    kind: str = Field(max_length=20)
    subject: str = Field(max_length=80)
    counterparty: str = Field(max_length=64)
    """The slug of the biller or terminal, whose name is looked up in their language; of transfers a masked name."""
    account: str = Field(default="", max_length=200)
    amount_tiyn: int = tiyn_field()
    """Below zero for money that goes out."""
    bonus_tiyn: int = tiyn_field(default=0)
    state: str = Field(max_length=10)
    occurred_at: datetime = moment_field()
    changed_at: datetime = moment_field()
    wallet_tiyn: int = tiyn_field(default=0, sa_column_kwargs={"server_default": "0"})
    """What the deed has changed in the wallet as things stand: all of them add up to its balance."""
    fee_tiyn: int = tiyn_field(default=0, sa_column_kwargs={"server_default": "0"})
    source: str = Field(default="wallet", max_length=64, sa_column_kwargs={"server_default": "wallet"})
    """`wallet`, `bonus`, `card:1234` by its last four digits, or several of them joined by `+`."""
    category: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": ""})
    search: str = Field(default="", max_length=300, sa_column_kwargs={"server_default": ""})
    """What of the row itself is searched, casefolded: SQLite folds no letters but Latin ones."""
