"""Rows of what lists and search know, for tests of the database's own rules; see rows.py."""

from __future__ import annotations

from typing import Any

ROWS: dict[str, list[dict[str, Any]]] = {
    "listed": [
        {"product_id": 1, "section_id": 1, "group_id": 1, "category_id": 1, "brand": "", "is_out": 0, "price_tiyn": 10}
        | {"popularity": 0, "rating": 0, "value_ids": ""}
    ],
    "listed_terms": [{"product_id": 1, "terms": "c_1 home", "steps": "s_0 p_0 r_0"}],
    "catalogue_word": [{"id": 1, "word": "home", "sound": "home"}],
}
"""After products and categories."""
SPARE = {("listed", "product_id"): 2, ("listed_terms", "product_id"): 2}
COMPANIONS: dict[tuple[str, str], dict[str, Any]] = {}
BREAKS: dict[str, dict[str, Any]] = {"ck_listed_without_price_is_out": {"is_out": 1}}
