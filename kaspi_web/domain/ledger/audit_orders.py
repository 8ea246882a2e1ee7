"""The audit of orders: parts, holds, plans, entries, bonuses and returns agree, line by line.

It reads their tables as text, so that the ledger imports nobody above it.
"""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.domain.ledger.audit_orders_entries import faults_of_order_entries
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_PARTS = text(
    """
    SELECT p.id, p.amount_tiyn, COALESCE(SUM(o.amount_tiyn), 0) AS orders,
           p.spent_bonus_tiyn, COALESCE(SUM(o.bonus_tiyn), 0) AS bonuses
    FROM purchase p LEFT JOIN shop_order o ON o.purchase_id = p.id
    GROUP BY p.id, p.amount_tiyn, p.spent_bonus_tiyn
    HAVING p.amount_tiyn <> COALESCE(SUM(o.amount_tiyn), 0) OR p.spent_bonus_tiyn <> COALESCE(SUM(o.bonus_tiyn), 0)
    ORDER BY p.id LIMIT 20
    """
)
_LINES = text(
    """
    SELECT o.id, o.bonus_tiyn, o.money_tiyn, COALESCE(SUM(l.bonus_tiyn), 0) AS bonuses,
           COALESCE(SUM(l.money_tiyn), 0) AS money
    FROM shop_order o LEFT JOIN order_line l ON l.order_id = o.id
    GROUP BY o.id, o.bonus_tiyn, o.money_tiyn
    HAVING o.bonus_tiyn <> COALESCE(SUM(l.bonus_tiyn), 0) OR o.money_tiyn <> COALESCE(SUM(l.money_tiyn), 0)
    ORDER BY o.id LIMIT 20
    """
)
# What is left after the pieces that dropped out before the hand-over.
_LEFT = """
    SELECT o.id, o.status, o.hold_id, o.bonus_hold_id, o.loan_id, o.bonus_basis_points, o.promised_bonus_tiyn,
           CAST(SUM(l.money_tiyn - l.cancelled * l.price_tiyn + l.bonus_tiyn * l.cancelled / l.quantity) AS BIGINT)
           AS money,
           CAST(SUM(l.bonus_tiyn - l.bonus_tiyn * l.cancelled / l.quantity) AS BIGINT) AS bonus
    FROM shop_order o JOIN order_line l ON l.order_id = o.id
    GROUP BY o.id, o.status, o.hold_id, o.bonus_hold_id, o.loan_id, o.bonus_basis_points, o.promised_bonus_tiyn
"""
_HOLDS = text(
    f"""
    SELECT o.id, o.status, h.amount_tiyn - h.captured_tiyn - h.released_tiyn AS open, h.captured_tiyn AS captured,
           CASE WHEN h.id = o.hold_id THEN o.money ELSE o.bonus END AS part
    FROM ({_LEFT}) o JOIN hold h ON h.id IN (o.hold_id, o.bonus_hold_id)
    WHERE h.captured_tiyn
          <> CASE WHEN o.status <> 'COMPLETED' THEN 0 WHEN h.id = o.hold_id THEN o.money ELSE o.bonus END
       OR h.amount_tiyn - h.captured_tiyn - h.released_tiyn
          <> CASE WHEN o.status = 'COMPLETED' THEN 0 WHEN h.id = o.hold_id THEN o.money ELSE o.bonus END
    ORDER BY o.id LIMIT 20
    """
)
_PAID = text(
    f"""
    SELECT o.id, o.status, o.money, o.bonus FROM ({_LEFT}) o
    WHERE o.status NOT IN ('FUNDING', 'CANCELLED', 'RETURNED')
      AND ((o.money > 0 AND o.hold_id IS NULL AND o.loan_id IS NULL) OR (o.bonus > 0 AND o.bonus_hold_id IS NULL))
    ORDER BY o.id LIMIT 20
    """
)
_PLANS = text(
    f"""
    SELECT o.id, o.status, o.money, n.state, n.amount_tiyn FROM ({_LEFT}) o JOIN loan n ON n.id = o.loan_id
    WHERE n.amount_tiyn <> o.money OR (o.status = 'COMPLETED') <> (n.state IN ('active', 'closed'))
    ORDER BY o.id LIMIT 20
    """
)
_PROMISED = text(
    f"""
    SELECT o.id, o.promised_bonus_tiyn, o.money * o.bonus_basis_points / 10000 AS rule FROM ({_LEFT}) o
    WHERE o.promised_bonus_tiyn <> o.money * o.bonus_basis_points / 10000
    ORDER BY o.id LIMIT 20
    """
)
_ENTRIES = text(
    """
    SELECT d.subject, d.kind FROM (
        SELECT 'order:' || CAST(id AS TEXT) AS subject, 'order_handed_over' AS kind, 'handed_over' AS tail
        FROM shop_order WHERE status = 'COMPLETED'
        UNION ALL
        SELECT 'order_return:' || CAST(id AS TEXT), 'order_returned', 'posted' FROM order_return WHERE state = 'done'
    ) d LEFT JOIN entry e ON e.key = d.subject || ':' || d.tail AND e.kind = d.kind
    WHERE e.id IS NULL ORDER BY d.subject LIMIT 20
    """
)
_RETURNED = text(
    """
    SELECT l.id, l.order_id, l.returned, COALESCE(SUM(r.quantity), 0) AS pieces
    FROM order_line l LEFT JOIN order_return r ON r.line_id = l.id AND r.state = 'done'
    GROUP BY l.id, l.order_id, l.returned HAVING l.returned <> COALESCE(SUM(r.quantity), 0)
    ORDER BY l.id LIMIT 20
    """
)
_TAKEN = text(
    """
    SELECT o.id, o.taken_back_tiyn, COALESCE(SUM(r.taken_back_tiyn + r.withheld_tiyn), 0) AS taken
    FROM shop_order o LEFT JOIN order_return r ON r.order_id = o.id AND r.state = 'done'
    GROUP BY o.id, o.taken_back_tiyn HAVING o.taken_back_tiyn <> COALESCE(SUM(r.taken_back_tiyn + r.withheld_tiyn), 0)
    ORDER BY o.id LIMIT 20
    """
)
_SHOWN = text(
    """
    SELECT r.id, r.goes_to, r.to_money_tiyn, n.wallet_tiyn FROM order_return r
    JOIN shop_order o ON o.id = r.order_id
    LEFT JOIN operation n ON n.customer_id = o.customer_id
                         AND n.subject = 'order_refund:return:' || CAST(r.id AS TEXT)
    WHERE r.state = 'done' AND (n.id IS NULL
       OR n.wallet_tiyn <> CASE WHEN r.goes_to IN ('wallet', 'plan') THEN r.to_money_tiyn ELSE 0 END)
    ORDER BY r.id LIMIT 20
    """
)


