"""Plans: Kaspi RED, instalments and credit; accounts for what is lent and earned."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel import table
from kaspi_web.kernel.reshaping import recheck

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KINDS = (
    "kind IN ('wallet', 'bonus', 'merchant', 'card', 'holds', 'topups_on_way', 'biller_payable', 'terminal_network', 'card_processor', 'card_payouts', 'settlement', 'bonus_expense')",
    "kind IN ('wallet', 'bonus', 'merchant', 'card', 'holds', 'topups_on_way', 'biller_payable', 'terminal_network', 'card_processor', 'card_payouts', 'settlement', 'loan', 'loan_interest', 'loan_fine', 'interest_income', 'fine_income', 'commission_income', 'bonus_expense')",
)


def upgrade() -> None:
    recheck(op.get_bind(), "account", "kind_in_chart", *_KINDS)
    op.create_table(
        "loan_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_rule")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_loan_rule_name_valid_from")),
    )
    op.create_table(
        "loan_term",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("minimum_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("maximum_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("rate_basis_points", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit') = (rate_basis_points > 0)", name=op.f("ck_loan_term_credit_has_interest")
        ),
        sa.CheckConstraint("kind IN ('red', 'instalment', 'credit')", name=op.f("ck_loan_term_kind_known")),
        sa.CheckConstraint(
            "minimum_tiyn > 0 AND maximum_tiyn >= minimum_tiyn", name=op.f("ck_loan_term_sums_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_term")),
        sa.UniqueConstraint("kind", "months", "valid_from", name=op.f("uq_loan_term_kind_months_valid_from")),
    )
    op.create_table(
        "due_bill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("late_on", sa.Date(), nullable=True),
        sa.Column("fine_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("paid_fine_tiyn", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(step = 'none') = (next_on IS NULL)", name=op.f("ck_due_bill_steps_have_days")),
        sa.CheckConstraint(
            "step IN ('remind', 'due', 'late', 'fine', 'collect', 'none')", name=op.f("ck_due_bill_step_known")
        ),
        sa.CheckConstraint(
            "paid_fine_tiyn >= 0 AND paid_fine_tiyn <= fine_tiyn", name=op.f("ck_due_bill_fine_in_range")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_due_bill_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_bill")),
        sa.UniqueConstraint("customer_id", "subject", "due_on", name=op.f("uq_due_bill_customer_id_subject_due_on")),
    )
    op.create_index("ix_due_bill_customer", "due_bill", ["customer_id", "due_on"], unique=False)
    op.create_index("ix_due_bill_next", "due_bill", ["next_on"], unique=False)
    op.create_table(
        "loan",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("rate_basis_points", sa.Integer(), nullable=False),
        sa.Column("gesv_basis_points", sa.Integer(), nullable=False),
        sa.Column("repaid_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("returned_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("overpaid_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("interest_back_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("pays_automatically", sa.Boolean(), nullable=False),
        sa.Column("contract", sa.String(length=20), nullable=False),
        sa.Column("signed_at", table.Moment(timezone=True), nullable=True),
        sa.Column("made_at", table.Moment(timezone=True), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("interest_since", sa.Date(), nullable=True),
        sa.Column("annulled_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("(kind = 'credit') = (rate_basis_points > 0)", name=op.f("ck_loan_credit_has_interest")),
        sa.CheckConstraint(
            "(state IN ('active', 'closed')) = (opened_on IS NOT NULL)", name=op.f("ck_loan_opened_by_hand_over")
        ),
        sa.CheckConstraint("annulled_on IS NULL OR kind <> 'red'", name=op.f("ck_loan_red_has_nothing_to_annul")),
        sa.CheckConstraint("kind IN ('red', 'instalment', 'credit')", name=op.f("ck_loan_kind_known")),
        sa.CheckConstraint("state <> 'cancelled' OR amount_tiyn = 0", name=op.f("ck_loan_cancelled_lends_nothing")),
        sa.CheckConstraint(
            "state <> 'closed' OR repaid_tiyn + returned_tiyn = amount_tiyn", name=op.f("ck_loan_closed_when_paid")
        ),
        sa.CheckConstraint(
            "state IN ('signing', 'reserved', 'active', 'closed', 'cancelled')", name=op.f("ck_loan_state_known")
        ),
        sa.CheckConstraint("interest_back_tiyn >= 0", name=op.f("ck_loan_interest_back_not_negative")),
        sa.CheckConstraint("months > 0 AND amount_tiyn >= 0", name=op.f("ck_loan_not_negative")),
        sa.CheckConstraint("overpaid_tiyn BETWEEN 0 AND repaid_tiyn", name=op.f("ck_loan_overpaid_in_range")),
        sa.CheckConstraint("repaid_tiyn + returned_tiyn <= amount_tiyn", name=op.f("ck_loan_parts_in_range")),
        sa.CheckConstraint("repaid_tiyn >= 0 AND returned_tiyn >= 0", name=op.f("ck_loan_parts_not_negative")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_loan_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan")),
        sa.UniqueConstraint("public_id", name=op.f("uq_loan_public_id")),
        sa.UniqueConstraint("subject", name=op.f("uq_loan_subject")),
    )
    op.create_index("ix_loan_customer", "loan", ["customer_id", "state", "id"], unique=False)
    op.create_table(
        "red_member",
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("limit_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("used_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("reserved_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("pays_automatically", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=False),
        sa.Column("because", sa.String(length=40), nullable=False),
        sa.Column("joined_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("limit_tiyn > 0", name=op.f("ck_red_member_limit_above_zero")),
        sa.CheckConstraint("used_tiyn + reserved_tiyn <= limit_tiyn", name=op.f("ck_red_member_within_limit")),
        sa.CheckConstraint("used_tiyn >= 0 AND reserved_tiyn >= 0", name=op.f("ck_red_member_uses_not_negative")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_red_member_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_red_member")),
    )
    op.create_table(
        "repayment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("principal_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("interest_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("fine_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("way IN ('due', 'early', 'whole', 'automatic')", name=op.f("ck_repayment_way_known")),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_repayment_amount_above_zero")),
        sa.CheckConstraint(
            "principal_tiyn >= 0 AND interest_tiyn >= 0 AND fine_tiyn >= 0 AND principal_tiyn + interest_tiyn + fine_tiyn = amount_tiyn",
            name=op.f("ck_repayment_parts_add_up"),
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_repayment_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repayment")),
        sa.UniqueConstraint("key", name=op.f("uq_repayment_key")),
    )
    op.create_index("ix_repayment_customer", "repayment", ["customer_id", "id"], unique=False)
    op.create_table(
        "due_run",
        sa.Column("bill_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["due_bill.id"], name=op.f("fk_due_run_bill_id")),
        sa.PrimaryKeyConstraint("bill_id", "step", name=op.f("pk_due_run")),
    )
    op.create_table(
        "loan_payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("loan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("principal_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("interest_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("paid_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("early_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("accrued_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("paid_interest_tiyn", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("early_tiyn BETWEEN 0 AND paid_tiyn", name=op.f("ck_loan_payment_early_in_range")),
        sa.CheckConstraint(
            "paid_interest_tiyn >= 0 AND paid_interest_tiyn <= accrued_tiyn AND accrued_tiyn <= interest_tiyn",
            name=op.f("ck_loan_payment_interest_in_range"),
        ),
        sa.CheckConstraint(
            "paid_tiyn >= 0 AND cancelled_tiyn >= 0 AND paid_tiyn + cancelled_tiyn <= principal_tiyn",
            name=op.f("ck_loan_payment_principal_in_range"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_loan_payment_loan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_payment")),
        sa.UniqueConstraint("loan_id", "number", name=op.f("uq_loan_payment_loan_id_number")),
    )
    op.create_index("ix_loan_payment_due", "loan_payment", ["loan_id", "due_on"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
