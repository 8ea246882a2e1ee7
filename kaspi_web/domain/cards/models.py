"""Cards, charges on other banks' cards, and payouts to them. Numbers and security codes are nowhere here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field

_LIVE = text("unlinked_at IS NULL")


class Card(SQLModel, table=True):
    """A card of a customer: one of our own, with an account in the ledger, or another bank's, known by a token."""

    __table_args__ = (
        CheckConstraint("kind IN ('own', 'bank')", name="kind_known"),
        Index("ix_card_customer", "customer_id"),
        Index("uq_card_live_token", "token", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: int | None = id_field()
    public_id: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    kind: str = Field(max_length=4)
    token: str = Field(max_length=64)
    """The processor's token, or the keyed digest of our own card's number."""
    brand: str = Field(max_length=20)
    last4: str = Field(max_length=4)
    linked_at: datetime = moment_field()
    frozen_at: datetime | None = moment_field(nullable=True, default=None)
    unlinked_at: datetime | None = moment_field(nullable=True, default=None)


class CardLink(SQLModel, table=True):
    """A try to link another bank's card, from the form to the code that its bank texts."""

    __tablename__ = "card_link"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'challenge', 'linked', 'declined')", name="state_known"),
        Index("ix_card_link_recent", "customer_id", "created_at"),
    )

    id: str = Field(primary_key=True, max_length=26)
    """Its address, and the key that the processor knows the try by."""
    customer_id: int = ref_field("customer.id")
    state: str = Field(default="asked", max_length=10)
    token: str = Field(default="", max_length=64)
    brand: str = Field(default="", max_length=20)
    last4: str = Field(default="", max_length=4)
    onward: str = Field(default="", max_length=200)
    """The page of ours that the customer came from; empty for the list of cards."""
    created_at: datetime = moment_field()
    expires_at: datetime = moment_field()


class CardRecipient(SQLModel, table=True):
    """Somebody's card to send money to, named by a short-lived address after its number was typed once.

    It is written before anybody is asked, so that tries are counted; one without a card found none.
    """

    __tablename__ = "card_recipient"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("token = '' OR card_id IS NULL", name="ours_or_tokened"),
        Index("ix_card_recipient_recent", "customer_id", "created_at"),
    )

    id: str = Field(primary_key=True, max_length=26)
    customer_id: int = ref_field("customer.id")
    """Who typed the number."""
    token: str = Field(default="", max_length=64)
    card_id: int | None = ref_field("card.id", nullable=True, default=None)
    brand: str = Field(default="", max_length=20)
    last4: str = Field(default="", max_length=4)
    masked_name: str = Field(default="", max_length=64)
    created_at: datetime = moment_field()
    expires_at: datetime = moment_field()


class CardCharge(SQLModel, table=True):
    """A charge on another bank's card from the asking to its end; it is also the job that asks the processor."""

    __tablename__ = "card_charge"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint(
            "state IN ('new', 'challenge', 'authorised', 'captured', 'voided', 'declined')", name="state_known"
        ),
        CheckConstraint("wanted IN ('', 'authorise', 'capture', 'void')", name="wanted_known"),
        CheckConstraint(
            "wanted = '' OR state NOT IN ('captured', 'voided', 'declined')", name="nothing_wanted_at_the_end"
        ),
        CheckConstraint(
            "refunded_tiyn BETWEEN 0 AND amount_tiyn AND (refunded_tiyn = 0 OR state IN ('authorised', 'captured'))",
            name="refunded_within",
        ),
        Index("ix_card_charge_due", "wanted", "due_at"),
    )

    id: int | None = id_field()
    key: str = Field(max_length=40, unique=True)
    customer_id: int = ref_field("customer.id", index=True)
    card_id: int = ref_field("card.id")
    token: str = Field(max_length=64)
    amount_tiyn: int = tiyn_field()
    payee: str = Field(default="", max_length=120)
    """Whom the text of the card's bank names beside the sum."""
    subject: str = Field(max_length=80, unique=True)
    state: str = Field(default="new", max_length=12)
    wanted: str = Field(default="authorise", max_length=10)
    reason: str = Field(default="", max_length=24)
    refunded_tiyn: int = tiyn_field(default=0)
    tries: int = 0
    created_at: datetime = moment_field()
    due_at: datetime = moment_field()
    leased_until: datetime = moment_field()
    gives_up_at: datetime = moment_field()


class CardRefund(SQLModel, table=True):
    """Money of a captured charge on its way back to the card; also the job that asks the processor."""

    __tablename__ = "card_refund"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("state IN ('new', 'done', 'declined')", name="state_known"),
        Index("ix_card_refund_due", "state", "due_at"),
    )

    id: int | None = id_field()
    key: str = Field(max_length=80, unique=True)
    charge_id: int = ref_field("card_charge.id", index=True)
    amount_tiyn: int = tiyn_field()
    subject: str = Field(max_length=80)
    state: str = Field(default="new", max_length=10)
    reason: str = Field(default="", max_length=24)
    tries: int = 0
    created_at: datetime = moment_field()
    due_at: datetime = moment_field()
    leased_until: datetime = moment_field()


class CardPayout(SQLModel, table=True):
    """Money on its way to another bank's card; also the job that asks the processor."""

    __tablename__ = "card_payout"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("state IN ('new', 'done', 'declined')", name="state_known"),
        Index("ix_card_payout_due", "state", "due_at"),
    )

    id: int | None = id_field()
    key: str = Field(max_length=40, unique=True)
    customer_id: int = ref_field("customer.id")
    token: str = Field(max_length=64)
    last4: str = Field(max_length=4)
    amount_tiyn: int = tiyn_field()
    subject: str = Field(max_length=80, unique=True)
    state: str = Field(default="new", max_length=10)
    reason: str = Field(default="", max_length=24)
    tries: int = 0
    created_at: datetime = moment_field()
    due_at: datetime = moment_field()
    leased_until: datetime = moment_field()
