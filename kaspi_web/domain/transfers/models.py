"""Transfers, their limits, and requests to give one back."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from kaspi_web.kernel.table import id_field, moment_field, ref_field, tiyn_field


class Transfer(SQLModel, table=True):
    """A transfer from the draft to its last word: the intent and the deed are one row, so it happens once.

    `public_id` is its address. A draft ends ten minutes after it was issued; what was sent is `funding` while another
    bank's card is charged, `held` while it can be undone, `sending` while another bank's card is paid, `waiting`
    while a phone has no wallet yet; then `done`, `undone`, `refused`, or `returned` when nobody came for it.
    """

    __table_args__ = (
        CheckConstraint("kind IN ('phone', 'own', 'card')", name="kind_known"),
        CheckConstraint(
            "state IN ('draft', 'funding', 'held', 'sending', 'waiting', 'done', 'undone', 'refused', 'returned')",
            name="state_known",
        ),
        CheckConstraint("source IN ('', 'wallet', 'bonus', 'card')", name="source_known"),
        CheckConstraint("(source = 'card') = (card_id IS NOT NULL)", name="card_is_named"),
        CheckConstraint("amount_tiyn IS NULL OR amount_tiyn > 0", name="amount_above_zero"),
        CheckConstraint("bonus_tiyn BETWEEN 0 AND COALESCE(amount_tiyn, 0)", name="bonus_within"),
        CheckConstraint("(source = 'bonus') = (bonus_tiyn = COALESCE(amount_tiyn, -1))", name="whole_is_by_bonus"),
        CheckConstraint("bonus_hold_id IS NULL OR bonus_tiyn > 0", name="held_bonus_is_spent"),
        CheckConstraint("recipient_id IS NOT NULL OR phone <> '' OR token <> ''", name="goes_somewhere"),
        CheckConstraint(
            "CASE WHEN recipient_id IS NULL THEN 0 WHEN recipient_id = customer_id THEN 1 ELSE 0 END"
            " = CASE WHEN kind = 'own' THEN 1 ELSE 0 END",
            name="own_goes_to_oneself",
        ),
        CheckConstraint(
            "state = 'draft' OR (amount_tiyn IS NOT NULL AND source <> '' AND started_at IS NOT NULL)",
            name="deed_has_content",
        ),
        CheckConstraint("hold_id IS NULL OR charge_id IS NULL", name="held_or_charged"),
        CheckConstraint(
            "state <> 'draft' OR (hold_id IS NULL AND bonus_hold_id IS NULL AND charge_id IS NULL"
            " AND payout_id IS NULL)",
            name="draft_takes_nothing",
        ),
        CheckConstraint(
            "state NOT IN ('funding', 'held', 'sending', 'waiting') OR hold_id IS NOT NULL OR charge_id IS NOT NULL"
            " OR source = 'bonus'",
            name="open_has_money",
        ),
        CheckConstraint(
            "state NOT IN ('funding', 'held', 'sending', 'waiting') OR bonus_tiyn = 0 OR bonus_hold_id IS NOT NULL",
            name="open_has_bonus",
        ),
        CheckConstraint("state <> 'held' OR undo_until IS NOT NULL", name="held_until_known"),
        CheckConstraint("state <> 'waiting' OR (waits_until IS NOT NULL AND phone <> '')", name="waits_until_known"),
        CheckConstraint("state <> 'sending' OR payout_id IS NOT NULL", name="sending_is_paid_out"),
        CheckConstraint(
            "(finished_at IS NULL) = (state IN ('draft', 'funding', 'held', 'sending', 'waiting'))",
            name="finished_when_final",
        ),
        Index("ix_transfer_issued", "customer_id", "issued_at"),
        Index("ix_transfer_day", "customer_id", "kind", "started_at"),
        Index("ix_transfer_recipient", "recipient_id", "state"),
        Index("ix_transfer_held", "state", "undo_until"),
        Index("ix_transfer_waiting", "state", "waits_until"),
        Index("ix_transfer_phone", "phone", "state"),
        Index("uq_transfer_charge", "charge_id", unique=True),
        Index("uq_transfer_bonus_hold", "bonus_hold_id", unique=True),
    )

    id: int | None = id_field()
    public_id: str = Field(max_length=26, unique=True)
    customer_id: int = ref_field("customer.id")
    """The sender."""
    kind: str = Field(max_length=8)
    recipient_id: int | None = ref_field("customer.id", nullable=True, default=None)
    """Whose account here it goes to; None for another bank's card and for a phone without a wallet."""
    phone: str = Field(default="", max_length=16)
    to_card_id: int | None = ref_field("card.id", nullable=True, default=None)
    """The card of the recipient that it goes to; None for the wallet and for a card that nobody linked here."""
    card_recipient_id: str | None = Field(
        default=None, foreign_key="card_recipient.id", unique=True, nullable=True, max_length=26
    )
    """The typed card number that this draft was made for."""
    token: str = Field(default="", max_length=64)
    """Another bank's card that it goes to, by the processor's token."""
    brand: str = Field(default="", max_length=20)
    last4: str = Field(default="", max_length=4)
    masked_name: str = Field(default="", max_length=80)
    amount_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """The whole sum, whatever it is paid with."""
    bonus_tiyn: int = tiyn_field(default=0)
    """The part of it that is paid with bonuses."""
    source: str = Field(default="", max_length=8)
    """What pays the rest, or `bonus` when bonuses pay the whole."""
    card_id: int | None = ref_field("card.id", nullable=True, default=None)
    note: str = Field(default="", max_length=100)
    proposal: int = 0
    """Counts proposals: whoever presses Send must have seen the last one."""
    confirmed_tiyn: int | None = tiyn_field(nullable=True, default=None)
    """The sum that a code from an SMS was typed for."""
    state: str = Field(default="draft", max_length=10)
    reason: str = Field(default="", max_length=24)
    """Why it was refused, in the processor's word."""
    hold_id: int | None = ref_field("hold.id", nullable=True, default=None, unique=True)
    bonus_hold_id: int | None = ref_field("hold.id", nullable=True, default=None)
    charge_id: int | None = ref_field("card_charge.id", nullable=True, default=None)
    payout_id: int | None = ref_field("card_payout.id", nullable=True, default=None, unique=True)
    issued_at: datetime = moment_field()
    expires_at: datetime = moment_field()
    """When the draft ends, in real time, as is the end of undoing."""
    undo_until: datetime | None = moment_field(nullable=True, default=None)
    started_at: datetime | None = moment_field(nullable=True, default=None)
    """By the bank's clock, as are `waits_until` and `finished_at`."""
    waits_until: datetime | None = moment_field(nullable=True, default=None)
    finished_at: datetime | None = moment_field(nullable=True, default=None)


