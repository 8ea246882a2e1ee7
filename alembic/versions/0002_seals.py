"""Seals of the ledger, frozen like what they seal."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.domain.ledger.guards import FROZEN_SEALS, postgres_guards, sqlite_guards
from kaspi_web.kernel import table

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", table.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_seal_entry_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_seal_entry_id")),
    )
    guards = sqlite_guards if op.get_bind().dialect.name == "sqlite" else postgres_guards
    for statement in guards(FROZEN_SEALS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
