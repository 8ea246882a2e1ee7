"""The audit's second half: deeds of the streets agree with their holds, entries and the customer's list.

It reads their tables as text, so that the ledger imports nobody above it.
"""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.domain.ledger.audit_bills import faults_of_bills
from kaspi_web.domain.ledger.audit_deeds_cards import faults_of_cards
from kaspi_web.domain.ledger.audit_loans import faults_of_loans
from kaspi_web.domain.ledger.audit_orders import faults_of_orders
from kaspi_web.domain.ledger.audit_shop import faults_of_shop
from kaspi_web.domain.ledger.audit_transfers import faults_of_transfers
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_ON_WAY = text("SELECT COALESCE(SUM(amount_tiyn), 0) FROM topup WHERE state = 'on_way'")
_SHOWN = text(
    """
    SELECT d.subject, d.state, o.state AS shown
    FROM (
        SELECT 'bill_payment:' || CAST(id AS TEXT) AS subject, customer_id, id,
               CASE WHEN state IN ('registry', 'funding') THEN 'on_way' ELSE state END AS state
        FROM bill_payment
        UNION ALL
        SELECT 'bill_refund:' || CAST(r.id AS TEXT), p.customer_id, r.id, 'done'
        FROM bill_refund r JOIN bill_payment p ON p.id = r.payment_id
        UNION ALL
        SELECT 'topup:' || CAST(id AS TEXT), customer_id, id, CASE state WHEN 'credited' THEN 'done' ELSE 'on_way' END
        FROM topup
    ) d
    LEFT JOIN operation o ON o.customer_id = d.customer_id AND o.subject = d.subject
    WHERE o.id IS NULL OR o.state <> d.state
    ORDER BY d.subject LIMIT 20
    """
)


def faults_of_deeds(unit: Unit, on_way: Money) -> list[str]:
    """What is off among deeds; `on_way` is what the account of late top-ups has."""
    return [
        *_late(unit, on_way),
        *_shown(unit),
        *faults_of_bills(unit),
        *faults_of_cards(unit),
        *faults_of_transfers(unit),
        *faults_of_loans(unit),
        *faults_of_orders(unit),
        *faults_of_shop(unit),
    ]


def _late(unit: Unit, on_way: Money) -> list[str]:
    open_ = Money(int(unit.sql(_ON_WAY).scalar_one()))
    if on_way == open_:
        return []
    return [f"topups_on_way: the account has {on_way.wire}, the open top-ups add up to {open_.wire}"]


def _shown(unit: Unit) -> list[str]:
    return [f"{row.subject}: is {row.state}, shown as {row.shown or 'nothing'}" for row in unit.sql(_SHOWN)]