class TransferLimit(SQLModel, table=True):
    """The most that one customer may transfer in one operation and in one business day, from a day on."""

    __tablename__ = "transfer_limit"  # type: ignore[assignment]
    __table_args__ = (
        UniqueConstraint("kind", "valid_from"),
        CheckConstraint("kind IN ('phone', 'own', 'card')", name="kind_known"),
        CheckConstraint("per_operation_tiyn > 0 AND per_day_tiyn >= per_operation_tiyn", name="limits_in_order"),
    )

    id: int | None = id_field()
    kind: str = Field(max_length=8)
    valid_from: date
    per_operation_tiyn: int = tiyn_field()
    per_day_tiyn: int = tiyn_field()


class ReturnRequest(SQLModel, table=True):
    """A sender's request to give a transfer back; only the recipient can."""

    __tablename__ = "return_request"  # type: ignore[assignment]
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'accepted', 'declined', 'expired')", name="state_known"),
        CheckConstraint("(answered_at IS NULL) = (state = 'asked')", name="answered_when_final"),
        Index("ix_return_request_due", "state", "expires_at"),
    )

    id: int | None = id_field()
    transfer_id: int = ref_field("transfer.id", unique=True)
    state: str = Field(default="asked", max_length=10)
    asked_at: datetime = moment_field()
    """By the bank's clock, as is everything here."""
    expires_at: datetime = moment_field()
    answered_at: datetime | None = moment_field(nullable=True, default=None)
