"""One valid row for each table, and changes that make it another valid row: for tests of the database's own rules."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tests.make import goods_rows, listed_rows, loan_rows, order_rows, shop_rows

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
        {"slug": "b", "category": "c", "city": "", "position": 0, "search": "", "bin": "1", "address": "/b"}
        | {"dialect": "osmp", "tells_owner": False, "needs_iin": False, "fields": "{}", "prefixes": "", "kbk": ""}
        | {"knp": "", "active": True}
        | _NAMES
        | _LIMITS
    ],
    "holiday": [{"day": date(2026, 12, 16)}],
    "bonus_rule": [
        {"id": 1, "applies": "category", "name": "flights", "basis_points": 500, "valid_from": date(2026, 1, 1)}
        | {"valid_until": None}
    ],
    "customer": [
        {"id": number, "phone": f"+7701000000{number}", "language": "kk", "password_hash": "x", "consent_version": "1"}
        | _PERSON
        | {"consented_at": NOW, "created_at": NOW}
        for number in (1, 2)
    ],
    "identity": [
        {"customer_id": 1, "iin_digest": "d", "iin_sealed": "s", "iin_masked": "9005•••• ••01", "matched_at": NOW}
    ],
    "identity_try": [{"id": 1, "customer_id": 1, "at": NOW}],
    "identity_request": [
        {"id": 1, "customer_id": 1, "reference": "r", "tries": 0, "created_at": NOW, "due_at": NOW, "done_at": None}
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
    "card": [
        {"id": number, "public_id": f"c{number}", "customer_id": 1, "kind": "own", "token": "t", "brand": "own"}
        | {"last4": "0001", "linked_at": NOW, "frozen_at": None, "unlinked_at": NOW}
        for number in (1, 2)
    ],
    "card_link": [
        {"id": "l", "customer_id": 1, "state": "asked", "token": "", "brand": "", "last4": "", "onward": ""}
        | {"created_at": NOW, "expires_at": NOW}
    ],
    "card_recipient": [
        {"id": id, "customer_id": 1, "token": "", "card_id": 1, "brand": "own", "last4": "0001", "masked_name": "A."}
        | {"created_at": NOW, "expires_at": NOW}
        for id in ("r", "r2")
    ],
    "card_charge": [
        {"id": number, "key": f"k{number}", "customer_id": 1, "card_id": 1, "token": "t", "amount_tiyn": 10}
        | {"payee": "", "subject": f"s{number}", "state": "authorised", "wanted": "", "reason": "", "tries": 0}
        | {"refunded_tiyn": 0, "created_at": NOW, "due_at": NOW, "leased_until": NOW, "gives_up_at": NOW}
        for number in (1, 2, 3)
    ],
    "card_refund": [
        {"id": 1, "key": "k", "charge_id": 1, "amount_tiyn": 5, "subject": "s", "state": "new", "tries": 0}
        | {"reason": "", "created_at": NOW, "due_at": NOW, "leased_until": NOW}
    ],
    "card_payout": [
        {"id": number, "key": f"k{number}", "customer_id": 1, "token": "t", "last4": "0001", "amount_tiyn": 5}
        | {"subject": f"s{number}", "state": "new", "reason": "", "tries": 0}
        | {"created_at": NOW, "due_at": NOW, "leased_until": NOW}
        for number in (1, 2)
    ],
    "transfer_limit": [
        {"id": 1, "kind": "phone", "valid_from": date(2026, 1, 1), "per_operation_tiyn": 5, "per_day_tiyn": 10}
    ],
    "transfer": [
        {"id": number, "public_id": f"t{number}", "customer_id": 1, "kind": "card", "recipient_id": None, "phone": ""}
        | {"to_card_id": None, "card_recipient_id": recipient, "token": "t", "brand": "visa", "last4": "0001"}
        | {"masked_name": "", "amount_tiyn": 10, "source": "wallet", "card_id": None, "note": "", "proposal": 1}
        | {"confirmed_tiyn": None, "state": "sending", "reason": "", "hold_id": 2, "charge_id": None}
        | {"payout_id": payout, "issued_at": NOW, "expires_at": NOW, "undo_until": None, "started_at": NOW}
        | {"waits_until": None, "finished_at": None, "bonus_tiyn": 0, "bonus_hold_id": None}
        | changes
        for number, recipient, payout, changes in (
            (1, "r", 1, {}),
            (2, None, None, {"state": "draft", "hold_id": None, "started_at": None}),
        )
    ],
    "return_request": [
        {"id": 1, "transfer_id": 1, "state": "asked", "asked_at": NOW, "expires_at": NOW, "answered_at": None}
    ],
    "bill_payment": [
        {"id": number, "txn_id": number, "customer_id": 1, "biller": "b", "account": "1", "amount_tiyn": 10}
        | {"account_sealed": "", "extra": "{}", "bonus_tiyn": 0, "bonus_basis_points": 0, "source": "wallet"}
        | {"card_id": None, "spent_bonus_tiyn": 0, "hold_id": hold, "bonus_hold_id": None, "charge_id": None}
        | {"refunded_tiyn": 0, "taken_back_tiyn": 0, "state": "on_way", "last_word": "", "tries": 0, "biller_txn": ""}
        | {"started_at": NOW, "due_at": NOW, "gives_up_at": NOW, "leased_until": NOW, "finished_at": None}
        for number, hold in ((1, 1), (2, 3))
    ],
    "payment_intent": [
        {"id": "i", "key": "k", "customer_id": 1, "biller": "b", "account": "1", "owner_name": "", "address": ""}
        | {"way": "", "account_sealed": "", "extra": "{}", "offer": "{}", "chosen": "{}", "proposal": 0}
        | {"issued_at": NOW, "expires_at": NOW, "answered_at": None, "debt_tiyn": None}
        | {"amount_tiyn": 10, "source": "wallet", "card_id": None, "spend_bonus_tiyn": 0}
        | {"confirmed_tiyn": None, "payment_id": 1}
    ],
    "bill_refund": [
        {"id": 1, "payment_id": 1, "biller": "b", "cancel_id": "c", "amount_tiyn": 5, "to_bonus_tiyn": 0}
        | {"to_money_tiyn": 5, "goes_to": "wallet", "taken_back_tiyn": 0, "withheld_tiyn": 0, "reason": ""}
        | {"refunded_at": NOW}
    ],
    "difference": [
        {"id": 1, "biller": "b", "day": date(2026, 11, 19), "txn_id": "1", "kind": "not_here", "our_state": ""}
        | {"our_tiyn": None, "their_state": "", "their_tiyn": 5, "found_at": NOW, "resolved_at": None, "by_hand": False}
    ],
    "favourite": [{"id": 1, "customer_id": 1, "biller": "b", "way": "", "account": "1", "name": "", "added_at": NOW}],
    "operation": [
        {"id": 1, "receipt": "r", "customer_id": 1, "kind": "bill", "subject": "s", "counterparty": "b"}
        | {"account": "", "amount_tiyn": -10, "bonus_tiyn": 0, "state": "done", "occurred_at": NOW, "changed_at": NOW}
    ],
}
"""In an order in which every row finds what it refers to."""

SPARE = {
    ("identity", "customer_id"): 2,
    ("identity_request", "customer_id"): 2,
    ("seal", "entry_id"): 2,
    ("transfer_limit", "valid_from"): date(2026, 2, 1),
    ("transfer", "hold_id"): 3,
    ("transfer", "card_recipient_id"): "r2",
    ("transfer", "payout_id"): 2,
    ("return_request", "transfer_id"): 2,
    ("holiday", "day"): date(2026, 12, 17),
    ("bonus_rule", "applies"): "category",
    ("bonus_rule", "valid_from"): date(2026, 2, 1),
    ("bill_payment", "hold_id"): 2,
    ("payment_intent", "payment_id"): 2,
}
"""Rows that nobody refers to yet, for references that are unique."""
COMPANIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("transfer", "charge_id"): {"hold_id": None},
    ("transfer", "card_id"): {"source": "card"},
    ("bill_payment", "charge_id"): {"hold_id": None},
    ("bill_payment", "bonus_hold_id"): {"spent_bonus_tiyn": 5},
    ("transfer", "bonus_hold_id"): {"bonus_tiyn": 5},
}
"""What has to change beside a reference, so that the row breaks nothing else."""

for _more in (goods_rows, listed_rows, loan_rows, shop_rows, order_rows):
    ROWS |= _more.ROWS
    SPARE |= _more.SPARE
    COMPANIONS |= _more.COMPANIONS
