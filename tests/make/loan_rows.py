"""Rows of plans for tests of the database's own rules; see rows.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_DAY, _LATER = date(2026, 11, 20), date(2026, 12, 20)

ROWS: dict[str, list[dict[str, Any]]] = {
    "red_member": [
        {"customer_id": 1, "limit_tiyn": 100, "used_tiyn": 10, "reserved_tiyn": 20, "pays_automatically": False}
        | {"consent": "1", "because": "everyone", "joined_at": _NOW}
    ],
    "loan": [
        {"id": number, "public_id": f"l{number}", "customer_id": 1, "kind": "credit", "subject": f"order:{number}"}
        | {"months": 3, "amount_tiyn": 30, "rate_basis_points": 2400, "gesv_basis_points": 2700, "repaid_tiyn": 10}
        | {"returned_tiyn": 5, "overpaid_tiyn": 0, "interest_back_tiyn": 0, "state": "active"}
        | {"pays_automatically": False, "contract": "1", "signed_at": _NOW, "made_at": _NOW, "opened_on": _DAY}
        | {"interest_since": _DAY, "annulled_on": None, "closed_on": None}
        for number in (1, 2, 3)
    ],
    "loan_payment": [
        {"id": 1, "loan_id": 1, "number": 1, "due_on": _LATER, "principal_tiyn": 10, "interest_tiyn": 3}
        | {"paid_tiyn": 5, "early_tiyn": 2, "cancelled_tiyn": 5, "accrued_tiyn": 2, "paid_interest_tiyn": 1}
    ],
    "due_bill": [
        {"id": 1, "customer_id": 1, "subject": "red", "due_on": _LATER, "step": "remind", "next_on": _DAY}
        | {"late_on": None, "fine_tiyn": 0, "paid_fine_tiyn": 0}
    ],
    "due_run": [{"bill_id": 1, "step": "remind", "run_on": _DAY}],
    "repayment": [
        {"id": 1, "key": "k", "customer_id": 1, "subject": "red", "way": "due", "amount_tiyn": 6, "principal_tiyn": 3}
        | {"interest_tiyn": 2, "fine_tiyn": 1, "paid_at": _NOW}
    ],
    "loan_term": [
        {"id": 1, "kind": "credit", "months": 12, "minimum_tiyn": 5, "maximum_tiyn": 10, "rate_basis_points": 2400}
        | {"valid_from": _DAY, "withdrawn": False}
    ],
    "loan_rule": [{"id": 1, "name": "fine", "value": 200_000, "valid_from": _DAY}],
}
"""After customers."""
SPARE: dict[tuple[str, str], Any] = {
    ("red_member", "customer_id"): 2,
    ("due_bill", "due_on"): date(2027, 1, 20),
    ("loan_term", "valid_from"): _LATER,
    ("loan_rule", "valid_from"): _LATER,
}
COMPANIONS: dict[tuple[str, str], dict[str, Any]] = {}
BREAKS: dict[str, dict[str, Any]] = {
    "ck_red_member_limit_above_zero": {"limit_tiyn": 0, "used_tiyn": 0, "reserved_tiyn": 0},
    "ck_red_member_uses_not_negative": {"used_tiyn": -1},
    "ck_red_member_within_limit": {"used_tiyn": 81},
    "ck_loan_kind_known": {"kind": "gift", "rate_basis_points": 0},
    "ck_loan_state_known": {"state": "lost", "opened_on": None},
    "ck_loan_not_negative": {"months": 0},
    "ck_loan_parts_not_negative": {"returned_tiyn": -1},
    "ck_loan_parts_in_range": {"returned_tiyn": 21},
    "ck_loan_overpaid_in_range": {"overpaid_tiyn": 11},
    "ck_loan_interest_back_not_negative": {"interest_back_tiyn": -1},
    "ck_loan_red_has_nothing_to_annul": {"kind": "red", "rate_basis_points": 0, "annulled_on": _DAY},
    "ck_loan_credit_has_interest": {"rate_basis_points": 0},
    "ck_loan_opened_by_hand_over": {"opened_on": None},
    "ck_loan_closed_when_paid": {"state": "closed"},
    "ck_loan_cancelled_lends_nothing": {"state": "cancelled", "opened_on": None},
    "ck_loan_payment_principal_in_range": {"cancelled_tiyn": 6},
    "ck_loan_payment_early_in_range": {"early_tiyn": 6},
    "ck_loan_payment_interest_in_range": {"accrued_tiyn": 4},
    "ck_due_bill_step_known": {"step": "sue"},
    "ck_due_bill_steps_have_days": {"next_on": None},
    "ck_due_bill_fine_in_range": {"paid_fine_tiyn": 1},
    "ck_repayment_amount_above_zero": {"amount_tiyn": 0, "principal_tiyn": 0, "interest_tiyn": 0, "fine_tiyn": 0},
    "ck_repayment_parts_add_up": {"fine_tiyn": 2},
    "ck_repayment_way_known": {"way": "by_magic"},
    "ck_loan_term_kind_known": {"kind": "gift", "rate_basis_points": 0},
    "ck_loan_term_sums_in_order": {"maximum_tiyn": 4},
    "ck_loan_term_credit_has_interest": {"rate_basis_points": 0},
}
