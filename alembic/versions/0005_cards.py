"""Cards, the charges on them and payouts to them."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel import table

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=20), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("linked_at", table.Moment(timezone=True), nullable=False),
        sa.Column("frozen_at", table.Moment(timezone=True), nullable=True),
        sa.Column("unlinked_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('own', 'bank')", name=op.f("ck_card_kind_known")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_card_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("public_id", name=op.f("uq_card_public_id")),
    )
    op.create_index("ix_card_customer", "card", ["customer_id"], unique=False)
    op.create_index(
        "uq_card_live_token",
        "card",
        ["token"],
        unique=True,
        sqlite_where=sa.text("unlinked_at IS NULL"),
        postgresql_where=sa.text("unlinked_at IS NULL"),
    )
    op.create_table(
        "card_link",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=20), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("onward", sa.String(length=200), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'challenge', 'linked', 'declined')", name=op.f("ck_card_link_state_known")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_card_link_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_link")),
    )
    op.create_index("ix_card_link_recent", "card_link", ["customer_id", "created_at"], unique=False)
    op.create_table(
        "card_recipient",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("brand", sa.String(length=20), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("masked_name", sa.String(length=64), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("token = '' OR card_id IS NULL", name=op.f("ck_card_recipient_ours_or_tokened")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_recipient_card_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_card_recipient_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_recipient")),
    )
    op.create_index("ix_card_recipient_recent", "card_recipient", ["customer_id", "created_at"], unique=False)
    op.create_table(
        "card_charge",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("wanted", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("refunded_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("leased_until", table.Moment(timezone=True), nullable=False),
        sa.Column("gives_up_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "refunded_tiyn BETWEEN 0 AND amount_tiyn AND (refunded_tiyn = 0 OR state IN ('authorised', 'captured'))",
            name=op.f("ck_card_charge_refunded_within"),
        ),
        sa.CheckConstraint(
            "state IN ('new', 'challenge', 'authorised', 'captured', 'voided', 'declined')",
            name=op.f("ck_card_charge_state_known"),
        ),
        sa.CheckConstraint(
            "wanted = '' OR state NOT IN ('captured', 'voided', 'declined')",
            name=op.f("ck_card_charge_nothing_wanted_at_the_end"),
        ),
        sa.CheckConstraint("wanted IN ('', 'authorise', 'capture', 'void')", name=op.f("ck_card_charge_wanted_known")),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_card_charge_amount_above_zero")),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_charge_card_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_card_charge_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_charge")),
        sa.UniqueConstraint("key", name=op.f("uq_card_charge_key")),
        sa.UniqueConstraint("subject", name=op.f("uq_card_charge_subject")),
    )
    op.create_index(op.f("ix_card_charge_customer_id"), "card_charge", ["customer_id"], unique=False)
    op.create_index("ix_card_charge_due", "card_charge", ["wanted", "due_at"], unique=False)
    op.create_table(
        "card_refund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("leased_until", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('new', 'done', 'declined')", name=op.f("ck_card_refund_state_known")),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_card_refund_amount_above_zero")),
        sa.ForeignKeyConstraint(["charge_id"], ["card_charge.id"], name=op.f("fk_card_refund_charge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_refund")),
        sa.UniqueConstraint("key", name=op.f("uq_card_refund_key")),
    )
    op.create_index(op.f("ix_card_refund_charge_id"), "card_refund", ["charge_id"], unique=False)
    op.create_index("ix_card_refund_due", "card_refund", ["state", "due_at"], unique=False)
    op.create_table(
        "card_payout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("last4", sa.String(length=4), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("leased_until", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('new', 'done', 'declined')", name=op.f("ck_card_payout_state_known")),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_card_payout_amount_above_zero")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_card_payout_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_payout")),
        sa.UniqueConstraint("key", name=op.f("uq_card_payout_key")),
        sa.UniqueConstraint("subject", name=op.f("uq_card_payout_subject")),
    )
    op.create_index("ix_card_payout_due", "card_payout", ["state", "due_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
