"""The audit's second half: deeds of the streets agree with their holds, entries and the customer's list.

It reads their tables as text, so that the ledger imports nobody above it.
"""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_ON_WAY = text("SELECT COALESCE(SUM(amount_tiyn), 0) FROM topup WHERE state = 'on_way'")
_HOLDS = text(
    """
    SELECT p.id, p.state, h.amount_tiyn - h.captured_tiyn - h.released_tiyn AS open, p.finished_at IS NULL AS waits
    FROM bill_payment p JOIN hold h ON h.id = p.hold_id
    WHERE (p.finished_at IS NOT NULL AND h.captured_tiyn + h.released_tiyn < h.amount_tiyn)
       OR (p.finished_at IS NULL AND h.captured_tiyn + h.released_tiyn > 0)
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
    WHERE p.state IN ('done', 'refused') AND e.id IS NULL
    ORDER BY p.id LIMIT 20
    """
)
_SHOWN = text(
    """
    SELECT d.subject, d.state, o.state AS shown
    FROM (
        SELECT 'bill_payment:' || CAST(id AS TEXT) AS subject, customer_id, id,
               CASE state WHEN 'registry' THEN 'on_way' ELSE state END AS state
        FROM bill_payment
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
    """What is off among bill payments and top-ups; `on_way` is what the account of late top-ups has."""
    return [*_late(unit, on_way), *_holds(unit), *_entries(unit), *_shown(unit)]


def _late(unit: Unit, on_way: Money) -> list[str]:
    open_ = Money(int(unit.sql(_ON_WAY).scalar_one()))
    if on_way == open_:
        return []
    return [f"topups_on_way: the account has {on_way.wire}, the open top-ups add up to {open_.wire}"]


def _holds(unit: Unit) -> list[str]:
    return [
        f"bill_payment {row.id}: is {row.state} and has {Money(row.open).wire} still held"
        if not row.waits
        else f"bill_payment {row.id}: is {row.state}, and its hold has only {Money(row.open).wire} left"
        for row in unit.sql(_HOLDS)
    ]


def _entries(unit: Unit) -> list[str]:
    return [f"bill_payment {row.id}: is {row.state} without its entry {row.kind}" for row in unit.sql(_ENTRIES)]


def _shown(unit: Unit) -> list[str]:
    return [f"{row.subject}: is {row.state}, shown as {row.shown or 'nothing'}" for row in unit.sql(_SHOWN)]
