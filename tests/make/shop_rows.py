"""Rows of baskets and checkouts for tests of the database's own rules; see rows.py."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

ROWS: dict[str, list[dict[str, Any]]] = {
    "basket_line": [
        {"id": 1, "customer_id": 1, "offer_id": 1, "quantity": 2, "seen_price_tiyn": 5, "added_at": _NOW},
    ],
    "purchase": [
        {"id": number, "public_id": f"p{number}", "customer_id": 1, "state": "placed", "source": source, "months": 0}
        | {"card_id": card, "charge_id": card, "amount_tiyn": 10, "spent_bonus_tiyn": 0, "reason": "", "made_at": _NOW}
        | {"sign_until": None, "finished_at": _NOW}
        for number, source, card in ((1, "card", 1), (2, "wallet", None), (3, "wallet", None))
    ],
    "checkout": [
        {"id": name, "customer_id": 1, "chosen": "{}", "source": "wallet", "months": 0, "card_id": None}
        | {"spend_bonus_tiyn": 0, "amount_tiyn": 10, "proposal": 1, "confirmed_tiyn": None, "purchase_id": purchase}
        | {"issued_at": _NOW, "expires_at": _NOW}
        for name, purchase in (("c", 1), ("c2", None))
    ],
    "reservation": [
        {"id": 1, "checkout_id": "c", "offer_id": 1, "point_id": 1, "quantity": 2, "state": "sold", "expires_at": _NOW},
    ],
}
"""After customers, cards, offers, points and purchases; two purchases and two offers have to be there."""
SPARE = {
    ("purchase", "charge_id"): 2,
    ("basket_line", "offer_id"): 2,
    ("basket_line", "customer_id"): 2,
    ("checkout", "purchase_id"): 2,
    ("reservation", "offer_id"): 2,
    ("reservation", "checkout_id"): "c2",
}
COMPANIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("checkout", "card_id"): {"source": "card"},
}
BREAKS: dict[str, dict[str, Any]] = {
    "ck_purchase_state_known": {"state": "lost"},
    "ck_purchase_source_known": {"source": "sock", "card_id": None, "charge_id": None},
    "ck_purchase_card_is_named": {"card_id": None},
    "ck_purchase_cards_are_charged": {"source": "wallet", "card_id": None},
    "ck_purchase_funding_is_charged": {"state": "funding", "charge_id": None, "finished_at": None},
    "ck_purchase_plans_have_months": {"months": 3},
    "ck_purchase_parts_in_range": {"spent_bonus_tiyn": 11},
    "ck_purchase_finished_when_final": {"finished_at": None},
    "ck_basket_line_quantity_in_range": {"quantity": 100},
    "ck_checkout_source_known": {"source": "sock"},
    "ck_checkout_card_is_named": {"source": "card"},
    "ck_checkout_amount_above_zero": {"amount_tiyn": 0},
    "ck_checkout_bonus_in_range": {"spend_bonus_tiyn": 11},
    "ck_reservation_state_known": {"state": "lost"},
    "ck_reservation_quantity_above_zero": {"quantity": 0},
}
