"""The ledger's tables. One posting is one row with a debit and a credit account, so every entry sums to zero."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.domain.ledger.chart import CHART, KEPT, NEVER_BELOW_ZERO
from kaspi_web.kernel.table import BigId, id_field, moment_field, ref_field, tiyn_field


def _in(column: str, kinds: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(kind) for kind in kinds)})"


class Account(SQLModel, table=True):
    """An account: a kind of the chart and whose it is (`customer id`, `biller slug`, or empty for the bank's own)."""

    __table_args__ = (
        UniqueConstraint("kind", "owner"),
        CheckConstraint(_in("kind", tuple(CHART)), name="kind_in_chart"),
        CheckConstraint(f"({_in('kind', KEPT)}) = (balance_tiyn IS NOT NULL)", name="kept_balance"),
        CheckConstraint(f"NOT ({_in('kind', NEVER_BELOW_ZERO)}) OR balance_tiyn >= 0", name="not_below_zero"),
    )

    id: int | None = id_field()
    kind: str = Field(max_length=32)
    owner: str = Field(default="", max_length=64)
    balance_tiyn: int | None = tiyn_field(nullable=True, default=None)


class Entry(SQLModel, table=True):
    """One deed: a kind of docs/ledger.md, a key that makes it happen once, and what it is about.

    It is booked at a moment of the bank's clock and written at a moment of real time.
    """

    __table_args__ = (Index("ix_entry_subject", "subject"),)

    id: int | None = id_field()
    kind: str = Field(max_length=40)
    key: str = Field(max_length=120, unique=True)
    subject: str = Field(default="", max_length=80)
    booked_at: datetime = moment_field()
    written_at: datetime = moment_field()
    """By real time, which no jump of the bank's clock moves."""


class Posting(SQLModel, table=True):
    """One move of money from a debit to a credit account, in tiyn, above zero."""

    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        Index("ix_posting_debit", "debit_account_id", "id"),
        Index("ix_posting_credit", "credit_account_id", "id"),
    )

    id: int | None = id_field()
    entry_id: int = ref_field("entry.id", index=True)
    debit_account_id: int = ref_field("account.id")
    credit_account_id: int = ref_field("account.id")
    amount_tiyn: int = tiyn_field()


class Hold(SQLModel, table=True):
    """Money of an account set aside for a deed; what is neither captured nor released is still held."""

    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("captured_tiyn >= 0", name="captured_not_negative"),
        CheckConstraint("released_tiyn >= 0", name="released_not_negative"),
        CheckConstraint("captured_tiyn + released_tiyn <= amount_tiyn", name="within_amount"),
    )

    id: int | None = id_field()
    account_id: int = ref_field("account.id", index=True)
    subject: str = Field(max_length=80, unique=True)
    amount_tiyn: int = tiyn_field()
    captured_tiyn: int = tiyn_field(default=0)
    released_tiyn: int = tiyn_field(default=0)
    created_at: datetime = moment_field()


class Seal(SQLModel, table=True):
    """A link of the chain over committed entries, numbered 1, 2, 3 without a gap; made by ledger/seals.py."""

    position: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    entry_id: int = ref_field("entry.id", unique=True)
    digest: str = Field(max_length=64)
    sealed_at: datetime = moment_field()
