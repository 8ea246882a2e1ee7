"""What operations are summed, filtered and searched by: their part of the wallet, fee, source, category."""

import sqlalchemy as sa

from alembic import op
from kaspi_web.kernel.reshaping import recheck

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NEW = (
    sa.Column("wallet_tiyn", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("fee_tiyn", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("source", sa.String(length=64), server_default="wallet", nullable=False),
    sa.Column("category", sa.String(length=32), server_default="", nullable=False),
    sa.Column("search", sa.String(length=300), server_default="", nullable=False),
)
_FILLED = (
    "UPDATE operation SET wallet_tiyn = amount_tiyn WHERE state = 'done' OR (state = 'on_way' AND amount_tiyn < 0)",
    "UPDATE operation SET category = 'topup' WHERE kind = 'topup'",
    "UPDATE operation SET category = COALESCE((SELECT category FROM biller WHERE slug = counterparty), '') WHERE kind = 'bill'",
    # Accounts of bills are digits so far: nothing to fold.
    "UPDATE operation SET search = account WHERE kind = 'bill'",
)
_CHECKS = {
    "fee_not_negative": "fee_tiyn >= 0",
    "wallet_same_way": "wallet_tiyn = 0 OR (wallet_tiyn > 0) = (amount_tiyn > 0)",
    "refused_moves_nothing": "state <> 'refused' OR wallet_tiyn = 0",
}


def upgrade() -> None:
    for column in _NEW:
        op.add_column("operation", column)
    for statement in _FILLED:
        op.execute(statement)
    for name, condition in _CHECKS.items():
        recheck(op.get_bind(), "operation", name, None, condition)
    op.drop_index("ix_operation_list", "operation")
    op.create_index("ix_operation_list", "operation", ["customer_id", "id", "wallet_tiyn"])
    op.create_index("ix_operation_time", "operation", ["customer_id", "occurred_at", "wallet_tiyn"])


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
