"""Services as rows, sources of money, refunds, differences, favourites and rules about bonuses."""

import json

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel import table
from kaspi_web.kernel.reshaping import make_nullable, recheck

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _payments()
    _services()
    _intents()
    _refunds()
    _rest()


def _text(name: str, length: int | None = None, default: str = "") -> sa.Column:
    kind = sa.String(length=length) if length else sa.String()
    return sa.Column(name, kind, nullable=False, server_default=default)


def _tiyn(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")


def _flag(name: str, default: bool) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true() if default else sa.false())


def _services() -> None:
    connection = op.get_bind()
    for column in (
        _text("city", 32),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        _text("search", 500),
        _text("dialect", 12, "osmp"),
        _flag("tells_owner", False),
        _flag("needs_iin", False),
        _text("fields", default="{}"),
        _text("prefixes", 80),
        _text("kbk", 6),
        _text("knp", 3),
        _flag("active", True),
    ):
        op.add_column("biller", column)
    _keep_what_services_asked(connection)
    recheck(connection, "biller", "bonus_within_whole", "bonus_basis_points BETWEEN 0 AND 10000", None)
    for name in ("bonus_basis_points", "account_pattern", "account_example"):
        op.drop_column("biller", name)
    recheck(connection, "biller", "dialect_known", None, "dialect IN ('osmp', 'kaspi_xml', 'kaspi_json')")
    op.create_table(
        "holiday", sa.Column("day", sa.Date(), nullable=False), sa.PrimaryKeyConstraint("day", name="pk_holiday")
    )
    op.create_table(
        "bonus_rule",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("applies", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "applies IN ('all', 'category', 'service', 'merchant')", name=op.f("ck_bonus_rule_applies_known")
        ),
        sa.CheckConstraint("(applies = 'all') = (name = '')", name=op.f("ck_bonus_rule_named_unless_for_all")),
        sa.CheckConstraint("basis_points BETWEEN 0 AND 10000", name=op.f("ck_bonus_rule_within_whole")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_bonus_rule_days_in_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonus_rule")),
    )
    op.create_index("uq_bonus_rule", "bonus_rule", ["applies", "name", "valid_from"], unique=True)


_LABEL = {"kk": "Жеке шот", "ru": "Лицевой счёт", "en": "Account number"}


def _keep_what_services_asked(connection: sa.Connection) -> None:
    """Each service asked for an account number of one form: so it does until its data file is read."""
    rows = connection.execute(sa.text("SELECT slug, account_pattern, account_example FROM biller")).all()
    for slug, pattern, example in rows:
        hint = dict.fromkeys(_LABEL, "")
        way = {
            "name": "account",
            "kind": "digits",
            "label": _LABEL,
            "hint": hint,
            "pattern": pattern,
            "example": example,
        }
        fields = json.dumps({"ways": [way], "extra": []}, ensure_ascii=False)
        connection.execute(sa.text("UPDATE biller SET fields = :f WHERE slug = :s"), {"f": fields, "s": slug})


def _intents() -> None:
    for column in (
        _text("way", 20),
        _text("account_sealed"),
        _text("extra", default="{}"),
        _text("offer", default="{}"),
        _text("chosen", default="{}"),
        sa.Column("proposal", sa.Integer(), nullable=False, server_default="0"),
        _tiyn("spend_bonus_tiyn"),
    ):
        op.add_column("payment_intent", column)
    _reference("payment_intent", "card_id", "card")
    recheck(
        op.get_bind(),
        "payment_intent",
        "bonus_within",
        None,
        "spend_bonus_tiyn >= 0 AND (amount_tiyn IS NULL OR spend_bonus_tiyn <= amount_tiyn)",
    )


def _reference(of: str, column: str, to: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        name = f"fk_{of}_{column}"
        op.execute(f"ALTER TABLE {of} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {to} (id)")
        return
    op.add_column(of, sa.Column(column, _ID, nullable=True))
    op.create_foreign_key(f"fk_{of}_{column}", of, to, [column], ["id"])


def _payments() -> None:
    connection = op.get_bind()
    for column in (
        _text("account_sealed"),
        _text("extra", default="{}"),
        sa.Column("bonus_basis_points", sa.Integer(), nullable=False, server_default="0"),
        _text("source", 12, "wallet"),
        _tiyn("spent_bonus_tiyn"),
        _tiyn("refunded_tiyn"),
        _tiyn("taken_back_tiyn"),
    ):
        op.add_column("bill_payment", column)
    # Refunds work the bonus out anew by the rate that it was given at.
    connection.exec_driver_sql(
        "UPDATE bill_payment SET bonus_basis_points ="
        " (SELECT b.bonus_basis_points FROM biller b WHERE b.slug = bill_payment.biller)"
    )
    _reference("bill_payment", "card_id", "card")
    _reference("bill_payment", "bonus_hold_id", "hold")
    _reference("bill_payment", "charge_id", "card_charge")
    make_nullable(connection, "bill_payment", "hold_id")
    op.create_index("ix_bill_payment_day", "bill_payment", ["biller", "started_at"])
    op.create_index("uq_bill_payment_charge", "bill_payment", ["charge_id"], unique=True)
    op.create_index("uq_bill_payment_bonus_hold", "bill_payment", ["bonus_hold_id"], unique=True)
    for name, old, new in _CHECKS:
        recheck(connection, "bill_payment", name, old, new)


_CHECKS = (
    (
        "state_known",
        "state IN ('on_way', 'registry', 'done', 'refused')",
        "state IN ('funding', 'on_way', 'registry', 'done', 'refused')",
    ),
    (
        "finished_when_final",
        "(finished_at IS NULL) = (state IN ('on_way', 'registry'))",
        "(finished_at IS NULL) = (state IN ('funding', 'on_way', 'registry'))",
    ),
    ("source_known", None, "source IN ('wallet', 'bonus', 'card')"),
    ("bonus_within", None, "spent_bonus_tiyn BETWEEN 0 AND amount_tiyn"),
    ("bonus_is_held", None, "(spent_bonus_tiyn > 0) = (bonus_hold_id IS NOT NULL)"),
    (
        "money_is_held_or_charged",
        None,
        "(CASE WHEN hold_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN charge_id IS NULL THEN 0 ELSE 1 END)"
        " = (CASE WHEN spent_bonus_tiyn = amount_tiyn THEN 0 ELSE 1 END)",
    ),
    ("refunded_within", None, "refunded_tiyn BETWEEN 0 AND amount_tiyn"),
    ("refunded_when_done", None, "refunded_tiyn = 0 OR state = 'done'"),
    ("taken_back_within", None, "taken_back_tiyn BETWEEN 0 AND bonus_tiyn"),
)


def _refunds() -> None:
    op.create_table(
        "bill_refund",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("payment_id", _ID, nullable=False),
        sa.Column("biller", sa.String(length=32), nullable=False),
        sa.Column("cancel_id", sa.String(length=64), nullable=False),
        sa.Column("asked_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("amount_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("to_bonus_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("to_money_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("goes_to", sa.String(length=10), nullable=False),
        sa.Column("taken_back_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("withheld_tiyn", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("refunded_at", table.Moment(timezone=True), nullable=False),
        sa.CheckConstraint("amount_tiyn > 0", name=op.f("ck_bill_refund_amount_above_zero")),
        sa.CheckConstraint(
            "to_bonus_tiyn >= 0 AND to_money_tiyn >= 0 AND withheld_tiyn >= 0",
            name=op.f("ck_bill_refund_parts_not_negative"),
        ),
        sa.CheckConstraint(
            "to_bonus_tiyn + to_money_tiyn + withheld_tiyn = amount_tiyn", name=op.f("ck_bill_refund_parts_add_up")
        ),
        sa.CheckConstraint("taken_back_tiyn >= 0", name=op.f("ck_bill_refund_taken_back_not_negative")),
        sa.CheckConstraint("goes_to IN ('wallet', 'card', 'bank_card')", name=op.f("ck_bill_refund_goes_to_known")),
        sa.ForeignKeyConstraint(["biller"], ["biller.slug"], name=op.f("fk_bill_refund_biller")),
        sa.ForeignKeyConstraint(["payment_id"], ["bill_payment.id"], name=op.f("fk_bill_refund_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill_refund")),
        sa.UniqueConstraint("biller", "cancel_id", name=op.f("uq_bill_refund_biller_cancel_id")),
    )
    op.create_index(op.f("ix_bill_refund_payment_id"), "bill_refund", ["payment_id"])


def _rest() -> None:
    op.create_table(
        "difference",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("biller", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("txn_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("our_state", sa.String(length=10), nullable=False),
        sa.Column("our_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("their_state", sa.String(length=10), nullable=False),
        sa.Column("their_tiyn", sa.BigInteger(), nullable=True),
        sa.Column("found_at", table.Moment(timezone=True), nullable=False),
        sa.Column("resolved_at", table.Moment(timezone=True), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('not_at_biller', 'not_here', 'other_sum', 'other_account', 'late_success', 'late_refusal',"
            " 'other_refund', 'not_finished', 'twice')",
            name=op.f("ck_difference_kind_known"),
        ),
        sa.CheckConstraint("resolved_at IS NOT NULL OR NOT by_hand", name=op.f("ck_difference_by_hand_when_resolved")),
        sa.ForeignKeyConstraint(["biller"], ["biller.slug"], name=op.f("fk_difference_biller")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
        sa.UniqueConstraint("biller", "txn_id", "kind", name=op.f("uq_difference_biller_txn_id_kind")),
    )
    op.create_index(op.f("ix_difference_day"), "difference", ["day"])
    op.create_table(
        "favourite",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("customer_id", _ID, nullable=False),
        sa.Column("biller", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_at", table.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["biller"], ["biller.slug"], name=op.f("fk_favourite_biller")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_favourite_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_favourite")),
        sa.UniqueConstraint("customer_id", "biller", "account", name=op.f("uq_favourite_customer_id_biller_account")),
    )


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
