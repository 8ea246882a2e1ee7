"""The audit of the shop: stock agrees with what is set aside, and purchases with their orders, charges and the list.

It reads their tables as text, so that the ledger imports nobody above it.
"""

from __future__ import annotations

from sqlalchemy import text

from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

_STOCK = text(
    """
    SELECT s.offer_id, s.point_id, s.quantity, s.reserved, COALESCE(r.kept, 0) AS kept
    FROM stock s LEFT JOIN (
        SELECT offer_id, point_id, SUM(quantity) AS kept FROM reservation WHERE state = 'held' GROUP BY 1, 2
    ) r ON r.offer_id = s.offer_id AND r.point_id = s.point_id
    WHERE s.reserved <> COALESCE(r.kept, 0) OR s.reserved < 0 OR s.quantity < s.reserved
    ORDER BY s.offer_id, s.point_id LIMIT 20
    """
)
_SOLD = text(
    """
    SELECT c.purchase_id AS id, COALESCE(r.sold, 0) AS sold, COALESCE(l.bought, 0) AS bought
    FROM checkout c
    LEFT JOIN (
        SELECT checkout_id, SUM(CASE state WHEN 'sold' THEN quantity ELSE 0 END) AS sold,
               SUM(CASE state WHEN 'held' THEN quantity ELSE 0 END) AS kept FROM reservation GROUP BY 1
    ) r ON r.checkout_id = c.id
    LEFT JOIN (
        SELECT o.purchase_id, SUM(l.quantity) AS bought FROM shop_order o JOIN order_line l ON l.order_id = o.id
        WHERE l.kind = 'goods' GROUP BY 1
    ) l ON l.purchase_id = c.purchase_id
    WHERE c.purchase_id IS NOT NULL AND (COALESCE(r.sold, 0) <> COALESCE(l.bought, 0) OR COALESCE(r.kept, 0) <> 0)
    ORDER BY c.purchase_id LIMIT 20
    """
)
_ORDERS = text(
    """
    SELECT p.id, p.state, o.id AS order_id, o.state AS order_state, o.status
    FROM purchase p JOIN shop_order o ON o.purchase_id = p.id
    WHERE (p.state = 'funding') <> (o.status = 'FUNDING')
       OR (p.state = 'refused' AND o.status <> 'CANCELLED')
       OR (p.state = 'signing' AND o.state <> 'SIGN_REQUIRED')
       OR (p.state <> 'signing' AND o.state = 'SIGN_REQUIRED')
    ORDER BY o.id LIMIT 20
    """
)
_CHARGES = text(
    """
    SELECT p.id, p.state, c.state AS charge, c.wanted, c.amount_tiyn, p.amount_tiyn - p.spent_bonus_tiyn AS money
    FROM purchase p JOIN card_charge c ON c.id = p.charge_id
    LEFT JOIN (
        SELECT purchase_id, COUNT(*) AS open FROM shop_order
        WHERE status NOT IN ('CANCELLED', 'RETURNED', 'KASPI_DELIVERY_RETURN_REQUESTED', 'RETURN_ACCEPTED_BY_MERCHANT')
        GROUP BY purchase_id
    ) o ON o.purchase_id = p.id
    WHERE c.amount_tiyn <> p.amount_tiyn - p.spent_bonus_tiyn
       OR (p.state = 'funding' AND (c.state IN ('authorised', 'captured', 'voided', 'declined') OR c.wanted = 'void'))
       OR (p.state = 'placed' AND c.state <> 'captured' AND c.wanted <> 'capture'
           -- A charge that lapsed has ended all of its orders.
           AND NOT (c.state = 'voided' AND COALESCE(o.open, 0) = 0))
       OR (p.state = 'refused' AND c.state NOT IN ('voided', 'declined') AND c.wanted <> 'void')
    ORDER BY p.id LIMIT 20
    """
)
_SHOWN = text(
    """
    SELECT p.id, p.state, n.state AS shown, n.wallet_tiyn, n.amount_tiyn
    FROM purchase p
    LEFT JOIN operation n ON n.customer_id = p.customer_id AND n.subject = 'purchase:' || CAST(p.id AS TEXT)
    WHERE n.id IS NULL OR n.amount_tiyn <> -p.amount_tiyn
       OR n.state <> CASE p.state WHEN 'placed' THEN 'done' WHEN 'refused' THEN 'refused' ELSE 'on_way' END
       OR n.wallet_tiyn
          <> CASE WHEN p.source = 'wallet' AND p.state <> 'refused' THEN p.spent_bonus_tiyn - p.amount_tiyn ELSE 0 END
    ORDER BY p.id LIMIT 20
    """
)


def faults_of_shop(unit: Unit) -> list[str]:
    """What is off among stock, checkouts and purchases."""
    return [*_stock(unit), *_purchases(unit)]


def _stock(unit: Unit) -> list[str]:
    kept = [
        f"stock of offer {row.offer_id} at point {row.point_id}: {row.quantity} pieces, {row.reserved} of them set"
        f" aside; reservations that hold add up to {int(row.kept)}"
        for row in unit.sql(_STOCK)
    ]
    return kept + [
        f"purchase {row.id}: has {int(row.bought)} pieces, {int(row.sold)} were set aside for it and sold"
        for row in unit.sql(_SOLD)
    ]


def _purchases(unit: Unit) -> list[str]:
    orders = [
        f"purchase {row.id}: is {row.state}, and its order {row.order_id} is {row.order_state} {row.status}"
        for row in unit.sql(_ORDERS)
    ]
    charges = [
        f"purchase {row.id}: is {row.state} with {Money(row.money).wire} of money, and its charge of"
        f" {Money(row.amount_tiyn).wire} is {row.charge} (wanted: {row.wanted or 'nothing'})"
        for row in unit.sql(_CHARGES)
    ]
    shown = [f"purchase {row.id}: is {row.state}, shown as {_listed(row)}" for row in unit.sql(_SHOWN)]
    return orders + charges + shown


def _listed(row: object) -> str:
    state, amount, wallet = (getattr(row, name) for name in ("shown", "amount_tiyn", "wallet_tiyn"))
    if state is None:
        return "nothing"
    return f"{state} for {Money(amount).wire}, of which the wallet's {Money(wallet).wire}"
