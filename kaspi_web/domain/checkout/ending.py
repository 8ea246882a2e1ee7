"""How a purchase that waited comes to its end: placed, or refused with everything back where it came from."""

from __future__ import annotations

from sqlmodel import col, select

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.catalogue import stock
from kaspi_web.domain.catalogue.stock import Pieces
from kaspi_web.domain.checkout import fetching, telling
from kaspi_web.domain.orders import dropping, rows, transitions
from kaspi_web.domain.orders.models import Order, OrderLine, Purchase
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


def orders_of(unit: Unit, row: Purchase) -> list[Order]:
    """The orders of a locked purchase, locked by their ids."""
    mine = select(Order).where(Order.purchase_id == row.id).order_by(col(Order.id)).with_for_update()
    return list(unit.exec(mine.execution_options(populate_existing=True)))


def placed(unit: Unit, row: Purchase, orders: list[Order], verb: str) -> None:
    """The merchants hear of it from here on, and the days that were promised begin; `verb` is fund or sign."""
    today = unit.clock.today()
    for order in orders:
        transitions.move(order, verb)
        order.planned_on = fetching.planned_on(order.delivery_mode, today=today)
        order.due_on = fetching.due_on(order.delivery_mode, today=today)
        unit.tell(f"merchant:{order.merchant_id}")
    _finish(unit, row, "placed", "")
    telling.placed(unit, row.customer_id, Money(row.amount_tiyn), telling.sellers_of(unit, _id(row)))


def refuse(unit: Unit, row: Purchase, *, word: str, reason: str) -> None:
    """Cancel every order for `reason`; `word` is why, for the bank. The buyer's goods are in the basket again."""
    orders = orders_of(unit, row)
    lines = lock_goods(unit, orders)
    for order in orders:
        dropping.give_up(unit, order_id=rows.id_of(order), reason=reason)
    _finish(unit, row, "refused", word)
    _to_basket(unit, row, lines)
    telling.refused(unit, row.customer_id, Money(row.amount_tiyn), telling.sellers_of(unit, _id(row)))


def lock_goods(unit: Unit, orders: list[Order]) -> list[OrderLine]:
    """Lock the stock that cancelling these orders gives back, before anything of money is locked; answers all lines."""
    lines = [(order, line) for order in orders for line in rows.lines_of(unit, order)]
    stock.lock_with_products(unit, [_pieces(order, line) for order, line in lines if line.offer_id])
    return [line for _, line in lines]


def _pieces(order: Order, line: OrderLine) -> Pieces:
    assert line.offer_id is not None, "goods are offered"
    return Pieces(line.offer_id, order.point_id, line.quantity)


def _to_basket(unit: Unit, row: Purchase, lines: list[OrderLine]) -> None:
    # Whoever's card was declined, or whose contract was not signed, pays otherwise, and has chosen already.
    goods = [(line.offer_id, line) for line in lines if line.offer_id is not None]
    # By their offers, as whoever takes them out of the basket goes.
    for offer_id, line in sorted(goods, key=lambda each: each[0]):
        this = {"offer_id": offer_id, "quantity": line.quantity, "price_tiyn": line.price_tiyn}
        baskets.put_back(unit, customer_id=row.customer_id, **this)


def _finish(unit: Unit, row: Purchase, state: str, word: str) -> None:
    row.state, row.reason, row.finished_at = state, word[:24], unit.clock.now()
    unit.flush()
    wallet.turn(
        unit, customer_id=row.customer_id, subject=f"purchase:{row.id}", state="done" if not word else "refused"
    )


def _id(row: Purchase) -> int:
    assert row.id is not None
    return row.id
