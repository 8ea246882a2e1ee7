"""One valid row for each table, and changes that make it another valid row: for tests of the database's own rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

_PERSON = {"given_name": "Айгүл", "family_name": "Нұрланова", "patronymic": "", "born_on": date(1990, 5, 1)}
_PLACE = {"place_kk": "Абай, 44", "place_ru": "Абай, 44", "place_en": "44 Abay"}
_NAMES = {"name_kk": "Жарық", "name_ru": "Свет", "name_en": "Light"}
_LIMITS = {"minimum_tiyn": 1, "maximum_tiyn": 100}

ROWS: dict[str, list[dict[str, Any]]] = {
    "account": [
        {"id": 1, "kind": "wallet", "owner": "1", "balance_tiyn": 0},
        {"id": 2, "kind": "settlement", "owner": "", "balance_tiyn": None},
    ],
    "biller": [
        {"slug": "b", "category": "c", "bin": "1", "address": "/b", "account_pattern": ".", "account_example": "1"}
        | _NAMES
        | _LIMITS
        | {"bonus_basis_points": 100}
    ],
    "customer": [
        {"id": 1, "phone": "+77010000001", "language": "kk", "password_hash": "x", "consent_version": "1"}
        | _PERSON
        | {"consented_at": NOW, "created_at": NOW}
    ],
    "entry": [
        {"id": number, "kind": "k", "key": f"e{number}", "subject": "", "booked_at": NOW, "written_at": NOW}
        for number in (1, 2)
    ],
    "posting": [{"id": 1, "entry_id": 1, "debit_account_id": 1, "credit_account_id": 2, "amount_tiyn": 5}],
    "seal": [{"position": 1, "entry_id": 1, "digest": "d", "sealed_at": NOW}],
    "hold": [
        {"id": number, "account_id": 1, "subject": f"h{number}", "amount_tiyn": 10, "created_at": NOW}
        | {"captured_tiyn": 0, "released_tiyn": 0}
        for number in (1, 2, 3)
    ],
    "sms_message": [
        {"id": number, "phone": "+77010000001", "language": "kk", "template": "t", "sealed_params": "", "tries": 0}
        | {"created_at": NOW, "due_at": NOW, "expires_at": None, "sent_at": None, "expired_at": None}
        for number in (1, 2)
    ],
    "sms_code": [
        {"id": 1, "phone": "+77010000001", "purpose": "pay", "subject": "s", "code_digest": "d", "wrong_tries": 0}
        | {"content": "", "sent_at": NOW, "expires_at": NOW, "used_at": None}
    ],
    "phone_proof": [
        {"id": 1, "cookie_digest": "d", "purpose": "register", "phone": "+77010000001", "language": "kk"}
        | {"started_at": NOW, "expires_at": NOW, "resend_at": NOW}
        | _PERSON
    ],
    "sign_in": [
        {"id": 1, "cookie_digest": "d", "customer_id": 1, "device": ""}
        | {"started_at": NOW, "seen_at": NOW, "expires_at": NOW}
    ],
    "sign_in_try": [{"id": 1, "phone_digest": "p", "address_digest": "a", "at": NOW}],
    "terminal_network": [{"slug": "n", "name": "N", "secret_digest": "s"} | _LIMITS],
    "terminal": [{"slug": "t", "network": "n", "credit_delay_s": 0} | _PLACE],
    "topup": [
        {"id": 1, "network": "n", "txn_id": "1", "txn_date": NOW, "terminal": "", "account": "+77010000001"}
        | {"customer_id": 1, "amount_tiyn": 5, "state": "credited"}
        | {"accepted_at": NOW, "due_at": NOW, "credited_at": NOW}
    ],
    "kiosk_visit": [
        {"id": "v", "terminal": "t", "phone": "+77010000001", "masked_name": "", "inserted_tiyn": 0, "txn_id": 1}
        | {"state": "open", "result": None, "started_at": NOW, "due_at": NOW, "browser_digest": "", "tries": 0}
    ],
    "look_up": [{"id": 1, "network": "n", "terminal": "", "at": NOW}],
    "bill_payment": [
        {"id": number, "txn_id": number, "customer_id": 1, "biller": "b", "account": "1", "amount_tiyn": 10}
        | {"bonus_tiyn": 0, "hold_id": hold, "state": "on_way", "last_word": "", "tries": 0, "biller_txn": ""}
        | {"started_at": NOW, "due_at": NOW, "gives_up_at": NOW, "leased_until": NOW, "finished_at": None}
        for number, hold in ((1, 1), (2, 3))
    ],
    "payment_intent": [
        {"id": "i", "key": "k", "customer_id": 1, "biller": "b", "account": "1", "owner_name": "", "address": ""}
        | {"issued_at": NOW, "expires_at": NOW, "answered_at": None, "debt_tiyn": None}
        | {"amount_tiyn": 10, "source": "wallet", "confirmed_tiyn": None, "payment_id": 1}
    ],
    "operation": [
        {"id": 1, "receipt": "r", "customer_id": 1, "kind": "bill", "subject": "s", "counterparty": "b"}
        | {"account": "", "amount_tiyn": -10, "bonus_tiyn": 0, "state": "done", "occurred_at": NOW, "changed_at": NOW}
    ],
}
"""In an order in which every row finds what it refers to."""

SPARE = {
    ("seal", "entry_id"): 2,
    ("bill_payment", "hold_id"): 2,
    ("payment_intent", "payment_id"): 2,
}
"""Rows that nobody refers to yet, for references that are unique."""
