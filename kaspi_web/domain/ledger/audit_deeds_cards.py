"""The audit of cards: their accounts are somebody's, closed ones are empty, and refunds add up to what charges say."""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_NOBODYS = text(
    """
    SELECT a.owner FROM account a LEFT JOIN card c ON CAST(c.id AS TEXT) = a.owner AND c.kind = 'own'
    WHERE a.kind = 'card' AND c.id IS NULL ORDER BY a.id LIMIT 20
    """
)
_WITHOUT = text(
    """
    SELECT c.id FROM card c LEFT JOIN account a ON a.kind = 'card' AND a.owner = CAST(c.id AS TEXT)
    WHERE c.kind = 'own' AND a.id IS NULL ORDER BY c.id LIMIT 20
    """
)
_CLOSED = text(
    """
    SELECT c.id, a.balance_tiyn FROM card c JOIN account a ON a.kind = 'card' AND a.owner = CAST(c.id AS TEXT)
    WHERE c.unlinked_at IS NOT NULL AND a.balance_tiyn <> 0 ORDER BY c.id LIMIT 20
    """
)
_REFUNDED = text(
    """
    SELECT c.id, c.refunded_tiyn, COALESCE(SUM(r.amount_tiyn), 0) AS asked
    FROM card_charge c LEFT JOIN card_refund r ON r.charge_id = c.id AND r.state <> 'declined'
    GROUP BY c.id, c.refunded_tiyn HAVING c.refunded_tiyn <> COALESCE(SUM(r.amount_tiyn), 0)
    ORDER BY c.id LIMIT 20
    """
)


def faults_of_cards(unit: Unit) -> list[str]:
    """What is off among cards, their accounts and their refunds."""
    return [
        *(f"account card:{row.owner}: belongs to no card of ours" for row in unit.sql(_NOBODYS)),
        *(f"card {row.id}: is ours and has no account" for row in unit.sql(_WITHOUT)),
        *(f"card {row.id}: is unlinked and has {Money(int(row.balance_tiyn)).wire} on it" for row in unit.sql(_CLOSED)),
        *(
            f"card_charge {row.id}: says {Money(int(row.refunded_tiyn)).wire} refunded,"
            f" its refunds add up to {Money(int(row.asked)).wire}"
            for row in unit.sql(_REFUNDED)
        ),
    ]
