"""The rows of an order's lines, with the stored share of each source."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.checkout.chosen import Agreed
from kaspi_web.domain.checkout.parts import Share
from kaspi_web.kernel.money import Money


def lines_of(order_id: int, agreed: Agreed, share: Share) -> list[dict[str, Any]]:
    """The columns of every line, the delivery last if it costs anything."""
    bonuses = share.line_bonuses
    rows = [
        {
            "order_id": order_id,
            "number": number,
            "offer_id": line.offer_id,
            "product_id": line.product_id,
            "sku": line.sku,
            "quantity": line.quantity,
            "price_tiyn": line.price_tiyn,
            "bonus_tiyn": bonuses[number - 1].tiyn,
            "money_tiyn": (line.total - bonuses[number - 1]).tiyn,
            "commission_tiyn": line.total.share(line.commission_basis_points).tiyn,
        }
        | {f"name_{locale}": name for locale, name in line.names.items()}
        for number, line in enumerate(agreed.lines, 1)
    ]
    return rows + ([_delivery(order_id, len(rows) + 1, agreed.delivery, bonuses[-1])] if agreed.delivery else [])


def _delivery(order_id: int, number: int, cost: Money, bonuses: Money) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "number": number,
        "kind": "delivery",
        # It has no names of its own: screens have words for it.
        **dict.fromkeys(("name_kk", "name_ru", "name_en"), ""),
        "quantity": 1,
        "price_tiyn": cost.tiyn,
        "bonus_tiyn": bonuses.tiyn,
        "money_tiyn": (cost - bonuses).tiyn,
    }
