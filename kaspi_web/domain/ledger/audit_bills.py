"""The audit of bill payments: their holds, charges, entries, refunds and bonuses agree."""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_HOLDS = text(
    """
    SELECT p.id, p.state, h.amount_tiyn - h.captured_tiyn - h.released_tiyn AS open, p.finished_at IS NULL AS waits
    FROM bill_payment p JOIN hold h ON h.id IN (p.hold_id, p.bonus_hold_id)
    WHERE (p.finished_at IS NOT NULL AND h.captured_tiyn + h.released_tiyn < h.amount_tiyn)
       OR (p.finished_at IS NULL AND h.captured_tiyn + h.released_tiyn > 0)
    ORDER BY p.id LIMIT 20
    """
)
_PARTS = text(
    """
    SELECT p.id, COALESCE(m.amount_tiyn, c.amount_tiyn, 0) AS money, COALESCE(b.amount_tiyn, 0) AS bonus, p.amount_tiyn
    FROM bill_payment p
    LEFT JOIN hold m ON m.id = p.hold_id
    LEFT JOIN hold b ON b.id = p.bonus_hold_id
    LEFT JOIN card_charge c ON c.id = p.charge_id
    WHERE COALESCE(m.amount_tiyn, c.amount_tiyn, 0) + COALESCE(b.amount_tiyn, 0) <> p.amount_tiyn
       OR COALESCE(b.amount_tiyn, 0) <> p.spent_bonus_tiyn
    ORDER BY p.id LIMIT 20
    """
)
_CHARGES = text(
    """
    SELECT p.id, p.state, c.state AS charge, c.wanted
    FROM bill_payment p JOIN card_charge c ON c.id = p.charge_id
    WHERE (p.state = 'done' AND c.state <> 'captured' AND c.wanted <> 'capture')
       OR (p.state = 'refused' AND c.state NOT IN ('voided', 'declined') AND c.wanted <> 'void')
       OR (p.state IN ('on_way', 'registry') AND c.state <> 'authorised')
    ORDER BY p.id LIMIT 20
    """
)
_ENTRIES = text(
    """
    SELECT p.id, p.state, CASE p.state WHEN 'done' THEN 'bill_paid' ELSE 'bill_released' END AS kind
    FROM bill_payment p LEFT JOIN entry e
      ON e.key = 'bill_payment:' || CAST(p.id AS TEXT) || ':'
            || CASE p.state WHEN 'done' THEN 'paid' ELSE 'released' END
     AND e.kind = CASE p.state WHEN 'done' THEN 'bill_paid' ELSE 'bill_released' END
    WHERE e.id IS NULL
      AND (p.state = 'done' OR (p.state = 'refused' AND (p.hold_id IS NOT NULL OR p.bonus_hold_id IS NOT NULL)))
    ORDER BY p.id LIMIT 20
    """
)
_REFUNDS = text(
    """
    SELECT p.id, p.refunded_tiyn, COALESCE(r.given, 0) AS given, p.taken_back_tiyn, COALESCE(r.taken, 0) AS taken
    FROM bill_payment p
    LEFT JOIN (
        SELECT payment_id, SUM(amount_tiyn) AS given, SUM(taken_back_tiyn + withheld_tiyn) AS taken
        FROM bill_refund GROUP BY payment_id
    ) r ON r.payment_id = p.id
    WHERE p.refunded_tiyn <> COALESCE(r.given, 0) OR p.taken_back_tiyn <> COALESCE(r.taken, 0)
    ORDER BY p.id LIMIT 20
    """
)
_POSTED = text(
    """
    SELECT r.id FROM bill_refund r
    LEFT JOIN entry e ON e.key = 'bill_refund:' || CAST(r.id AS TEXT) || ':' || 'posted' AND e.kind = 'bill_refunded'
    WHERE e.id IS NULL ORDER BY r.id LIMIT 20
    """
)
_EARNED = text(
    """
    SELECT id, bonus_tiyn, (amount_tiyn - spent_bonus_tiyn) * bonus_basis_points / 10000 AS rule
    FROM bill_payment WHERE bonus_tiyn <> (amount_tiyn - spent_bonus_tiyn) * bonus_basis_points / 10000
    ORDER BY id LIMIT 20
    """
)


def faults_of_bills(unit: Unit) -> list[str]:
    """What is off among bill payments and their refunds."""
    return [*_holds(unit), *_parts(unit), *_charges(unit), *_entries(unit), *_refunds(unit), *_earned(unit)]


def _holds(unit: Unit) -> list[str]:
    return [
        f"bill_payment {row.id}: is {row.state} and has {Money(row.open).wire} still held"
        if not row.waits
        else f"bill_payment {row.id}: is {row.state}, and its hold has only {Money(row.open).wire} left"
        for row in unit.sql(_HOLDS)
    ]


def _parts(unit: Unit) -> list[str]:
    return [
        f"bill_payment {row.id}: of {Money(row.amount_tiyn).wire} money has {Money(row.money).wire}"
        f" and bonuses {Money(row.bonus).wire}"
        for row in unit.sql(_PARTS)
    ]


def _charges(unit: Unit) -> list[str]:
    return [
        f"bill_payment {row.id}: is {row.state}, and its charge is {row.charge} (wanted: {row.wanted or 'nothing'})"
        for row in unit.sql(_CHARGES)
    ]


def _entries(unit: Unit) -> list[str]:
    return [f"bill_payment {row.id}: is {row.state} without its entry {row.kind}" for row in unit.sql(_ENTRIES)]


def _earned(unit: Unit) -> list[str]:
    return [
        f"bill_payment {row.id}: earns {Money(row.bonus_tiyn).wire}, its rate makes {Money(int(row.rule)).wire}"
        for row in unit.sql(_EARNED)
    ]


def _refunds(unit: Unit) -> list[str]:
    uneven = [
        f"bill_payment {row.id}: {Money(row.refunded_tiyn).wire} refunded and {Money(row.taken_back_tiyn).wire} of"
        f" bonus taken back, its refunds say {Money(int(row.given)).wire} and {Money(int(row.taken)).wire}"
        for row in unit.sql(_REFUNDS)
    ]
    return uneven + [f"bill_refund {row.id}: has no entry bill_refunded" for row in unit.sql(_POSTED)]
