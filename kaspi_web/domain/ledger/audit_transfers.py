"""The audit of transfers: each agrees with its hold or charge, its entry, and the rows in both people's lists.

It reads their tables as text, so that the ledger imports nobody above it.
"""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_HOLDS = text(
    """
    SELECT t.id, t.state, h.amount_tiyn AS held, h.captured_tiyn AS captured, h.released_tiyn AS released
    FROM (
        SELECT id, state, hold_id, amount_tiyn - bonus_tiyn AS part FROM transfer WHERE hold_id IS NOT NULL
        UNION ALL
        SELECT id, state, bonus_hold_id, bonus_tiyn FROM transfer WHERE bonus_hold_id IS NOT NULL
    ) t
    JOIN hold h ON h.id = t.hold_id
    WHERE h.amount_tiyn <> t.part
       OR h.captured_tiyn <> CASE t.state WHEN 'done' THEN t.part ELSE 0 END
       OR h.released_tiyn <> CASE WHEN t.state IN ('undone', 'refused', 'returned') THEN t.part ELSE 0 END
    ORDER BY t.id LIMIT 20
    """
)
_CHARGES = text(
    """
    SELECT t.id, t.state, c.state AS charge, c.wanted
    FROM transfer t JOIN card_charge c ON c.id = t.charge_id
    WHERE c.amount_tiyn <> t.amount_tiyn - t.bonus_tiyn
       OR (t.state = 'done' AND NOT (c.state = 'captured' OR (c.state = 'authorised' AND c.wanted = 'capture')))
       OR (t.state IN ('held', 'sending', 'waiting') AND NOT (c.state = 'authorised' AND c.wanted = ''))
       OR (t.state IN ('undone', 'refused', 'returned')
           AND NOT (c.state IN ('voided', 'declined') OR c.wanted = 'void'))
    ORDER BY t.id LIMIT 20
    """
)
_ENTRIES = text(
    """
    SELECT d.id, d.state, d.key
    FROM (
        SELECT id, state, 'transfer:' || CAST(id AS TEXT) || ':' || CASE
                   WHEN state <> 'done' THEN 'given_back'
                   WHEN hold_id IS NULL AND bonus_hold_id IS NULL AND charge_id IS NULL THEN 'made'
                   ELSE 'sent' END AS key,
               CASE WHEN charge_id IS NULL OR state = 'done' THEN amount_tiyn ELSE bonus_tiyn END AS moved,
               CASE WHEN state = 'done' AND hold_id IS NULL AND bonus_hold_id IS NULL AND charge_id IS NULL
                    THEN bonus_tiyn WHEN state = 'done' THEN 0 ELSE bonus_tiyn END AS bonuses
        FROM transfer
        WHERE state = 'done'
           OR (state IN ('undone', 'refused', 'returned') AND (hold_id IS NOT NULL OR bonus_hold_id IS NOT NULL))
        UNION ALL
        SELECT r.id, r.state, 'return_request:' || CAST(r.id AS TEXT) || ':' || 'made', t.amount_tiyn, t.bonus_tiyn
        FROM return_request r JOIN transfer t ON t.id = r.transfer_id
        WHERE r.state = 'accepted'
    ) d
    LEFT JOIN entry e ON e.key = d.key
    WHERE d.moved <> (SELECT COALESCE(SUM(p.amount_tiyn), 0) FROM posting p WHERE p.entry_id = e.id)
       OR d.bonuses <> (
           SELECT COALESCE(SUM(p.amount_tiyn), 0)
           FROM posting p JOIN account a ON a.kind = 'bonus' AND a.id IN (p.debit_account_id, p.credit_account_id)
           WHERE p.entry_id = e.id
       )
    ORDER BY d.key LIMIT 20
    """
)
_SHOWN = text(
    """
    SELECT d.subject, d.customer_id, d.state, o.state AS shown
    FROM (
        SELECT 'transfer:' || CAST(id AS TEXT) AS subject, customer_id, amount_tiyn,
               CASE WHEN state = 'done' THEN 'done' WHEN state IN ('undone', 'refused', 'returned') THEN 'refused'
                    ELSE 'on_way' END AS state
        FROM transfer
        WHERE state <> 'draft'
        UNION ALL
        SELECT 'transfer:' || CAST(id AS TEXT), recipient_id, amount_tiyn, 'done'
        FROM transfer
        WHERE state = 'done' AND kind <> 'own' AND token = '' AND recipient_id IS NOT NULL
        UNION ALL
        SELECT 'return_request:' || CAST(r.id AS TEXT), t.customer_id, t.amount_tiyn, 'done'
        FROM return_request r JOIN transfer t ON t.id = r.transfer_id
        WHERE r.state = 'accepted'
        UNION ALL
        SELECT 'return_request:' || CAST(r.id AS TEXT), t.recipient_id, t.amount_tiyn, 'done'
        FROM return_request r JOIN transfer t ON t.id = r.transfer_id
        WHERE r.state = 'accepted'
    ) d
    LEFT JOIN operation o ON o.customer_id = d.customer_id AND o.subject = d.subject
    WHERE o.id IS NULL OR o.state <> d.state OR ABS(o.amount_tiyn) <> d.amount_tiyn
    ORDER BY d.subject, d.customer_id LIMIT 20
    """
)


def faults_of_transfers(unit: Unit) -> list[str]:
    """What is off among transfers and the requests to give them back."""
    return [*_holds(unit), *_charges(unit), *_entries(unit), *_shown(unit)]


def _holds(unit: Unit) -> list[str]:
    return [
        f"transfer {row.id}: is {row.state}, and of its hold of {Money(row.held).wire}"
        f" {Money(row.captured).wire} were captured and {Money(row.released).wire} released"
        for row in unit.sql(_HOLDS)
    ]


def _charges(unit: Unit) -> list[str]:
    return [
        f"transfer {row.id}: is {row.state}, and its charge is {row.charge}"
        + (f", to be asked to {row.wanted}" if row.wanted else "")
        for row in unit.sql(_CHARGES)
    ]


def _entries(unit: Unit) -> list[str]:
    return [f"{row.key.rpartition(':')[0]}: is {row.state} without its entry {row.key}" for row in unit.sql(_ENTRIES)]


def _shown(unit: Unit) -> list[str]:
    return [
        f"{row.subject}: is {row.state}, shown to customer {row.customer_id} as {row.shown or 'nothing'}"
        for row in unit.sql(_SHOWN)
    ]
