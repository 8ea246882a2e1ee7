"""A part of a transfer, or the whole, paid with bonuses."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel.reshaping import recheck

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN = "state NOT IN ('funding', 'held', 'sending', 'waiting')"
_CHECKS = (
    ("source_known", "source IN ('', 'wallet', 'card')", "source IN ('', 'wallet', 'bonus', 'card')"),
    (
        "draft_takes_nothing",
        "state <> 'draft' OR (hold_id IS NULL AND charge_id IS NULL AND payout_id IS NULL)",
        "state <> 'draft' OR (hold_id IS NULL AND bonus_hold_id IS NULL AND charge_id IS NULL AND payout_id IS NULL)",
    ),
    (
        "open_has_money",
        f"{_OPEN} OR hold_id IS NOT NULL OR charge_id IS NOT NULL",
        f"{_OPEN} OR hold_id IS NOT NULL OR charge_id IS NOT NULL OR source = 'bonus'",
    ),
    ("open_has_bonus", None, f"{_OPEN} OR bonus_tiyn = 0 OR bonus_hold_id IS NOT NULL"),
    ("bonus_within", None, "bonus_tiyn BETWEEN 0 AND COALESCE(amount_tiyn, 0)"),
    ("whole_is_by_bonus", None, "(source = 'bonus') = (bonus_tiyn = COALESCE(amount_tiyn, -1))"),
    ("held_bonus_is_spent", None, "bonus_hold_id IS NULL OR bonus_tiyn > 0"),
)


def upgrade() -> None:
    op.add_column("transfer", sa.Column("bonus_tiyn", sa.BigInteger(), nullable=False, server_default="0"))
    _reference("bonus_hold_id")
    op.create_index("uq_transfer_bonus_hold", "transfer", ["bonus_hold_id"], unique=True)
    for name, old, new in _CHECKS:
        recheck(op.get_bind(), "transfer", name, old, new)


def _reference(column: str) -> None:
    name = f"fk_transfer_{column}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE transfer ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES hold (id)")
        return
    op.add_column("transfer", sa.Column(column, sa.BigInteger(), nullable=True))
    op.create_foreign_key(name, "transfer", "hold", [column], ["id"])


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
