"""Checkouts: intents to buy what is in the basket, opened before anything is agreed, bought once, soon over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.baskets import service as baskets
from kaspi_web.domain.checkout.chosen import Chosen, written
from kaspi_web.domain.checkout.models import Checkout
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import ordered_key
from kaspi_web.kernel.database import Prepared, Unit, lock_name, prepared
from kaspi_web.kernel.errors import Busy, NotFound, Refused
from kaspi_web.kernel.money import Money

LIFETIME = timedelta(minutes=30)
CODE_ABOVE = Money.tenge(5_000)
"""A purchase strictly above this, whatever it is paid with, needs a code from an SMS; a credit is signed with one."""
MAX_OPENED = 30
"""Within half an hour."""


class BasketEmpty(Refused):
    """There is nothing to buy."""

    code = "basket_empty"


class CheckoutExpired(Refused):
    """Its half hour is over; nothing was bought."""

    code = "checkout_expired"


class CheckoutContentChanged(Refused):
    """It was bought with another sum or source; the first answer stands."""

    code = "checkout_content_changed"


def open(unit: Unit, *, customer_id: int, offers: Collection[int] | None = None) -> str:
    """Make a checkout of what is in the basket, or of the lines of some offers in it alone; answers its address.

    Raises BasketEmpty, or Busy above thirty in half an hour.
    """
    now = real_now()
    _check_number(unit, customer_id, now)
    wanted = baskets.wanted(unit, customer_id=customer_id)
    lines = tuple(each for each in wanted if offers is None or each.offer_id in offers)
    if not lines:
        raise BasketEmpty
    this = {"id": ordered_key(), "customer_id": customer_id, "chosen": written(Chosen(lines))}
    return unit.insert(Checkout, **this, issued_at=now, expires_at=now + LIFETIME)


_RECENT = prepared("SELECT COUNT(*) FROM checkout WHERE customer_id = ? AND issued_at > ? AND purchase_id IS NULL")


def _check_number(unit: Unit, customer_id: int, now: datetime) -> None:
    lock_name(unit, f"checkout:{customer_id}")
    (many,) = unit.run(_RECENT, customer_id, unit.stored_moment(now - LIFETIME)).fetchone()
    if many < MAX_OPENED:
        return
    recent = (Checkout.customer_id == customer_id, Checkout.issued_at > now - LIFETIME)
    first = unit.exec(select(func.min(Checkout.issued_at)).where(*recent, col(Checkout.purchase_id).is_(None))).one()
    raise Busy(until=first + LIFETIME)


@dataclass(slots=True)
class Intent:
    """A checkout's row as the deeds read it, locked until the unit's end."""

    id: str
    customer_id: int
    chosen: str
    source: str
    months: int
    card_id: int | None
    spend_bonus_tiyn: int
    amount_tiyn: int | None
    proposal: int
    confirmed_tiyn: int | None
    purchase_id: int | None
    is_expired: bool

    @property
    def way_of_paying(self) -> str:
        """The sum and all that it is paid by: what a code is for, in forty letters at the most."""
        plan = f"{self.source[:4]}{self.months or ''}"
        return f"{self.amount_tiyn}:{self.spend_bonus_tiyn or ''}:{plan}:{self.card_id or ''}"


_OWNED = (
    "SELECT id, customer_id, chosen, source, months, card_id, spend_bonus_tiyn, amount_tiyn, proposal, confirmed_tiyn,"
    " purchase_id, expires_at <= {one} FROM checkout WHERE id = {one} AND customer_id = {one}"
)
_LOCKED = Prepared(_OWNED.format(one="?"), f"{_OWNED.format(one='%s')} FOR UPDATE")


def owned(unit: Unit, *, customer_id: int, checkout_id: str) -> Intent:
    """The only way to a checkout for a deed, locked; raises NotFound, also for somebody else's."""
    found = unit.run(_LOCKED, unit.stored_moment(real_now()), checkout_id, customer_id).fetchone()
    if found is None:
        raise NotFound
    return Intent(*found)


def row_of(unit: Unit, *, customer_id: int, checkout_id: str) -> Checkout:
    """The same to be looked at."""
    mine = select(Checkout).where(Checkout.id == checkout_id, Checkout.customer_id == customer_id)
    row = unit.exec(mine).one_or_none()
    if row is None:
        raise NotFound
    return row


_NOTED = prepared(
    "UPDATE checkout SET chosen = ?, source = ?, months = ?, card_id = ?, spend_bonus_tiyn = ?, amount_tiyn = ?,"
    " proposal = ?, confirmed_tiyn = ? WHERE id = ?"
)
_CONFIRMED = prepared("UPDATE checkout SET confirmed_tiyn = amount_tiyn WHERE id = ?")
_BECAME = prepared("UPDATE checkout SET purchase_id = ? WHERE id = ?")


def note(unit: Unit, row: Intent) -> None:
    """Write down what was proposed."""
    content = (row.chosen, row.source, row.months, row.card_id, row.spend_bonus_tiyn, row.amount_tiyn)
    unit.run(_NOTED, *content, row.proposal, row.confirmed_tiyn, row.id)


def confirmed(unit: Unit, row: Intent) -> None:
    """Note that the code for what was proposed was typed."""
    unit.run(_CONFIRMED, row.id)


def became(unit: Unit, row: Intent, purchase_id: int) -> None:
    """Note what the checkout became; from here on the answer stands."""
    unit.run(_BECAME, purchase_id, row.id)


def check_open(row: Intent) -> None:
    """Refuse what was bought or is over; raises CheckoutContentChanged or CheckoutExpired."""
    if row.purchase_id is not None:
        raise CheckoutContentChanged
    if row.is_expired:
        raise CheckoutExpired


def needs_code(row: Intent | Checkout, amount: Money, source: str) -> bool:
    """Whether a code has still to be typed for this sum; whoever signs a contract types one for that."""
    return amount > CODE_ABOVE and source != "credit" and row.confirmed_tiyn != amount.tiyn
