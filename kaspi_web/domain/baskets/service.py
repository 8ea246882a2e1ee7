"""A customer's basket: lines that stay until they are bought or removed, on whatever device."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func
from sqlmodel import col, delete, select, update

from kaspi_web.domain.baskets.models import BasketLine
from kaspi_web.domain.baskets.views import BasketView, Wanted, grouped
from kaspi_web.domain.catalogue.models import Offer, Product, Stock
from kaspi_web.domain.catalogue.stock import shortage
from kaspi_web.domain.catalogue.views import in_languages
from kaspi_web.domain.merchants.models import Merchant
from kaspi_web.kernel.database import Unit, lock_name, prepared
from kaspi_web.kernel.errors import Invalid, NotFound, Refused
from kaspi_web.kernel.money import ZERO, Money

MOST_LINES = 50
MOST_PIECES = 99
"""Of one line."""


class BasketFull(Refused):
    """The basket has as many lines as one may have; `most` says how many."""

    code = "basket_full"


class QuantityOutOfRange(Invalid):
    """Less than one piece, or more than a line may have; `maximum` says how many that is."""

    code, field = "quantity_out_of_range", "quantity"


_LINES = prepared(
    "SELECT offer_id, quantity, seen_price_tiyn FROM basket_line WHERE customer_id = ? ORDER BY added_at, id"
)
_BOUGHT = prepared("DELETE FROM basket_line WHERE customer_id = ? AND offer_id = ? AND quantity <= ?")
_FEWER = prepared(
    "UPDATE basket_line SET quantity = quantity - ? WHERE customer_id = ? AND offer_id = ? AND quantity > ?"
)
_SEEN = prepared("UPDATE basket_line SET seen_price_tiyn = ? WHERE customer_id = ? AND offer_id = ?")
_COUNT = prepared("SELECT COALESCE(SUM(quantity), 0) FROM basket_line WHERE customer_id = ?")


def add(unit: Unit, *, customer_id: int, offer_id: int, quantity: int = 1) -> int:
    """Put pieces into the basket, more of them if the line is there; answers how many pieces the basket has now.

    Raises NotFound, OutOfStock when nobody can buy it now, BasketFull or QuantityOutOfRange.
    """
    _check_quantity(quantity)
    price = _price_now(unit, offer_id)
    lock_name(unit, f"basket:{customer_id}")
    mine = (col(BasketLine.customer_id) == customer_id, col(BasketLine.offer_id) == offer_id)
    row = unit.exec(select(BasketLine).where(*mine).with_for_update()).one_or_none()
    if row is not None:
        _check_quantity(row.quantity + quantity)
        row.quantity += quantity
    else:
        _check_lines(unit, customer_id)
        row = BasketLine(customer_id=customer_id, offer_id=offer_id, quantity=quantity, seen_price_tiyn=price.tiyn)
        row.added_at = unit.clock.now()
        unit.add(row)
    return _told(unit, customer_id)


def _check_quantity(quantity: int) -> None:
    if not 1 <= quantity <= MOST_PIECES:
        raise QuantityOutOfRange(maximum=MOST_PIECES)


def _check_lines(unit: Unit, customer_id: int) -> None:
    lines = unit.exec(select(func.count()).where(BasketLine.customer_id == customer_id)).one()
    if lines >= MOST_LINES:
        raise BasketFull(most=MOST_LINES)


def _price_now(unit: Unit, offer_id: int) -> Money:
    asked = (
        select(Offer, Product, Merchant.active)
        .join(Product, col(Product.id) == Offer.product_id)
        .join(Merchant, col(Merchant.id) == Offer.merchant_id)
        .where(Offer.id == offer_id)
    )
    found = unit.exec(asked).one_or_none()
    if found is None:
        raise NotFound
    offer, product, sells = found
    there = select(Stock.offer_id).where(Stock.offer_id == offer_id, col(Stock.quantity) > Stock.reserved)
    if not (offer.active and product.is_live and sells) or unit.exec(there.limit(1)).first() is None:
        raise shortage(0, in_languages(product, "name"))
    return Money(offer.price_tiyn)


def change(unit: Unit, *, customer_id: int, offer_id: int, quantity: int) -> int:
    """Have so many pieces of a line; answers how many pieces the basket has now.

    Raises NotFound when the basket has no such line, or QuantityOutOfRange.
    """
    _check_quantity(quantity)
    mine = (col(BasketLine.customer_id) == customer_id, col(BasketLine.offer_id) == offer_id)
    if unit.exec(update(BasketLine).where(*mine).values(quantity=quantity)).rowcount != 1:
        raise NotFound
    return _told(unit, customer_id)


def remove(unit: Unit, *, customer_id: int, offer_id: int) -> int:
    """Take a line out, whether it is there or not; answers how many pieces the basket has now."""
    mine = (col(BasketLine.customer_id) == customer_id, col(BasketLine.offer_id) == offer_id)
    unit.exec(delete(BasketLine).where(*mine))
    return _told(unit, customer_id)


def _told(unit: Unit, customer_id: int) -> int:
    unit.tell(f"customer:{customer_id}")
    unit.flush()
    return count(unit, customer_id=customer_id)


def count(unit: Unit, *, customer_id: int) -> int:
    """How many pieces the basket has."""
    return int(unit.run(_COUNT, customer_id).fetchone()[0])


def wanted(unit: Unit, *, customer_id: int) -> list[Wanted]:
    """The basket's lines in the order they came."""
    return [Wanted(offer, many, Money(seen)) for offer, many, seen in unit.run(_LINES, customer_id).fetchall()]


def basket(unit: Unit, *, customer_id: int) -> BasketView:
    """The customer's basket as things stand: by seller, with every line that changed or cannot be had pointed out."""
    groups = grouped(unit, wanted(unit, customer_id=customer_id), customer_id=customer_id)
    lines = [line for group in groups for line in group.lines]
    total = sum((group.goods for group in groups), ZERO)
    return BasketView(groups, total, sum(line.quantity for line in lines))


def seen(unit: Unit, *, customer_id: int, prices: Mapping[int, Money]) -> None:
    """Note the prices by offer that were shown: from here on they are no news."""
    for offer_id in sorted(prices):
        unit.run(_SEEN, prices[offer_id].tiyn, customer_id, offer_id)


def bought(unit: Unit, *, customer_id: int, pieces: Mapping[int, int]) -> None:
    """Take bought pieces by offer out of the basket; what was added meanwhile stays."""
    rows = [(customer_id, offer_id, pieces[offer_id]) for offer_id in sorted(pieces)]
    if unit.run_many(_BOUGHT, rows) < len(rows):
        unit.run_many(_FEWER, [(many, customer_id, offer_id, many) for _, offer_id, many in rows])


_PUT_BACK = prepared(
    "INSERT INTO basket_line (customer_id, offer_id, quantity, seen_price_tiyn, added_at) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (customer_id, offer_id) DO UPDATE SET quantity ="
    " CASE WHEN basket_line.quantity + excluded.quantity > ? THEN ?"
    " ELSE basket_line.quantity + excluded.quantity END"
)


def put_back(unit: Unit, *, customer_id: int, offer_id: int, quantity: int, price_tiyn: int) -> None:
    """Bring pieces whose purchase came to nothing into the basket again, to what is there meanwhile."""
    now = unit.stored_moment(unit.clock.now())
    most = (MOST_PIECES, MOST_PIECES)
    unit.run(_PUT_BACK, customer_id, offer_id, quantity, price_tiyn, now, *most)
    unit.tell(f"customer:{customer_id}")
