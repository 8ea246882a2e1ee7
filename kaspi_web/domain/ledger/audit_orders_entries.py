"""The audit of what orders' entries moved: to the seller, to the bank as its commission, and back to the buyer.

It works the sums out anew from prices, pieces and the stored shares of bonuses and commission.
"""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

# What dropped out before the hand-over, was handed over, and came back after it.
_WORTH = """
    SELECT o.id, o.status, o.hold_id, SUM(l.cancelled * l.price_tiyn) AS dropped,
           SUM(l.bonus_tiyn * l.cancelled / l.quantity) AS dropped_bonus,
           SUM((l.quantity - l.cancelled) * l.price_tiyn) AS sold,
           SUM(l.commission_tiyn - l.commission_tiyn * l.cancelled / l.quantity) AS sold_commission,
           SUM(l.returned * l.price_tiyn) AS back,
           SUM(l.commission_tiyn * (l.cancelled + l.returned) / l.quantity
               - l.commission_tiyn * l.cancelled / l.quantity) AS back_commission
    FROM shop_order o JOIN order_line l ON l.order_id = o.id GROUP BY o.id, o.status, o.hold_id
"""
# What postings gave the seller of an order, and the bank as its commission; below zero for what they took.
_GIVEN = """
    SUM(CASE WHEN c.kind = 'merchant' AND c.owner = m.slug THEN p.amount_tiyn ELSE 0 END
        - CASE WHEN d.kind = 'merchant' AND d.owner = m.slug THEN p.amount_tiyn ELSE 0 END) AS seller,
    SUM(CASE WHEN c.kind = 'commission_income' THEN p.amount_tiyn ELSE 0 END
        - CASE WHEN d.kind = 'commission_income' THEN p.amount_tiyn ELSE 0 END) AS commission
"""
_POSTINGS = """
    JOIN posting p ON p.entry_id = e.id
    JOIN account d ON d.id = p.debit_account_id JOIN account c ON c.id = p.credit_account_id
"""
_SOLD = text(
    f"""
    SELECT w.id, w.sold - w.sold_commission AS due, w.sold_commission, g.seller, g.commission
    FROM ({_WORTH}) w JOIN (
        SELECT o.id, {_GIVEN} FROM shop_order o JOIN merchant m ON m.id = o.merchant_id
        JOIN entry e ON e.key = 'order:' || CAST(o.id AS TEXT) || '\\:handed_over' {_POSTINGS} GROUP BY o.id
    ) g ON g.id = w.id
    WHERE g.seller <> w.sold - w.sold_commission OR g.commission <> w.sold_commission
    ORDER BY w.id LIMIT 20
    """
)
_BACK = text(
    f"""
    SELECT w.id, w.back - w.back_commission AS due, w.back_commission, -g.seller AS seller, -g.commission AS commission
    FROM ({_WORTH}) w JOIN (
        SELECT o.id, {_GIVEN} FROM order_return r
        JOIN shop_order o ON o.id = r.order_id JOIN merchant m ON m.id = o.merchant_id
        JOIN entry e ON e.key = 'order_return:' || CAST(r.id AS TEXT) || '\\:posted' {_POSTINGS} GROUP BY o.id
    ) g ON g.id = w.id
    WHERE -g.seller <> w.back - w.back_commission OR -g.commission <> w.back_commission
    ORDER BY w.id LIMIT 20
    """
)
_DROPPED = text(
    f"""
    SELECT w.id, w.due_bonus, w.due_money, COALESCE(g.bonus, 0) AS bonus, COALESCE(g.money, 0) AS money
    FROM (
        SELECT id, dropped_bonus AS due_bonus,
               CASE WHEN hold_id IS NULL THEN 0 ELSE dropped - dropped_bonus END AS due_money
        FROM ({_WORTH}) every
    ) w LEFT JOIN (
        SELECT o.id,
               SUM(CASE WHEN c.kind = 'bonus' AND c.owner = CAST(o.customer_id AS TEXT) THEN p.amount_tiyn ELSE 0 END)
               AS bonus,
               SUM(CASE WHEN c.kind = 'card_processor'
                          OR (c.kind = 'wallet' AND c.owner = CAST(o.customer_id AS TEXT))
                          OR (c.kind = 'card' AND c.owner = CAST(u.card_id AS TEXT)) THEN p.amount_tiyn ELSE 0 END)
               AS money
        FROM shop_order o JOIN purchase u ON u.id = o.purchase_id
        JOIN entry e ON e.kind = 'order_dropped' AND e.subject = 'order:' || CAST(o.id AS TEXT) {_POSTINGS}
        GROUP BY o.id
    ) g ON g.id = w.id
    WHERE COALESCE(g.bonus, 0) <> w.due_bonus OR COALESCE(g.money, 0) <> w.due_money
    ORDER BY w.id LIMIT 20
    """
)


def faults_of_order_entries(unit: Unit) -> list[str]:
    """What is off among the sums of orders' entries."""
    sold = [
        f"order {row.id}: owes its seller {_wire(row.due)} and the bank {_wire(row.sold_commission)},"
        f" its hand-over gave {_wire(row.seller)} and {_wire(row.commission)}"
        for row in unit.sql(_SOLD)
    ]
    back = [
        f"order {row.id}: its returns owe {_wire(row.due)} of the seller and {_wire(row.back_commission)} of the bank,"
        f" they took {_wire(row.seller)} and {_wire(row.commission)}"
        for row in unit.sql(_BACK)
    ]
    return [
        *sold,
        *back,
        *(
            f"order {row.id}: {_wire(row.due_bonus)} of bonuses and {_wire(row.due_money)} of money dropped out,"
            f" {_wire(row.bonus)} and {_wire(row.money)} went back"
            for row in unit.sql(_DROPPED)
        ),
    ]


def _wire(tiyn: int) -> str:
    return Money(int(tiyn)).wire
