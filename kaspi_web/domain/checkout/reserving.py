"""Pieces set aside for checkouts: for a quarter of an hour, never for two, and anybody's again afterwards.

A reservation is changed by whoever has locked the row of its stock and by nobody else. Whoever needs pieces whose
time is over takes them at once, whether the worker has come by or not; a customer who proposes again, or in another
window, gives back first what was kept for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import col, select

from kaspi_web.domain.catalogue import stock
from kaspi_web.domain.catalogue.stock import Pieces
from kaspi_web.domain.checkout.models import Reservation
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Prepared, Unit, prepared
from kaspi_web.kernel.due import MOST, Due
from kaspi_web.kernel.errors import Refused

KEPT_FOR = timedelta(minutes=15)
_RECENT = timedelta(hours=2)
"""Checkouts that were opened before this have nothing set aside any more."""


class SetAsideOver(Refused):
    """The pieces are not set aside any more: prices and stock have to be looked at again; nothing was bought."""

    code = "set_aside_over"


class Kept(NamedTuple):
    """A reservation that holds."""

    id: int
    pieces: Pieces


_OWN = prepared(
    "SELECT r.id, r.offer_id, r.point_id, r.quantity FROM checkout c JOIN reservation r ON r.checkout_id = c.id"
    " WHERE c.customer_id = ? AND c.issued_at > ? AND r.state = 'held'"
)
_OVER = (
    "SELECT id, offer_id, point_id, quantity FROM reservation"
    " WHERE offer_id {these} AND state = 'held' AND expires_at <= {one}"
)
_OVER_OF = Prepared(
    _OVER.format(these="IN (SELECT value FROM json_each(?))", one="?"),
    _OVER.format(these="= ANY(%s::bigint[])", one="%s"),
)
_OF = prepared("SELECT id, offer_id, point_id, quantity FROM reservation WHERE checkout_id = ? AND state = 'held'")
_LET_GO = prepared("UPDATE reservation SET state = 'released' WHERE id = ? AND state = 'held'")
_KEEP = prepared(
    "INSERT INTO reservation (checkout_id, offer_id, point_id, quantity, state, expires_at)"
    " VALUES (?, ?, ?, ?, 'held', ?) ON CONFLICT (checkout_id, offer_id) DO UPDATE"
    " SET point_id = excluded.point_id, quantity = excluded.quantity, state = 'held', expires_at = excluded.expires_at"
)
_SOLD = prepared(
    "UPDATE reservation SET state = 'sold' WHERE checkout_id = ? AND offer_id = ? AND point_id = ? AND quantity = ?"
    " AND state = 'held'"
)


def set_aside(unit: Unit, *, customer_id: int, checkout_id: str, pieces: Sequence[Pieces]) -> None:
    """Keep exactly these pieces for a checkout, instead of whatever is kept for its customer; raises OutOfStock."""
    now = real_now()
    own = _own(unit, customer_id, now)
    stock.lock(unit, (*(each.pieces for each in own), *pieces))
    if own and not unit.on_sqlite:
        # Another window may have come in between; what it has kept on other rows stays until its time is over.
        locked = {each.id for each in own}
        own = [each for each in _own(unit, customer_id, now) if each.id in locked]
    given = _let_go(unit, {each.id: each for each in (*own, *_over(unit, pieces, now))}.values())
    stock.exchange(unit, give=given, take=pieces)
    until = unit.stored_moment(now + KEPT_FOR)
    unit.run_many(_KEEP, [(checkout_id, *each, until) for each in pieces])


def _own(unit: Unit, customer_id: int, now: datetime) -> list[Kept]:
    return _kept(unit.run(_OWN, customer_id, unit.stored_moment(now - _RECENT)).fetchall())


def _over(unit: Unit, pieces: Sequence[Pieces], now: datetime) -> list[Kept]:
    offers = sorted({each.offer_id for each in pieces})
    these = json.dumps(offers) if unit.on_sqlite else offers
    found = _kept(unit.run(_OVER_OF, these, unit.stored_moment(now)).fetchall())
    locked = {(each.offer_id, each.point_id) for each in pieces}
    return [each for each in found if each.pieces[:2] in locked]


def _kept(rows: Iterable[Sequence[int]]) -> list[Kept]:
    return [Kept(number, Pieces(offer, point, many)) for number, offer, point, many in rows]


def _let_go(unit: Unit, kept: Iterable[Kept]) -> list[Pieces]:
    return [each.pieces for each in kept if unit.run(_LET_GO, each.id).rowcount == 1]


def sell(unit: Unit, *, checkout_id: str, pieces: Sequence[Pieces]) -> None:
    """Sell what was set aside for a checkout; raises SetAsideOver, and then nothing is sold."""
    stock.lock(unit, pieces)
    if unit.run_many(_SOLD, [(checkout_id, *each) for each in pieces]) != len(pieces):
        raise SetAsideOver
    stock.sell(unit, pieces)


def release(unit: Unit, *, checkout_id: str) -> int:
    """Let go of what is kept for a checkout, if its time is over; answers how many reservations that were."""
    kept = _kept(unit.run(_OF, checkout_id).fetchall())
    stock.lock(unit, (each.pieces for each in kept))
    now = real_now()
    of = (Reservation.checkout_id == checkout_id, Reservation.state == "held", col(Reservation.expires_at) <= now)
    over = set(unit.exec(select(Reservation.id).where(*of)))
    given = _let_go(unit, [each for each in kept if each.id in over])
    stock.exchange(unit, give=given, take=())
    return len(given)


def due(unit: Unit, *, until: datetime) -> list[Due]:
    """Checkouts whose reservations are over by then, in real time, oldest first."""
    over = select(Reservation.checkout_id, Reservation.expires_at).where(
        Reservation.state == "held", col(Reservation.expires_at) <= until
    )
    first: dict[str, datetime] = {}
    for checkout_id, at in unit.exec(over.order_by(col(Reservation.expires_at)).limit(MOST)):
        first.setdefault(checkout_id, at)
    return [Due(f"checkout:{checkout_id}", at) for checkout_id, at in first.items()]