def faults_of_orders(unit: Unit) -> list[str]:
    """What is off among purchases, orders and their returns."""
    return [*_sums(unit), *_means(unit), *_bonuses(unit), *_deeds(unit), *faults_of_order_entries(unit)]


def _sums(unit: Unit) -> list[str]:
    whole = [
        f"purchase {row.id}: of {Money(row.amount_tiyn).wire} with {Money(row.spent_bonus_tiyn).wire} of bonuses, its"
        f" orders have {Money(int(row.orders)).wire} with {Money(int(row.bonuses)).wire}"
        for row in unit.sql(_PARTS)
    ]
    return whole + [
        f"order {row.id}: of money {Money(row.money_tiyn).wire} and bonuses {Money(row.bonus_tiyn).wire}, its lines"
        f" have {Money(int(row.money)).wire} and {Money(int(row.bonuses)).wire}"
        for row in unit.sql(_LINES)
    ]


def _means(unit: Unit) -> list[str]:
    held = [
        f"order {row.id}: is {row.status} with {Money(int(row.part)).wire} left of a part; its hold has"
        f" {Money(int(row.open)).wire} open and {Money(int(row.captured)).wire} captured"
        for row in unit.sql(_HOLDS)
    ]
    unpaid = [f"order {row.id}: is {row.status}, and nothing is held or lent for it" for row in unit.sql(_PAID)]
    plans = [
        f"order {row.id}: is {row.status} with {Money(int(row.money)).wire} on a plan that is {row.state} for"
        f" {Money(row.amount_tiyn).wire}"
        for row in unit.sql(_PLANS)
    ]
    return held + unpaid + plans


def _bonuses(unit: Unit) -> list[str]:
    promised = [
        f"order {row.id}: promises {Money(row.promised_bonus_tiyn).wire}, its rate makes {Money(int(row.rule)).wire}"
        for row in unit.sql(_PROMISED)
    ]
    return promised + [
        f"order {row.id}: {Money(row.taken_back_tiyn).wire} of bonus taken back, its returns say"
        f" {Money(int(row.taken)).wire}"
        for row in unit.sql(_TAKEN)
    ]


def _deeds(unit: Unit) -> list[str]:
    missing = [f"{row.subject}: has no entry {row.kind}" for row in unit.sql(_ENTRIES)]
    pieces = [
        f"order {row.order_id}: line {row.id} has {row.returned} pieces returned, its returns {int(row.pieces)}"
        for row in unit.sql(_RETURNED)
    ]
    shown = [
        f"order_return {row.id}: brought {Money(row.to_money_tiyn).wire} to {row.goes_to}, the customer's list says"
        f" {'nothing' if row.wallet_tiyn is None else Money(row.wallet_tiyn).wire} of the wallet"
        for row in unit.sql(_SHOWN)
    ]
    return missing + pieces + shown
