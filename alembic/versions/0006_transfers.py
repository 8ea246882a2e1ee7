"""Transfers between people, accounts and cards."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel import table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfer_limit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("per_operation_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("per_day_tiyn", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('phone', 'own', 'card')", name=op.f("ck_transfer_limit_kind_known")),
        sa.CheckConstraint(
            "per_operation_tiyn > 0 AND per_day_tiyn >= per_operation_tiyn",
            name=op.f("ck_transfer_limit_limits_in_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_limit")),
        sa.UniqueConstraint("kind", "valid_from", name=op.f("uq_transfer_limit_kind_valid_from")),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("recipient_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("to_card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("card_recipient_id", sa.String(length=26), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=20), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("masked_name", sa.String(length=80), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.String(length=100), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=False),
        sa.Column("confirmed_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("hold_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issued_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.Column("undo_until", table.Moment(timezone=True), nullable=True),
        sa.Column("started_at", table.Moment(timezone=True), nullable=True),
        sa.Column("waits_until", table.Moment(timezone=True), nullable=True),
        sa.Column("finished_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('draft', 'funding', 'held', 'sending', 'waiting'))",
            name=op.f("ck_transfer_finished_when_final"),
        ),
        sa.CheckConstraint("(source = 'card') = (card_id IS NOT NULL)", name=op.f("ck_transfer_card_is_named")),
        sa.CheckConstraint(
            "CASE WHEN recipient_id IS NULL THEN 0 WHEN recipient_id = customer_id THEN 1 ELSE 0 END = CASE WHEN kind = 'own' THEN 1 ELSE 0 END",
            name=op.f("ck_transfer_own_goes_to_oneself"),
        ),
        sa.CheckConstraint("kind IN ('phone', 'own', 'card')", name=op.f("ck_transfer_kind_known")),
        sa.CheckConstraint(
            "recipient_id IS NOT NULL OR phone <> '' OR token <> ''", name=op.f("ck_transfer_goes_somewhere")
        ),
        sa.CheckConstraint("source IN ('', 'wallet', 'card')", name=op.f("ck_transfer_source_known")),
        sa.CheckConstraint(
            "state <> 'draft' OR (hold_id IS NULL AND charge_id IS NULL AND payout_id IS NULL)",
            name=op.f("ck_transfer_draft_takes_nothing"),
        ),
        sa.CheckConstraint("state <> 'held' OR undo_until IS NOT NULL", name=op.f("ck_transfer_held_until_known")),
        sa.CheckConstraint("state <> 'sending' OR payout_id IS NOT NULL", name=op.f("ck_transfer_sending_is_paid_out")),
        sa.CheckConstraint(
            "state <> 'waiting' OR (waits_until IS NOT NULL AND phone <> '')",
            name=op.f("ck_transfer_waits_until_known"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (amount_tiyn IS NOT NULL AND source <> '' AND started_at IS NOT NULL)",
            name=op.f("ck_transfer_deed_has_content"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'funding', 'held', 'sending', 'waiting', 'done', 'undone', 'refused', 'returned')",
            name=op.f("ck_transfer_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('funding', 'held', 'sending', 'waiting') OR hold_id IS NOT NULL OR charge_id IS NOT NULL",
            name=op.f("ck_transfer_open_has_money"),
        ),
        sa.CheckConstraint("amount_tiyn IS NULL OR amount_tiyn > 0", name=op.f("ck_transfer_amount_above_zero")),
        sa.CheckConstraint("hold_id IS NULL OR charge_id IS NULL", name=op.f("ck_transfer_held_or_charged")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_transfer_card_id")),
        sa.ForeignKeyConstraint(
            ["card_recipient_id"], ["card_recipient.id"], name=op.f("fk_transfer_card_recipient_id")
        ),
        sa.ForeignKeyConstraint(["charge_id"], ["card_charge.id"], name=op.f("fk_transfer_charge_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_transfer_customer_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_transfer_hold_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["card_payout.id"], name=op.f("fk_transfer_payout_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["customer.id"], name=op.f("fk_transfer_recipient_id")),
        sa.ForeignKeyConstraint(["to_card_id"], ["card.id"], name=op.f("fk_transfer_to_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("card_recipient_id", name=op.f("uq_transfer_card_recipient_id")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_transfer_hold_id")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_transfer_payout_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_transfer_public_id")),
    )
    op.create_index("uq_transfer_charge", "transfer", ["charge_id"], unique=True)
    op.create_index("ix_transfer_day", "transfer", ["customer_id", "kind", "started_at"], unique=False)
    op.create_index("ix_transfer_held", "transfer", ["state", "undo_until"], unique=False)
    op.create_index("ix_transfer_issued", "transfer", ["customer_id", "issued_at"], unique=False)
    op.create_index("ix_transfer_phone", "transfer", ["phone", "state"], unique=False)
    op.create_index("ix_transfer_recipient", "transfer", ["recipient_id", "state"], unique=False)
    op.create_index("ix_transfer_waiting", "transfer", ["state", "waits_until"], unique=False)
    op.create_table(
        "return_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("transfer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.Column("answered_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (state = 'asked')", name=op.f("ck_return_request_answered_when_final")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'expired')", name=op.f("ck_return_request_state_known")
        ),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_return_request_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_request")),
        sa.UniqueConstraint("transfer_id", name=op.f("uq_return_request_transfer_id")),
    )
    op.create_index("ix_return_request_due", "return_request", ["state", "expires_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
