"""Offers as a basket and a checkout need them: several at once, in as few statements as may be."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kaspi_web.domain.catalogue.views import PointView
from kaspi_web.domain.merchants.queries import MerchantView
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Prepared, Unit
from kaspi_web.kernel.money import Money

_LISTED, _ARRAY = "IN (SELECT value FROM json_each(?))", "= ANY(%s::bigint[])"
_GOODS = """
    SELECT o.id, o.price_tiyn, o.sku, o.product_id, p.slug, p.name_kk, p.name_ru, p.name_en,
           (SELECT i.picture FROM product_image i WHERE i.product_id = p.id ORDER BY i.position LIMIT 1),
           c.commission_basis_points, CASE WHEN o.active AND p.is_live AND m.active THEN 1 ELSE 0 END,
           m.id, m.slug, m.name, m.bin, m.rating_hundredths, m.reviews, m.delivery_tiyn, m.free_delivery_from_tiyn,
           m.active
    FROM offer o
    JOIN product p ON p.id = o.product_id
    JOIN category c ON c.id = p.category_id
    JOIN merchant m ON m.id = o.merchant_id
    WHERE o.id {these}
"""
_PLACES = """
    SELECT s.offer_id, t.id, t.code, t.city, t.address_kk, t.address_ru, t.address_en, t.hours, s.quantity - s.reserved
    FROM stock s JOIN pickup_point t ON t.id = s.point_id
    WHERE s.offer_id {these} AND t.active
    ORDER BY t.id
"""
# The street of checkouts lies above this one; of its tables nothing is needed but what is set aside for this customer,
# or has been for too long for anybody.
_MINE = """
    SELECT r.offer_id, r.point_id, SUM(r.quantity) FROM reservation r JOIN checkout c ON c.id = r.checkout_id
    WHERE r.offer_id {these} AND r.state = 'held' AND (c.customer_id = {one} OR r.expires_at <= {one})
    GROUP BY r.offer_id, r.point_id
"""


def _prepared(statement: str) -> Prepared:
    return Prepared(statement.format(these=_LISTED, one="?"), statement.format(these=_ARRAY, one="%s"))


_GOODS_OF, _PLACES_OF, _MINE_OF = _prepared(_GOODS), _prepared(_PLACES), _prepared(_MINE)


@dataclass(frozen=True, slots=True)
class Goods:
    """What an offer is now; `points` have what is free there for this customer, pieces set aside for them included."""

    offer_id: int
    price: Money
    sku: str
    product_id: int
    slug: str
    names: Mapping[str, str]
    picture: str
    commission_basis_points: int
    is_sold: bool
    merchant: MerchantView
    points: tuple[PointView, ...] = ()


def goods(unit: Unit, *, offer_ids: Collection[int], customer_id: int) -> dict[int, Goods]:
    """Several offers by id, also those that nobody can buy now."""
    if not offer_ids:
        return {}
    these = _these(unit, offer_ids)
    found = {row[0]: _goods(row) for row in unit.run(_GOODS_OF, these).fetchall()}
    points = _points(unit, these, customer_id)
    return {number: replace(each, points=tuple(points[number])) for number, each in found.items()}


def _these(unit: Unit, numbers: Collection[int]) -> Any:
    return json.dumps(sorted(numbers)) if unit.on_sqlite else sorted(numbers)


def _goods(row: Any) -> Goods:
    number, slug, name, bin_, rating, reviews, delivery, free_from, sells = row[11:]
    merchant = MerchantView(number, slug, name, bin_, rating, reviews, Money(delivery), Money(free_from), bool(sells))
    kk, ru, en = row[5:8]
    names = {"kk": kk, "ru": ru, "en": en}
    return Goods(row[0], Money(row[1]), row[2], row[3], row[4], names, row[8] or "", row[9], bool(row[10]), merchant)


def _points(unit: Unit, these: Any, customer_id: int) -> defaultdict[int, list[PointView]]:
    now = unit.stored_moment(real_now())
    mine = {(offer, point): int(many) for offer, point, many in unit.run(_MINE_OF, these, customer_id, now).fetchall()}
    found: defaultdict[int, list[PointView]] = defaultdict(list)
    for offer, point, code, city, kk, ru, en, hours, free in unit.run(_PLACES_OF, these).fetchall():
        free += mine.get((offer, point), 0)
        if free > 0:
            found[offer].append(PointView(point, code, city, {"kk": kk, "ru": ru, "en": en}, hours, free))
    return found
