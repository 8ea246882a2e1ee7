"""Pieces of offers at points: set aside, sold, released and put back; never below zero, never sold twice.

Whoever changes stock locks all of its rows first, by offer and point, and products' lowest prices follow at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kaspi_web.domain.catalogue import prices
from kaspi_web.kernel.database import Prepared, Unit, prepared
from kaspi_web.kernel.errors import Refused


class OutOfStock(Refused):
    """There are fewer pieces than are wanted; `left` says how many, `name` of what, by language."""

    code = "out_of_stock"


class GoodsGone(OutOfStock):
    """There are none at all."""

    code = "goods_gone"


def shortage(left: int, name: Mapping[str, str]) -> OutOfStock:
    """The refusal for so few pieces."""
    return OutOfStock(left=left, name=dict(name)) if left > 0 else GoodsGone(left=0, name=dict(name))


class Pieces(NamedTuple):
    """So many pieces of an offer at a point."""

    offer_id: int
    point_id: int
    quantity: int


_Free = dict[int, dict[int, int]]
"""Free pieces of offers by their points."""

_LOCK = Prepared(
    "",
    "SELECT offer_id FROM stock WHERE (offer_id, point_id) IN (SELECT * FROM unnest(%s::bigint[], %s::bigint[]))"
    " ORDER BY offer_id, point_id FOR UPDATE",
)
_SET_ASIDE = prepared(
    "UPDATE stock SET reserved = reserved + ? WHERE offer_id = ? AND point_id = ? AND quantity - reserved >= ?"
    " RETURNING quantity - reserved"
)
_SELL = prepared(
    "UPDATE stock SET quantity = quantity - ?, reserved = reserved - ? WHERE offer_id = ? AND point_id = ?"
)
_RELEASE = prepared(
    "UPDATE stock SET reserved = reserved - ? WHERE offer_id = ? AND point_id = ? RETURNING quantity - reserved"
)
_PUT_BACK = prepared(
    "UPDATE stock SET quantity = quantity + ? WHERE offer_id = ? AND point_id = ? RETURNING quantity - reserved"
)
_LEFT = prepared(
    "SELECT s.quantity - s.reserved, p.name_kk, p.name_ru, p.name_en FROM offer o JOIN product p ON p.id = o.product_id"
    " LEFT JOIN stock s ON s.offer_id = o.id AND s.point_id = ? WHERE o.id = ?"
)
_PRODUCT = prepared("SELECT product_id FROM offer WHERE id = ?")


def lock(unit: Unit, pieces: Iterable[Pieces]) -> None:
    """Hold these rows until the unit's end, in the order that everybody keeps."""
    if not unit.on_sqlite:
        rows = sorted({(each.offer_id, each.point_id) for each in pieces})
        unit.run(_LOCK, [offer for offer, _ in rows], [point for _, point in rows]).fetchall()


def set_aside(unit: Unit, pieces: Sequence[Pieces]) -> None:
    """Keep free pieces for somebody; raises OutOfStock, and then none is kept."""
    lock(unit, pieces)
    exchange(unit, give=(), take=pieces)


def exchange(unit: Unit, *, give: Sequence[Pieces], take: Sequence[Pieces]) -> None:
    """Let some pieces be anybody's, and then keep others; raises OutOfStock, and then nothing is done.

    The caller has locked the rows.
    """
    was: _Free = {}
    now: _Free = {}
    for each in give:
        (free,) = unit.run(_RELEASE, each.quantity, each.offer_id, each.point_id).fetchone()
        _note(was, now, each, free - each.quantity, free)
    for each in take:
        row = unit.run(_SET_ASIDE, each.quantity, each.offer_id, each.point_id, each.quantity).fetchone()
        if row is None:
            raise short(unit, each)
        _note(was, now, each, row[0] + each.quantity, row[0])
    _refresh(unit, was, now)


def _note(was: _Free, now: _Free, each: Pieces, before: int, after: int) -> None:
    was.setdefault(each.offer_id, {}).setdefault(each.point_id, before)
    now.setdefault(each.offer_id, {})[each.point_id] = after


def short(unit: Unit, wanted: Pieces) -> OutOfStock:
    """The refusal that says how many free pieces there are instead."""
    left, *names = unit.run(_LEFT, wanted.point_id, wanted.offer_id).fetchone()
    return shortage(left or 0, dict(zip(("kk", "ru", "en"), names, strict=True)))


def sell(unit: Unit, pieces: Sequence[Pieces]) -> None:
    """Take pieces that were set aside off the stock."""
    ordered = sorted(pieces)
    sold = unit.run_many(_SELL, [(each.quantity, each.quantity, each.offer_id, each.point_id) for each in ordered])
    assert sold == len(pieces), "what was set aside is there"


def release(unit: Unit, pieces: Sequence[Pieces]) -> None:
    """Let pieces that were set aside be anybody's again."""
    lock(unit, pieces)
    exchange(unit, give=pieces, take=())


def put_back(unit: Unit, pieces: Sequence[Pieces]) -> None:
    """Bring sold pieces back to where they were sold from."""
    lock(unit, pieces)
    was: _Free = {}
    now: _Free = {}
    for each in pieces:
        (free,) = unit.run(_PUT_BACK, each.quantity, each.offer_id, each.point_id).fetchone()
        _note(was, now, each, free - each.quantity, free)
    _refresh(unit, was, now)


def _refresh(unit: Unit, was: _Free, now: _Free) -> None:
    # Only the first free piece at a point and the last change whether somebody has the product.
    turned = [offer for offer, points in now.items() if any(bool(was[offer][at]) != bool(points[at]) for at in points)]
    products = {unit.run(_PRODUCT, offer_id).fetchone()[0] for offer_id in turned}
    if products:
        prices.refresh(unit, products)


_COUNT_SOLD = prepared("UPDATE product SET sold = sold + ? WHERE id = ?")


def count_sold(unit: Unit, sold: Iterable[tuple[int, int]]) -> None:
    """Add pieces, named by their product, that buyers have taken home: popular goods come first in lists."""
    unit.run_many(_COUNT_SOLD, [(pieces, product) for product, pieces in sorted(sold) if pieces])


_LOCK_PRODUCTS = Prepared(
    "",
    "SELECT id FROM product WHERE id IN (SELECT product_id FROM offer WHERE id = ANY(%s::bigint[]))"
    " ORDER BY id FOR UPDATE",
)


def lock_with_products(unit: Unit, pieces: Sequence[Pieces]) -> None:
    """The same for a deed that puts stock back in several steps, with the products whose prices may follow."""
    lock(unit, pieces)
    if not unit.on_sqlite:
        unit.run(_LOCK_PRODUCTS, sorted({each.offer_id for each in pieces})).fetchall()
