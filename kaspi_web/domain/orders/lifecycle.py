"""The way of an order from the promise to the door: what its merchant does, and what needs no money to move.

Asked again after it was done, every verb answers as before and changes nothing.
"""

from __future__ import annotations

from datetime import timedelta

from kaspi_web.domain.orders import rows, transitions
from kaspi_web.domain.orders.models import Order
from kaspi_web.domain.orders.texts import text_buyer, told
from kaspi_web.domain.orders.timeline import note
from kaspi_web.domain.orders.transitions import move
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import Invalid

MOST_SPACES = 99
PARCEL_BACK_WITHIN = timedelta(days=14)
"""How long a parcel that was not taken may be on its way back before the bank gives the money back."""
_EVENTS = {
    "accept": "accepted",
    "transmit": "transmitted",
    "arrive": "arrived",
    "take_back": "parcel_accepted",
}
_TEXTS = {"accept": "order_accepted", "transmit": "order_transmitted", "arrive": "order_arrived"}


class SpacesUnreadable(Invalid):
    """The number of parcels is not between 1 and 99."""

    code, field = "spaces_out_of_range", "spaces"


def accept(unit: Unit, *, merchant_id: int, order_id: str) -> None:
    """The merchant will deliver; raises NotFound or OrderMoveRefused."""
    _by_merchant(unit, merchant_id, order_id, "accept")


def assemble(unit: Unit, *, merchant_id: int, order_id: str, spaces: int) -> None:
    """The order is packed in so many parcels; raises NotFound, OrderMoveRefused or SpacesUnreadable."""
    if not 1 <= spaces <= MOST_SPACES:
        raise SpacesUnreadable
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id))
    if transitions.is_done(row, "assemble") and row.spaces == spaces:
        return
    move(row, "assemble")
    row.spaces = spaces
    note(unit, order_id=rows.id_of(row), kind="assembled", detail=str(spaces))
    told(unit, row)


def transmit(unit: Unit, *, merchant_id: int, order_id: str) -> None:
    """The parcels are with the bank's courier; raises NotFound or OrderMoveRefused."""
    _by_merchant(unit, merchant_id, order_id, "transmit")


def arrive(unit: Unit, *, merchant_id: int, order_id: str) -> None:
    """The parcels are in the buyer's city; raises NotFound or OrderMoveRefused."""
    _by_merchant(unit, merchant_id, order_id, "arrive")


def take_back(unit: Unit, *, merchant_id: int, order_id: str) -> None:
    """The merchant awaits a parcel that was not taken; raises NotFound or OrderMoveRefused."""
    _by_merchant(unit, merchant_id, order_id, "take_back")


def _by_merchant(unit: Unit, merchant_id: int, order_id: str, verb: str) -> None:
    row = rows.locked(unit, *rows.of_merchant(merchant_id, order_id))
    if transitions.is_done(row, verb):
        return
    move(row, verb)
    if verb == "accept":
        row.accepted_at = unit.clock.now()
    note(unit, order_id=rows.id_of(row), kind=_EVENTS[verb])
    template = "order_ready" if verb == "accept" and row.state == "PICKUP" else _TEXTS.get(verb)
    if template:
        text_buyer(unit, row, template)
    else:
        told(unit, row)


def not_taken(unit: Unit, *, merchant_id: int, order_id: str) -> None:
    """Nobody took the parcel at the door: it goes back; raises NotFound or OrderMoveRefused."""
    _goes_back(unit, rows.locked(unit, *rows.of_merchant(merchant_id, order_id)), "not_taken")


def refuse_parcel(unit: Unit, *, customer_id: int, order_id: str) -> None:
    """The buyer does not want a parcel that is on its way; raises NotFound or OrderMoveRefused."""
    _goes_back(unit, rows.locked(unit, *rows.of_customer(customer_id, order_id)), "refuse_parcel")


def parcel_overdue(unit: Unit, *, order_id: int) -> None:
    """A parcel on the road has had its time: it goes back; raises OrderMoveRefused."""
    _goes_back(unit, rows.locked(unit, Order.id == order_id), "parcel_overdue")


def _goes_back(unit: Unit, row: Order, verb: str) -> None:
    if transitions.is_done(row, verb):
        return
    move(row, verb)
    row.due_on = unit.clock.today() + PARCEL_BACK_WITHIN
    note(unit, order_id=rows.id_of(row), kind="not_taken", detail=verb)
    text_buyer(unit, row, "order_not_taken")
