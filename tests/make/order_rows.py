"""Rows of orders, their lines, events and returns for tests of the database's own rules; see rows.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

_NOW, _DAY = datetime(2026, 11, 20, 12, tzinfo=UTC), date(2026, 11, 20)

ROWS: dict[str, list[dict[str, Any]]] = {
    "shop_order": [
        {"id": number, "public_id": f"o{number}", "code": f"{number}", "purchase_id": number, "customer_id": 1}
        | {"merchant_id": 1, "state": "NEW", "status": "APPROVED_BY_BANK", "delivery_mode": "DELIVERY_PICKUP"}
        | {"point_id": 1, "city": "almaty", "address": "", "amount_tiyn": 10, "bonus_tiyn": 4, "money_tiyn": 6}
        | {"hold_id": hold, "bonus_hold_id": bonus, "loan_id": loan, "bonus_basis_points": 100}
        | {"promised_bonus_tiyn": 1, "taken_back_tiyn": 0, "cancellation_reason": "", "spaces": 0, "planned_on": _DAY}
        | {"due_on": _DAY, "made_at": _NOW, "accepted_at": None, "handed_over_at": None, "cancelled_at": None}
        for number, hold, bonus, loan in ((1, 1, 2, None), (2, None, None, 1))
    ],
    "order_line": [
        {"id": number, "order_id": 1, "number": number, "kind": "goods", "offer_id": 1, "product_id": 1, "sku": "s"}
        | {"name_kk": "A", "name_ru": "A", "name_en": "A", "quantity": 2, "price_tiyn": 5, "bonus_tiyn": 4}
        | {"money_tiyn": 6, "commission_tiyn": 1, "cancelled": 0, "returned": 1}
        for number in (1, 2)
    ],
    "order_event": [
        {"id": 1, "order_id": 1, "kind": "placed", "detail": "", "amount_tiyn": None, "happened_at": _NOW},
    ],
    "order_return": [
        {"id": 1, "public_id": "r1", "order_id": 1, "line_id": 1, "quantity": 1, "reason": "unused", "words": ""}
        | {"state": "done", "refusal": "", "to_bonus_tiyn": 0, "to_money_tiyn": 0, "off_plan_tiyn": 0}
        | {"taken_back_tiyn": 0, "withheld_tiyn": 0, "goes_to": "", "asked_at": _NOW, "answered_at": None}
        | {"done_at": None},
    ],
}
"""After holds, loans and purchases."""
SPARE = {
    ("shop_order", "purchase_id"): 3,
    ("shop_order", "hold_id"): 3,
    ("shop_order", "bonus_hold_id"): 1,
}
COMPANIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("shop_order", "loan_id"): {"hold_id": None},
}
BREAKS: dict[str, dict[str, Any]] = {
    "ck_shop_order_state_known": {"state": "LOST"},
    "ck_shop_order_status_known": {"status": "LOST"},
    "ck_shop_order_archived_when_final": {"state": "ARCHIVE"},
    "ck_shop_order_mode_known": {"delivery_mode": "PIGEON"},
    "ck_shop_order_parts_add_up": {"money_tiyn": 7},
    "ck_shop_order_held_or_lent": {"loan_id": 2},
    "ck_shop_order_taken_in_range": {"taken_back_tiyn": 2},
    "ck_shop_order_cancelled_when_so": {"cancelled_at": _NOW, "cancellation_reason": "TECHNICAL_PROBLEM_CANCELLATION"},
    "ck_shop_order_cancelled_for_a_reason": {"cancellation_reason": "TECHNICAL_PROBLEM_CANCELLATION"},
    "ck_shop_order_completed_by_hand_over": {"state": "ARCHIVE", "status": "COMPLETED"},
    "ck_order_line_goods_are_offered": {"offer_id": None},
    "ck_order_line_kind_known": {"kind": "gift"},
    "ck_order_line_above_zero": {"quantity": 0, "bonus_tiyn": 0, "money_tiyn": 0, "commission_tiyn": 0, "returned": 0},
    "ck_order_line_dropped_in_range": {"cancelled": 2},
    "ck_order_line_parts_add_up": {"money_tiyn": 7},
    "ck_order_line_commission_in_range": {"commission_tiyn": 11},
    "ck_order_return_reason_known": {"reason": "mood"},
    "ck_order_return_state_known": {"state": "lost"},
    "ck_order_return_quantity_above_zero": {"quantity": 0},
    "ck_order_return_refused_for_a_reason": {"refusal": "used"},
}
