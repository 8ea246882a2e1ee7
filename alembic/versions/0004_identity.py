"""Who a customer is by the population register."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.domain.identity.guards import postgres_guards, sqlite_guards
from kaspi_web.kernel import table

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "identity",
        sa.Column("customer_id", number, nullable=False),
        sa.Column("iin_digest", sa.String(length=64), nullable=False),
        sa.Column("iin_sealed", sa.String(length=200), nullable=False),
        sa.Column("iin_masked", sa.String(length=16), nullable=False),
        sa.Column("matched_at", table.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_identity_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_identity")),
        sa.UniqueConstraint("iin_digest", name=op.f("uq_identity_iin_digest")),
    )
    op.create_table(
        "identity_try",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("customer_id", number, nullable=False),
        sa.Column("at", table.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_identity_try_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_try")),
    )
    op.create_index("ix_identity_try_recent", "identity_try", ["customer_id", "at"], unique=False)
    op.create_table(
        "identity_request",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("customer_id", number, nullable=False),
        sa.Column("reference", sa.String(length=26), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", table.Moment(timezone=True), nullable=False),
        sa.Column("due_at", table.Moment(timezone=True), nullable=False),
        sa.Column("done_at", table.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_identity_request_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_request")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_identity_request_customer_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_identity_request_reference")),
    )
    op.create_index("ix_identity_request_due", "identity_request", ["done_at", "due_at"], unique=False)
    guards = sqlite_guards if op.get_bind().dialect.name == "sqlite" else postgres_guards
    for statement in guards():
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
