"""Accounts for customers' own cards, and for what the processor of other banks' cards owes and is owed."""

from alembic import op
from kaspi_web.kernel.reshaping import recheck

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KINDS = (
    "kind IN ('wallet', 'bonus', 'merchant', 'holds', 'topups_on_way', 'biller_payable', 'terminal_network', 'settlement', 'bonus_expense')",
    "kind IN ('wallet', 'bonus', 'merchant', 'card', 'holds', 'topups_on_way', 'biller_payable', 'terminal_network', 'card_processor', 'card_payouts', 'settlement', 'bonus_expense')",
)
_KEPT = (
    "(kind IN ('wallet', 'bonus', 'merchant')) = (balance_tiyn IS NOT NULL)",
    "(kind IN ('wallet', 'bonus', 'merchant', 'card')) = (balance_tiyn IS NOT NULL)",
)
_FLOOR = (
    "NOT (kind IN ('wallet', 'bonus')) OR balance_tiyn >= 0",
    "NOT (kind IN ('wallet', 'bonus', 'card')) OR balance_tiyn >= 0",
)


def upgrade() -> None:
    connection = op.get_bind()
    recheck(connection, "account", "kind_in_chart", *_KINDS)
    recheck(connection, "account", "kept_balance", *_KEPT)
    recheck(connection, "account", "not_below_zero", *_FLOOR)


def downgrade() -> None:
    raise NotImplementedError("the ledger is never taken apart")
