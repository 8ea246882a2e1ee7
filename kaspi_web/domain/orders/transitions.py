"""The ways of an order: who may do what in which state, as one table.

    SIGN_REQUIRED, FUNDING ──> APPROVED_BY_BANK ──> ACCEPTED_BY_MERCHANT ──────────────────────────> COMPLETED
                                                        └──> ASSEMBLED ──> TRANSMITTED ──> ARRIVED ──┘
    until the parcel is transmitted ──> CANCELLED
    TRANSMITTED, ARRIVED ──> KASPI_DELIVERY_RETURN_REQUESTED ──> RETURN_ACCEPTED_BY_MERCHANT ──> RETURNED

Nobody sets the state or status of an order but `move`.
"""

from __future__ import annotations

from typing import NamedTuple

from kaspi_web.domain.orders.models import Order
from kaspi_web.kernel.errors import Refused

ACCEPTED_STATES = {
    "DELIVERY_PICKUP": "PICKUP",
    "DELIVERY_LOCAL": "DELIVERY",
    "DELIVERY_REGIONAL_TODOOR": "KASPI_DELIVERY",
}
"""The state of an accepted order by its mode of delivery."""
BY_MERCHANT = ("BUYER_CANCELLATION_BY_MERCHANT", "BUYER_NOT_REACHABLE", "MERCHANT_OUT_OF_STOCK")
"""Reasons that a merchant may give."""
BY_BUYER = "BUYER_CANCELLATION_HIMSELF"
NOT_TAKEN = "BUYER_CANCELLATION_BY_COURIER"
NOT_SIGNED = "TIMEOUT_BUYER_SIGNATURE"
NOT_DELIVERED = "TIMEOUT_MERCHANT_DELIVERY"
TROUBLE = "TECHNICAL_PROBLEM_CANCELLATION"
REASONS = (*BY_MERCHANT, BY_BUYER, NOT_TAKEN, NOT_SIGNED, NOT_DELIVERED, TROUBLE)


class OrderMoveRefused(Refused):
    """The order is in a state in which this may not be done; `state` is its status, `verb` what was asked for."""

    code = "order_move_refused"


class Place(NamedTuple):
    """Where an order stands."""

    state: str
    status: str


class Way(NamedTuple):
    """A verb, who does it, from where and to where."""

    verb: str
    who: str
    """merchant, buyer or bank."""
    places: tuple[Place, ...]
    to: Place


FUNDING, SIGNING = Place("NEW", "FUNDING"), Place("SIGN_REQUIRED", "APPROVED_BY_BANK")
NEW = Place("NEW", "APPROVED_BY_BANK")
PICKUP, DELIVERY = Place("PICKUP", "ACCEPTED_BY_MERCHANT"), Place("DELIVERY", "ACCEPTED_BY_MERCHANT")
PACKING, ASSEMBLED = Place("KASPI_DELIVERY", "ACCEPTED_BY_MERCHANT"), Place("KASPI_DELIVERY", "ASSEMBLED")
TRANSMITTED, ARRIVED = Place("KASPI_DELIVERY", "TRANSMITTED"), Place("KASPI_DELIVERY", "ARRIVED")
GOING_BACK = Place("KASPI_DELIVERY", "KASPI_DELIVERY_RETURN_REQUESTED")
COMING_BACK = Place("KASPI_DELIVERY", "RETURN_ACCEPTED_BY_MERCHANT")
COMPLETED, CANCELLED = Place("ARCHIVE", "COMPLETED"), Place("ARCHIVE", "CANCELLED")
RETURNED = Place("ARCHIVE", "RETURNED")
PLACES = (
    *(FUNDING, SIGNING, NEW, PICKUP, DELIVERY, PACKING, ASSEMBLED, TRANSMITTED, ARRIVED),
    *(GOING_BACK, COMING_BACK, COMPLETED, CANCELLED, RETURNED),
)

_HERE = (NEW, PICKUP, DELIVERY, PACKING, ASSEMBLED)
"""The goods are at the merchant's still."""
_READY = (PICKUP, DELIVERY, ARRIVED)
_ON_THE_ROAD = (TRANSMITTED, ARRIVED)
_TO_ACCEPTED = Place("", "ACCEPTED_BY_MERCHANT")
"""Its state goes by the mode of delivery."""

WAYS: dict[str, Way] = {
    way.verb: way
    for way in (
        Way("fund", "bank", (FUNDING,), NEW),
        Way("give_up", "bank", (FUNDING, SIGNING), CANCELLED),
        Way("sign", "bank", (SIGNING,), NEW),
        Way("accept", "merchant", (NEW,), _TO_ACCEPTED),
        Way("assemble", "merchant", (PACKING,), ASSEMBLED),
        Way("transmit", "merchant", (ASSEMBLED,), TRANSMITTED),
        Way("arrive", "merchant", (TRANSMITTED,), ARRIVED),
        Way("hand_over", "merchant", _READY, COMPLETED),
        Way("cancel_by_merchant", "merchant", _HERE, CANCELLED),
        Way("cancel_by_buyer", "buyer", _HERE, CANCELLED),
        Way("overdue", "bank", _HERE, CANCELLED),
        Way("refuse_parcel", "buyer", _ON_THE_ROAD, GOING_BACK),
        Way("not_taken", "merchant", _ON_THE_ROAD, GOING_BACK),
        Way("parcel_overdue", "bank", _ON_THE_ROAD, GOING_BACK),
        Way("take_back", "merchant", (GOING_BACK,), COMING_BACK),
        Way("parcel_back", "merchant", (COMING_BACK,), RETURNED),
        Way("parcel_lost", "bank", (GOING_BACK, COMING_BACK), RETURNED),
    )
}


def place_of(row: Order) -> Place:
    """Where the order stands."""
    return Place(row.state, row.status)


def target(row: Order, verb: str) -> Place:
    """Where the verb would bring this order."""
    to = WAYS[verb].to
    return Place(ACCEPTED_STATES[row.delivery_mode], to.status) if to == _TO_ACCEPTED else to


def may(row: Order, verb: str) -> bool:
    """Whether the order stands where the verb begins."""
    return place_of(row) in WAYS[verb].places


def check(row: Order, verb: str) -> None:
    """Raises OrderMoveRefused where the order stands elsewhere."""
    if not may(row, verb):
        raise OrderMoveRefused(state=row.status, verb=verb)


def is_done(row: Order, verb: str) -> bool:
    """Whether the order stands where the verb ends: whoever asked again, not knowing, is told so."""
    return place_of(row) == target(row, verb)


def move(row: Order, verb: str) -> None:
    """Bring a locked order to where the verb ends; raises OrderMoveRefused."""
    check(row, verb)
    row.state, row.status = target(row, verb)
