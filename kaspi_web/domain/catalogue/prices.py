"""What lists know of offers: which can be bought now, and of those the lowest price and their number."""

from __future__ import annotations

import json
from collections.abc import Collection

from kaspi_web.kernel.database import Prepared, Unit

_IS_THERE = """
    offer.active
    AND EXISTS (SELECT 1 FROM merchant WHERE merchant.id = offer.merchant_id AND merchant.active)
    AND EXISTS (
        SELECT 1 FROM stock JOIN pickup_point ON pickup_point.id = stock.point_id
        WHERE stock.offer_id = offer.id AND stock.quantity > stock.reserved AND pickup_point.active
    )
"""
_TURN = f"""
UPDATE offer SET is_there = NOT is_there
WHERE offer.product_id {{these}} AND offer.is_there <> ({_IS_THERE})
"""  # noqa: S608
_REFRESH = """
WITH live AS (
    SELECT offer.product_id, offer.price_tiyn, offer.old_price_tiyn,
        ROW_NUMBER() OVER (
            PARTITION BY offer.product_id ORDER BY offer.price_tiyn, merchant.rating_hundredths DESC, offer.id
        ) AS place,
        COUNT(*) OVER (PARTITION BY offer.product_id) AS sellers
    FROM offer JOIN merchant ON merchant.id = offer.merchant_id
    WHERE offer.product_id {these} AND offer.is_there
)
UPDATE product
SET price_tiyn = found.price_tiyn, old_price_tiyn = found.old_price_tiyn, sellers = found.sellers
FROM (
    SELECT product.id, live.price_tiyn, live.old_price_tiyn, COALESCE(live.sellers, 0) AS sellers
    FROM product LEFT JOIN live ON live.product_id = product.id AND live.place = 1
    WHERE product.id {these}
) AS found
WHERE product.id = found.id AND (
    product.price_tiyn IS DISTINCT FROM found.price_tiyn
    OR product.old_price_tiyn IS DISTINCT FROM found.old_price_tiyn
    OR product.sellers <> found.sellers
)
"""
_LOCK = "SELECT id FROM product WHERE id {these} ORDER BY id FOR UPDATE"
_LISTED, _ARRAY = "IN (SELECT value FROM json_each(?))", "= ANY(%s::bigint[])"
_TURNING = Prepared(_TURN.format(these=_LISTED), _TURN.format(these=_ARRAY))
_STATEMENT = Prepared(_REFRESH.format(these=_LISTED), _REFRESH.format(these=_ARRAY))
_LOCKING = Prepared("", _LOCK.format(these=_ARRAY))


def refresh(unit: Unit, product_ids: Collection[int]) -> None:
    """Bring these products' offers to what is in stock now, and their price, old price and number of sellers.

    Call it once in a unit, with all products, after stock and offers have changed: it locks the products by their ids.
    """
    if not product_ids:
        return
    ids = sorted(set(product_ids))
    if unit.on_sqlite:
        listed = json.dumps(ids)
        unit.run(_TURNING, listed)
        unit.run(_STATEMENT, listed, listed)
        return
    # Waiting comes first: a statement sees what was committed before it began, and not while it waited.
    unit.run(_LOCKING, ids)
    unit.run(_TURNING, ids)
    unit.run(_STATEMENT, ids, ids)
