"""Baskets, checkouts, purchases, orders and returns."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel import table

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "basket_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("seen_price_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("added_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name=op.f("ck_basket_line_quantity_in_range")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_basket_line_customer_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_basket_line_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket_line")),
        sa.UniqueConstraint("customer_id", "offer_id", name=op.f("uq_basket_line_customer_id_offer_id")),
    )
    op.create_table(
        "purchase",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("spent_bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("made_at", table.Moment(timezone=True), nullable=False),
        sa.Column("sign_until", table.Moment(timezone=True), nullable=True),
        sa.Column("finished_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('funding', 'signing'))", name=op.f("ck_purchase_finished_when_final")
        ),
        sa.CheckConstraint(
            "(months > 0) = (source IN ('red', 'instalment', 'credit'))", name=op.f("ck_purchase_plans_have_months")
        ),
        sa.CheckConstraint("(source = 'card') = (card_id IS NOT NULL)", name=op.f("ck_purchase_card_is_named")),
        sa.CheckConstraint("charge_id IS NULL OR source = 'card'", name=op.f("ck_purchase_cards_are_charged")),
        sa.CheckConstraint(
            "source IN ('wallet', 'bonus', 'card', 'red', 'instalment', 'credit')",
            name=op.f("ck_purchase_source_known"),
        ),
        sa.CheckConstraint("state <> 'funding' OR charge_id IS NOT NULL", name=op.f("ck_purchase_funding_is_charged")),
        sa.CheckConstraint(
            "state IN ('funding', 'signing', 'placed', 'refused')", name=op.f("ck_purchase_state_known")
        ),
        sa.CheckConstraint(
            "amount_tiyn > 0 AND spent_bonus_tiyn BETWEEN 0 AND amount_tiyn", name=op.f("ck_purchase_parts_in_range")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_purchase_card_id")),
        sa.ForeignKeyConstraint(["charge_id"], ["card_charge.id"], name=op.f("fk_purchase_charge_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_purchase_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase")),
        sa.UniqueConstraint("charge_id", name=op.f("uq_purchase_charge_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_purchase_public_id")),
    )
    op.create_index("ix_purchase_customer", "purchase", ["customer_id", "id"], unique=False)
    op.create_index("ix_purchase_signing", "purchase", ["state", "sign_until"], unique=False)
    op.create_table(
        "checkout",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("spend_bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("proposal", sa.Integer(), nullable=False),
        sa.Column("confirmed_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("purchase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("issued_at", table.Moment(timezone=True), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("(source = 'card') = (card_id IS NOT NULL)", name=op.f("ck_checkout_card_is_named")),
        sa.CheckConstraint(
            "source IN ('', 'wallet', 'bonus', 'card', 'red', 'instalment', 'credit')",
            name=op.f("ck_checkout_source_known"),
        ),
        sa.CheckConstraint("amount_tiyn IS NULL OR amount_tiyn > 0", name=op.f("ck_checkout_amount_above_zero")),
        sa.CheckConstraint(
            "spend_bonus_tiyn >= 0 AND (amount_tiyn IS NULL OR spend_bonus_tiyn <= amount_tiyn)",
            name=op.f("ck_checkout_bonus_in_range"),
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_checkout_card_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_checkout_customer_id")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_checkout_purchase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout")),
        sa.UniqueConstraint("purchase_id", name=op.f("uq_checkout_purchase_id")),
    )
    op.create_index("ix_checkout_issued", "checkout", ["customer_id", "issued_at"], unique=False)
    op.create_table(
        "shop_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("purchase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("merchant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("delivery_mode", sa.String(length=26), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("city", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("money_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("bonus_hold_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("loan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("bonus_basis_points", sa.Integer(), nullable=False),
        sa.Column("promised_bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("cancellation_reason", sa.String(length=40), nullable=False),
        sa.Column("spaces", sa.Integer(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", table.Moment(timezone=True), nullable=False),
        sa.Column("accepted_at", table.Moment(timezone=True), nullable=True),
        sa.Column("handed_over_at", table.Moment(timezone=True), nullable=True),
        sa.Column("cancelled_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(cancelled_at IS NOT NULL) = (cancellation_reason <> '')",
            name=op.f("ck_shop_order_cancelled_for_a_reason"),
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NOT NULL) = (status IN ('RETURNED', 'CANCELLED'))",
            name=op.f("ck_shop_order_cancelled_when_so"),
        ),
        sa.CheckConstraint(
            "(state = 'ARCHIVE') = (status IN ('RETURNED', 'COMPLETED', 'CANCELLED'))",
            name=op.f("ck_shop_order_archived_when_final"),
        ),
        sa.CheckConstraint(
            "delivery_mode IN ('DELIVERY_PICKUP', 'DELIVERY_LOCAL', 'DELIVERY_REGIONAL_TODOOR')",
            name=op.f("ck_shop_order_mode_known"),
        ),
        sa.CheckConstraint(
            "handed_over_at IS NOT NULL OR status <> 'COMPLETED'", name=op.f("ck_shop_order_completed_by_hand_over")
        ),
        sa.CheckConstraint(
            "state IN ('SIGN_REQUIRED', 'NEW', 'PICKUP', 'DELIVERY', 'KASPI_DELIVERY', 'ARCHIVE')",
            name=op.f("ck_shop_order_state_known"),
        ),
        sa.CheckConstraint(
            "status IN ('FUNDING', 'APPROVED_BY_BANK', 'ACCEPTED_BY_MERCHANT', 'ASSEMBLED', 'TRANSMITTED', 'ARRIVED', 'KASPI_DELIVERY_RETURN_REQUESTED', 'RETURN_ACCEPTED_BY_MERCHANT', 'RETURNED', 'COMPLETED', 'CANCELLED')",
            name=op.f("ck_shop_order_status_known"),
        ),
        sa.CheckConstraint(
            "bonus_tiyn >= 0 AND money_tiyn >= 0 AND bonus_tiyn + money_tiyn = amount_tiyn",
            name=op.f("ck_shop_order_parts_add_up"),
        ),
        sa.CheckConstraint("hold_id IS NULL OR loan_id IS NULL", name=op.f("ck_shop_order_held_or_lent")),
        sa.CheckConstraint(
            "taken_back_tiyn >= 0 AND taken_back_tiyn <= promised_bonus_tiyn", name=op.f("ck_shop_order_taken_in_range")
        ),
        sa.ForeignKeyConstraint(["bonus_hold_id"], ["hold.id"], name=op.f("fk_shop_order_bonus_hold_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_shop_order_customer_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_shop_order_hold_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loan.id"], name=op.f("fk_shop_order_loan_id")),
        sa.ForeignKeyConstraint(["merchant_id"], ["merchant.id"], name=op.f("fk_shop_order_merchant_id")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_point.id"], name=op.f("fk_shop_order_point_id")),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name=op.f("fk_shop_order_purchase_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_order")),
        sa.UniqueConstraint("bonus_hold_id", name=op.f("uq_shop_order_bonus_hold_id")),
        sa.UniqueConstraint("code", name=op.f("uq_shop_order_code")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_shop_order_hold_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_shop_order_public_id")),
        sa.UniqueConstraint("purchase_id", "merchant_id", name=op.f("uq_shop_order_purchase_id_merchant_id")),
    )
    op.create_index("ix_shop_order_customer", "shop_order", ["customer_id", "id"], unique=False)
    op.create_index("uq_shop_order_loan", "shop_order", ["loan_id"], unique=True)
    op.create_index("ix_shop_order_due", "shop_order", ["state", "due_on"], unique=False)
    op.create_index("ix_shop_order_merchant", "shop_order", ["merchant_id", "state", "id"], unique=False)
    op.create_table(
        "order_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", table.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_order_event_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
    )
    op.create_index("ix_order_event_order", "order_event", ["order_id", "id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sku", sa.String(length=20), nullable=False),
        sa.Column("name_kk", sa.String(length=160), nullable=False),
        sa.Column("name_ru", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("price_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("money_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("commission_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("cancelled", sa.Integer(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.CheckConstraint("(offer_id IS NULL) = (kind = 'delivery')", name=op.f("ck_order_line_goods_are_offered")),
        sa.CheckConstraint("kind IN ('goods', 'delivery')", name=op.f("ck_order_line_kind_known")),
        sa.CheckConstraint(
            "bonus_tiyn >= 0 AND money_tiyn >= 0 AND bonus_tiyn + money_tiyn = quantity * price_tiyn",
            name=op.f("ck_order_line_parts_add_up"),
        ),
        sa.CheckConstraint(
            "cancelled >= 0 AND returned >= 0 AND cancelled + returned <= quantity",
            name=op.f("ck_order_line_dropped_in_range"),
        ),
        sa.CheckConstraint(
            "commission_tiyn BETWEEN 0 AND quantity * price_tiyn", name=op.f("ck_order_line_commission_in_range")
        ),
        sa.CheckConstraint("quantity > 0 AND price_tiyn > 0", name=op.f("ck_order_line_above_zero")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_order_line_offer_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_order_line_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_line_order_id_number")),
    )
    op.create_table(
        "reservation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("checkout_id", sa.String(length=26), nullable=False),
        sa.Column("offer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("point_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("expires_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('held', 'sold', 'released')", name=op.f("ck_reservation_state_known")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_quantity_above_zero")),
        sa.ForeignKeyConstraint(["checkout_id"], ["checkout.id"], name=op.f("fk_reservation_checkout_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_reservation_offer_id")),
        sa.ForeignKeyConstraint(["point_id"], ["pickup_point.id"], name=op.f("fk_reservation_point_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("checkout_id", "offer_id", name=op.f("uq_reservation_checkout_id_offer_id")),
    )
    op.create_index("ix_reservation_due", "reservation", ["state", "expires_at"], unique=False)
    op.create_index("ix_reservation_stock", "reservation", ["offer_id", "point_id", "state"], unique=False)
    op.create_table(
        "order_return",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("refusal", sa.String(length=300), nullable=False),
        sa.Column("to_bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("to_money_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("off_plan_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("withheld_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("goes_to", sa.String(length=10), nullable=False),
        sa.Column("asked_at", table.Moment(timezone=True), nullable=False),
        sa.Column("answered_at", table.Moment(timezone=True), nullable=True),
        sa.Column("done_at", table.Moment(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'refused') = (refusal <> '')", name=op.f("ck_order_return_refused_for_a_reason")),
        sa.CheckConstraint("reason IN ('unused', 'defective')", name=op.f("ck_order_return_reason_known")),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'refused', 'done', 'withdrawn')", name=op.f("ck_order_return_state_known")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_return_quantity_above_zero")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_order_return_line_id")),
        sa.ForeignKeyConstraint(["order_id"], ["shop_order.id"], name=op.f("fk_order_return_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_return")),
        sa.UniqueConstraint("public_id", name=op.f("uq_order_return_public_id")),
    )
    op.create_index("ix_order_return_order", "order_return", ["order_id", "id"], unique=False)
    op.create_index(
        "ix_order_return_asked",
        "order_return",
        ["asked_at"],
        sqlite_where=sa.text("state = 'asked'"),
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        "ix_order_return_approved",
        "order_return",
        ["answered_at"],
        sqlite_where=sa.text("state = 'approved'"),
        postgresql_where=sa.text("state = 'approved'"),
    )
    op.create_index(
        "uq_order_return_open",
        "order_return",
        ["line_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'approved')"),
        postgresql_where=sa.text("state IN ('asked', 'approved')"),
    )


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
