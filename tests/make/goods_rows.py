"""Rows of merchants and goods for tests of the database's own rules; see rows.py."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_NAMES = {"name_kk": "Үй", "name_ru": "Дом", "name_en": "Home"}
_TEXTS = {"text_kk": "", "text_ru": "", "text_en": ""}
_ADDRESS = {"address_kk": "Абай, 44", "address_ru": "Абая, 44", "address_en": "44 Abay"}
_SECTION = {"parent_id": None, "depth": 1, "position": 0, "commission_basis_points": 1000, "picture": "sofa"}

ROWS: dict[str, list[dict[str, Any]]] = {
    "merchant": [
        {"id": number, "slug": f"m{number}", "name": "M", "bin": "1", "token_digest": "", "rating_hundredths": 450}
        | {"reviews": 1, "delivery_tiyn": 5, "free_delivery_from_tiyn": 50, "active": True, "joined_at": _NOW}
        for number in (1, 2)
    ],
    "pickup_point": [
        {"id": number, "merchant_id": 1, "code": f"PP{number}", "city": "almaty", "hours": "", "active": True}
        | _ADDRESS
        for number in (1, 2)
    ],
    "category": [{"id": number, "slug": f"c{number}"} | _SECTION | _NAMES for number in (1, 2)],
    "attribute": [
        {"id": number, "category_id": 1, "code": f"a{number}", "position": 0, "is_facet": True} | _NAMES
        for number in (1, 2)
    ],
    "attribute_value": [{"id": 1, "attribute_id": 1, "code": "v", "position": 0} | _NAMES],
    "product": [
        {"id": number, "slug": f"p{number}", "section_id": 1, "group_id": 1, "category_id": 1, "brand": ""}
        | {"price_tiyn": 10, "old_price_tiyn": 20, "sellers": 1, "rating_hundredths": 450, "reviews": 1, "sold": 0}
        | {"is_live": True, "changed_at": _NOW}
        | _NAMES
        | _TEXTS
        for number in (1, 2, 3)
    ],
    "product_fact": [{"product_id": 1, "attribute_id": 1, "value_id": 1}],
    "product_image": [{"product_id": 1, "position": 1, "picture": "sofa-1-1"}],
    "offer": [
        {"id": number, "product_id": number, "merchant_id": 1, "sku": f"s{number}", "price_tiyn": 10}
        | {"old_price_tiyn": 20, "active": True, "changed_at": _NOW}
        for number in (1, 2)
    ],
    "stock": [{"offer_id": 1, "point_id": 1, "quantity": 5, "reserved": 2}],
    "review": [
        {"id": 1, "product_id": 1, "customer_id": 1, "author": "A.", "stars": 5, "words": "", "locale": "kk"}
        | {"written_at": _NOW}
    ],
}
"""After customers."""
SPARE = {
    ("pickup_point", "merchant_id"): 2,
    ("attribute", "category_id"): 2,
    ("attribute_value", "attribute_id"): 2,
    ("product_fact", "product_id"): 2,
    ("product_fact", "attribute_id"): 2,
    ("product_image", "product_id"): 2,
    ("offer", "product_id"): 3,
    ("offer", "merchant_id"): 2,
    ("stock", "offer_id"): 2,
    ("stock", "point_id"): 2,
    ("review", "product_id"): 2,
    ("review", "customer_id"): 2,
}
COMPANIONS: dict[tuple[str, str], dict[str, Any]] = {
    ("category", "parent_id"): {"depth": 2},
}
BREAKS: dict[str, dict[str, Any]] = {
    "ck_merchant_rating_in_range": {"rating_hundredths": 501},
    "ck_merchant_reviews_not_negative": {"reviews": -1},
    "ck_merchant_delivery_not_negative": {"delivery_tiyn": -1},
    "ck_pickup_point_city_known": {"city": "paris"},
    "ck_category_depth_in_range": {"depth": 4, "parent_id": 1},
    "ck_category_roots_have_no_parent": {"parent_id": 1},
    "ck_category_commission_in_range": {"commission_basis_points": 5001},
    "ck_product_price_above_zero": {"price_tiyn": 0},
    "ck_product_old_price_higher": {"old_price_tiyn": 10},
    "ck_product_sold_by_somebody": {"sellers": 0},
    "ck_product_rating_in_range": {"rating_hundredths": -1},
    "ck_product_counts_not_negative": {"sold": -1},
    "ck_offer_price_above_zero": {"price_tiyn": 0},
    "ck_offer_old_price_higher": {"old_price_tiyn": 10},
    "ck_stock_reserved_is_there": {"reserved": 6},
    "ck_review_stars_in_range": {"stars": 6},
}
