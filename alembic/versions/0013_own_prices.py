"""Which offers can be bought now, so that the list of a seller goes by that seller's own prices."""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FILLED = """
UPDATE offer SET is_there = true
WHERE active AND EXISTS (SELECT 1 FROM merchant WHERE merchant.id = offer.merchant_id AND merchant.active)
    AND EXISTS (
        SELECT 1 FROM stock JOIN pickup_point ON pickup_point.id = stock.point_id
        WHERE stock.offer_id = offer.id AND stock.quantity > stock.reserved AND pickup_point.active
    )
"""


def upgrade() -> None:
    op.add_column("offer", sa.Column("is_there", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_FILLED)
    op.create_index("ix_offer_there", "offer", ["merchant_id", "is_there", "price_tiyn", "product_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_offer_there", table_name="offer")
    op.drop_column("offer", "is_there")
