"""The bank: every table of the first release, and the guards of the ledger."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.domain.ledger.guards import postgres_guards, sqlite_guards
from kaspi_web.kernel import table

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("balance_tiyn", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('wallet', 'bonus', 'merchant')) = (balance_tiyn IS NOT NULL)",
            name=op.f("ck_account_kept_balance"),
        ),
        sa.CheckConstraint(
            "NOT (kind IN ('wallet', 'bonus')) OR balance_tiyn >= 0", name=op.f("ck_account_not_below_zero")
        ),
        sa.CheckConstraint(
            "kind IN ('wallet', 'bonus', 'merchant', 'holds', 'topups_on_way', 'biller_payable', 'terminal_network', 'settlement', 'bonus_expense')",
            name=op.f("ck_account_kind_in_chart"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("kind", "owner", name=op.f("uq_account_kind_owner")),
    )
    op.create_table(
        "biller",
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("name_kk", sa.String(length=120), nullable=False),
        sa.Column("name_ru", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("bin", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("account_pattern", sa.String(length=80), nullable=False),
        sa.Column("account_example", sa.String(length=40), nullable=False),
        sa.Column("bonus_basis_points", sa.Integer(), nullable=False),
        sa.Column("minimum_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("maximum_tiyn", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("bonus_basis_points BETWEEN 0 AND 10000", name=op.f("ck_biller_bonus_within_whole")),
        sa.CheckConstraint("minimum_tiyn > 0 AND maximum_tiyn >= minimum_tiyn", name=op.f("ck_biller_limits_in_order")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_biller")),
    )
    with op.batch_alter_table("biller", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_biller_category"), ["category"], unique=False)

    op.create_table(
        "customer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("given_name", sa.String(length=60), nullable=False),
        sa.Column("family_name", sa.String(length=60), nullable=False),
        sa.Column("patronymic", sa.String(length=60), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("consent_version", sa.String(length=20), nullable=False),
        sa.Column("consented_at", table.Moment(timezone=True), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_customer_language_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("phone", name=op.f("uq_customer_phone")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("booked_at", table.Moment(timezone=True), nullable=False),
        sa.Column("written_at", table.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_entry_key")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_subject", ["subject"], unique=False)

    op.create_table(
        "look_up",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("at", table.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_up")),
    )
    with op.batch_alter_table("look_up", schema=None) as batch_op:
        batch_op.create_index("ix_look_up_recent", ["network", "terminal", "at"], unique=False)

    op.create_table(
        "phone_proof",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("cookie_digest", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("started_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.Column("resend_at", table.Moment(timezone=True), nullable=False),
        sa.Column("verified_at", table.Moment(timezone=True), nullable=True),
        sa.Column("given_name", sa.String(length=60), nullable=False),
        sa.Column("family_name", sa.String(length=60), nullable=False),
        sa.Column("patronymic", sa.String(length=60), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("finished_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('register', 'reset')", name=op.f("ck_phone_proof_purpose_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_proof")),
    )
    with op.batch_alter_table("phone_proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phone_proof_cookie_digest"), ["cookie_digest"], unique=False)

    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("phone_digest", sa.String(length=64), nullable=False),
        sa.Column("address_digest", sa.String(length=64), nullable=False),
        sa.Column("at", table.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_try_address", ["address_digest", "at"], unique=False)
        batch_op.create_index("ix_sign_in_try_phone", ["phone_digest", "at"], unique=False)

    op.create_table(
        "sms_code",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("content", sa.String(length=40), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.Column("used_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("wrong_tries >= 0", name=op.f("ck_sms_code_wrong_tries_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_code")),
    )
    with op.batch_alter_table("sms_code", schema=None) as batch_op:
        batch_op.create_index("ix_sms_code_phone", ["phone", "sent_at"], unique=False)

    op.create_table(
        "sms_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("sealed_params", sa.String(length=None), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=True),
        sa.Column("sent_at", table.Moment(timezone=True), nullable=True),
        sa.Column("expired_at", table.Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sms_message")),
    )
    with op.batch_alter_table("sms_message", schema=None) as batch_op:
        batch_op.create_index("ix_sms_message_due", ["sent_at", "due_at"], unique=False)

    op.create_table(
        "terminal_network",
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("minimum_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("maximum_tiyn", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "minimum_tiyn > 0 AND maximum_tiyn >= minimum_tiyn", name=op.f("ck_terminal_network_limits_in_order")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_terminal_network")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("captured_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("released_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_hold_amount_above_zero")),
        sa.CheckConstraint("captured_tiyn + released_tiyn <= amount_tiyn", name=op.f("ck_hold_within_amount")),
        sa.CheckConstraint("captured_tiyn >= 0", name=op.f("ck_hold_captured_not_negative")),
        sa.CheckConstraint("released_tiyn >= 0", name=op.f("ck_hold_released_not_negative")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_hold_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("subject", name=op.f("uq_hold_subject")),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hold_account_id"), ["account_id"], unique=False)

    op.create_table(
        "operation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("receipt", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("counterparty", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("occurred_at", table.Moment(timezone=True), nullable=False),
        sa.Column("changed_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('done', 'on_way', 'refused')", name=op.f("ck_operation_state_known")),
        sa.CheckConstraint("amount_tiyn <> 0", name=op.f("ck_operation_amount_not_zero")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_operation_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sa.UniqueConstraint("customer_id", "subject", name=op.f("uq_operation_customer_id_subject")),
        sa.UniqueConstraint("receipt", name=op.f("uq_operation_receipt")),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index("ix_operation_list", ["customer_id", "id"], unique=False)
        batch_op.create_index("ix_operation_state", ["customer_id", "state", "id"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("debit_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credit_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_posting_amount_above_zero")),
        sa.CheckConstraint("debit_account_id <> credit_account_id", name=op.f("ck_posting_two_accounts")),
        sa.ForeignKeyConstraint(["credit_account_id"], ["account.id"], name=op.f("fk_posting_credit_account_id")),
        sa.ForeignKeyConstraint(["debit_account_id"], ["account.id"], name=op.f("fk_posting_debit_account_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_posting_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index("ix_posting_credit", ["credit_account_id", "id"], unique=False)
        batch_op.create_index("ix_posting_debit", ["debit_account_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("cookie_digest", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("started_at", table.Moment(timezone=True), nullable=False),
        sa.Column("seen_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", table.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_sign_in_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("cookie_digest", name=op.f("uq_sign_in_cookie_digest")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "terminal",
        sa.Column("slug", sa.String(length=32), nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("place_kk", sa.String(length=120), nullable=False),
        sa.Column("place_ru", sa.String(length=120), nullable=False),
        sa.Column("place_en", sa.String(length=120), nullable=False),
        sa.Column("credit_delay_s", sa.Integer(), nullable=False),
        sa.CheckConstraint("credit_delay_s BETWEEN 0 AND 1800", name=op.f("ck_terminal_delay_within_30_minutes")),
        sa.ForeignKeyConstraint(["network"], ["terminal_network.slug"], name=op.f("fk_terminal_network")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_terminal")),
    )
    op.create_table(
        "topup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("txn_id", sa.String(length=20), nullable=False),
        sa.Column("txn_date", table.Moment(timezone=True), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("accepted_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("credited_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("(credited_at IS NULL) = (state = 'on_way')", name=op.f("ck_topup_credited_when_through")),
        sa.CheckConstraint("state IN ('on_way', 'credited')", name=op.f("ck_topup_state_known")),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_topup_amount_above_zero")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_topup_customer_id")),
        sa.ForeignKeyConstraint(["network"], ["terminal_network.slug"], name=op.f("fk_topup_network")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topup")),
        sa.UniqueConstraint("network", "txn_id", name=op.f("uq_topup_network_txn_id")),
    )
    with op.batch_alter_table("topup", schema=None) as batch_op:
        batch_op.create_index("ix_topup_customer", ["customer_id", "id"], unique=False)
        batch_op.create_index("ix_topup_due", ["state", "due_at"], unique=False)

    op.create_table(
        "bill_payment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("txn_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("biller", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("last_word", sa.String(length=24), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("gives_up_at", table.Moment(timezone=True), nullable=False),
        sa.Column("leased_until", table.Moment(timezone=True), nullable=False),
        sa.Column("finished_at", table.Moment(timezone=True), nullable=True),
        sa.Column("biller_txn", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('on_way', 'registry'))",
            name=op.f("ck_bill_payment_finished_when_final"),
        ),
        sa.CheckConstraint(
            "state IN ('on_way', 'registry', 'done', 'refused')", name=op.f("ck_bill_payment_state_known")
        ),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_bill_payment_amount_above_zero")),
        sa.CheckConstraint("bonus_tiyn >= 0", name=op.f("ck_bill_payment_bonus_not_negative")),
        sa.ForeignKeyConstraint(["biller"], ["biller.slug"], name=op.f("fk_bill_payment_biller")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_bill_payment_customer_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_bill_payment_hold_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_payment")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_bill_payment_hold_id")),
        sa.UniqueConstraint("txn_id", name=op.f("uq_bill_payment_txn_id")),
    )
    with op.batch_alter_table("bill_payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bill_payment_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_bill_payment_due", ["state", "due_at"], unique=False)

    op.create_table(
        "kiosk_visit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("terminal", sa.String(length=32), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("masked_name", sa.String(length=80), nullable=False),
        sa.Column("browser_digest", sa.String(length=64), nullable=False),
        sa.Column("inserted_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("txn_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("result", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("answered_at", table.Moment(timezone=True), nullable=True),
        sa.Column("seen_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'paying', 'paid', 'on_way', 'left', 'refused')", name=op.f("ck_kiosk_visit_state_known")
        ),
        sa.CheckConstraint("inserted_tiyn >= 0", name=op.f("ck_kiosk_visit_inserted_not_negative")),
        sa.ForeignKeyConstraint(["terminal"], ["terminal.slug"], name=op.f("fk_kiosk_visit_terminal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk_visit")),
        sa.UniqueConstraint("txn_id", name=op.f("uq_kiosk_visit_txn_id")),
    )
    with op.batch_alter_table("kiosk_visit", schema=None) as batch_op:
        batch_op.create_index("ix_kiosk_visit_browser", ["browser_digest", "terminal", "started_at"], unique=False)
        batch_op.create_index("ix_kiosk_visit_due", ["state", "due_at"], unique=False)

    op.create_table(
        "payment_intent",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("biller", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("issued_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.Column("answered_at", table.Moment(timezone=True), nullable=True),
        sa.Column("owner_name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("debt_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("confirmed_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(payment_id IS NULL) OR (amount_tiyn IS NOT NULL AND source <> '')",
            name=op.f("ck_payment_intent_paid_has_content"),
        ),
        sa.ForeignKeyConstraint(["biller"], ["biller.slug"], name=op.f("fk_payment_intent_biller")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_payment_intent_customer_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["bill_payment.id"], name=op.f("fk_payment_intent_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_intent")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_intent_key")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_payment_intent_payment_id")),
    )
    with op.batch_alter_table("payment_intent", schema=None) as batch_op:
        batch_op.create_index("ix_payment_intent_recent", ["customer_id", "issued_at"], unique=False)
    for statement in sqlite_guards() if op.get_bind().dialect.name == "sqlite" else postgres_guards():
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
