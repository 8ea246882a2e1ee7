"""Billers, payment intents and bill payments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class Biller(SQLModel, table=True):
    """A company whose bills are paid here; a row and not code."""

    __table_args__ = (
        CheckConstraint("minimum_tiyn > 0 AND maximum_tiyn >= minimum_tiyn", name="limits_in_order"),
        CheckConstraint("bonus_basis_points BETWEEN 0 AND 10000", name="bonus_within_whole"),
    )

    slug: str = Field(primary_key=True, max_length=32)
    category: str = Field(max_length=32, index=True)
    name_kk: str = Field(max_length=120)
    name_ru: str = Field(max_length=120)
    name_en: str = Field(max_length=120)
    bin: str = Field(max_length=12)
    address: str = Field(max_length=200)
    """Where its check/pay answers; a path is below the simulated biller's address."""
    account_pattern: str = Field(max_length=80)
    account_example: str = Field(max_length=40)
    bonus_basis_points: int
    minimum_tiyn: int = tiyn_field()
    maximum_tiyn: int = tiyn_field()


class PaymentIntent(SQLModel, table=True):
    """The intent to pay one bill: what was asked, what the biller answered, what became of it.

    `id` is its address, `key` its idempotency key. It is made before the biller is asked and ends ten
    minutes later, unless it was paid.
    """

    __tablename__ = "payment_intent"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("(payment_id IS NULL) OR (amount_tiyn IS NOT NULL AND source <> '')", name="paid_has_content"),
        Index("ix_payment_intent_recent", "customer_id", "issued_at"),
    )

    id: str = Field(primary_key=True, max_length=26)
    key: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    biller: str = Field(foreign_key="biller.slug", max_length=32)
    account: str = Field(max_length=200)
    issued_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    answered_at: datetime | None = moment_field(nullable=True, default=None)
    owner_name: str = Field(default="", max_length=120)
    address: str = Field(default="", max_length=200)
    debt_tiyn: int | None = tiyn_field(nullable=True, default=None)
    amount_tiyn: int | None = tiyn_field(nullable=True, default=None)
    source: str = Field(default="", max_length=12)
    confirmed_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """The sum that a code from an SMS was typed for."""
    payment_id: int | None = ref_field("bill_payment.id", nullable=True, default=None, unique=True)


class BillPayment(SQLModel, table=True):
    """A bill payment from the hold to its last word; it is also the job that asks the biller."""

    __tablename__ = "bill_payment"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("bonus_tiyn >= 0", name="bonus_not_negative"),
        CheckConstraint("state IN ('on_way', 'registry', 'done', 'refused')", name="state_known"),
        CheckConstraint("(finished_at IS NULL) = (state IN ('on_way', 'registry'))", name="finished_when_final"),
        Index("ix_bill_payment_due", "state", "due_at"),
    )

    id: int | None = id_field()
    txn_id: int = Field(sa_type=BigInteger, unique=True)
    customer_id: int = ref_field("customer.id", index=True)
    biller: str = Field(foreign_key="biller.slug", max_length=32)
    account: str = Field(max_length=200)
    amount_tiyn: int = tiyn_field()
    bonus_tiyn: int = tiyn_field()
    hold_id: int = ref_field("hold.id", unique=True)
    state: str = Field(default="on_way", max_length=10)
    last_word: str = Field(default="", max_length=24)
    """What the biller said last: a result code of the protocol, or why there was no answer."""
    tries: int = 0
    started_at: datetime = moment_field()
    """By the bank's clock, as is `finished_at`; what follows is about asking and runs on real time."""
    due_at: datetime = moment_field()
    gives_up_at: datetime = moment_field()
    """After an unknown answer from here on the payment waits for the biller's registry."""
    leased_until: datetime = moment_field()
    finished_at: datetime | None = moment_field(nullable=True, default=None)
    biller_txn: str = Field(default="", max_length=20)
