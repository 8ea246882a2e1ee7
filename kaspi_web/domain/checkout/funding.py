"""A purchase on another bank's card: what the card's bank has answered places it, or refuses it. Each is done once.

funding ──authorised──> placed      the charge is captured, each order's money is held
   └────declined, given up──> refused      bonuses and goods go back; the charge is voided

A card that has agreed may still let the charge lapse before it is captured. Then nothing was paid: what was not handed
over is cancelled, and nothing is handed over before the capture.
"""

from __future__ import annotations

from sqlmodel import select

from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards.charges import ChargeView
from kaspi_web.domain.checkout import ending
from kaspi_web.domain.checkout.placing import hold
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.orders import dropping, lifecycle, rows, transitions
from kaspi_web.domain.orders.models import Purchase
from kaspi_web.domain.orders.timeline import note
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


def charged(unit: Unit, charge: ChargeView) -> None:
    """Another bank's card has answered: place the purchase, or end it. The same answer again changes nothing."""
    found = select(Purchase).where(Purchase.charge_id == charge.id).with_for_update()
    row = unit.exec(found.execution_options(populate_existing=True)).one()
    unit.tell(f"customer:{row.customer_id}")
    if row.state == "placed" and charge.state == "voided":
        _lapsed(unit, row)
    if row.state != "funding":
        return
    if charge.state == "authorised" and charge.wanted != "void":
        _place(unit, row, charge)
    elif charge.state in ("declined", "voided") or charge.wanted == "void":
        word = f"card_{charge.reason}" if charge.reason else "card"
        ending.refuse(unit, row, word=word, reason=transitions.TROUBLE)


def _lapsed(unit: Unit, row: Purchase) -> None:
    orders = ending.orders_of(unit, row)
    ending.lock_goods(unit, orders)
    for order in orders:
        if transitions.may(order, "overdue"):
            dropping.unpaid(unit, order_id=rows.id_of(order))
        elif transitions.may(order, "parcel_overdue"):
            lifecycle.parcel_overdue(unit, order_id=rows.id_of(order))


def _place(unit: Unit, row: Purchase, charge: ChargeView) -> None:
    orders = ending.orders_of(unit, row)
    charges.capture(unit, charge_id=charge.id)
    # The processor owes it from here on, and each order's share of it waits for the hand-over.
    processor = ledger.account(unit, "card_processor")
    money = {rows.id_of(order): Money(order.money_tiyn) for order in orders if order.money_tiyn}
    holds = hold(unit, processor, money, "purchase_charged")
    for order in (each for each in orders if each.money_tiyn):
        order.hold_id = holds[rows.id_of(order)]
        note(unit, order_id=rows.id_of(order), kind="money_held", amount=Money(order.money_tiyn))
    ending.placed(unit, row, orders, "fund")
