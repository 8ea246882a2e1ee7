"""Drafts: a recipient is named and looked up, and a transfer to them gets its address.

A look-up by phone tells a stranger's masked name, so each makes a draft, and drafts are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.cards import recipients as typed_cards
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, Invalid, NotFound

LIFETIME = timedelta(minutes=10)
MAX_ISSUED = 30
"""Drafts of one customer in ten minutes."""
MAX_IN_A_DAY = 150
WALLET = "wallet"
"""The name of one's own wallet among one's cards."""


class OwnPhone(Invalid):
    """The number is the sender's own: between own accounts there is another way."""

    code, field = "own_phone", "phone"


@dataclass(frozen=True, slots=True)
class Recent:
    """Somebody whom the customer has sent money to, by their last transfer."""

    public_id: str
    masked_name: str
    phone: str
    brand: str
    last4: str


def to_phone(unit: Unit, *, customer_id: int, phone: str) -> str:
    """Draft a transfer to the owner of a number, who may have no wallet yet; answers its address.

    Raises OwnPhone, or Busy after too many drafts.
    """
    row = _draft(unit, customer_id, "phone")
    if customers.card(unit, customer_id=customer_id).phone == phone:
        raise OwnPhone
    known = customers.card_by_phone(unit, phone=phone)
    row.phone = phone
    if known is not None:
        row.recipient_id, row.masked_name = known.id, known.masked_name
    return _added(unit, row)


def to_own(unit: Unit, *, customer_id: int, to: str) -> str:
    """Draft a transfer to one's own wallet or card, by its public id; answers its address. Raises NotFound or Busy."""
    row = _draft(unit, customer_id, "own")
    row.recipient_id = customer_id
    if to != WALLET:
        _to_card_of_mine(row, cards.card(unit, customer_id=customer_id, public_id=to))
    return _added(unit, row)


def _to_card_of_mine(row: Transfer, card: cards.CardView) -> None:
    row.to_card_id, row.brand, row.last4 = card.id, card.brand, card.last4
    row.token = "" if card.is_own else card.token


def to_card(unit: Unit, *, customer_id: int, recipient_id: str) -> str:
    """Draft a transfer to the card whose number was typed, once; answers its address.

    A card of one's own makes a transfer between own accounts. Raises NotFound, CardGone or Busy.
    """
    lock_name(unit, f"transfer_to_card:{recipient_id}")
    made = (Transfer.card_recipient_id == recipient_id, Transfer.customer_id == customer_id)
    first = unit.exec(select(Transfer.public_id).where(*made)).one_or_none()
    if first is not None:
        return first
    typed = typed_cards.recipient(unit, customer_id=customer_id, recipient_id=recipient_id)
    row = _draft(unit, customer_id, "card")
    row.card_recipient_id = recipient_id
    row.token, row.brand, row.last4, row.masked_name = typed.token, typed.brand, typed.last4, typed.masked_name
    if typed.card_id is not None:
        _to_card_here(unit, row, typed.card_id)
    return _added(unit, row)


def _to_card_here(unit: Unit, row: Transfer, card_id: int) -> None:
    card = unit.get(Card, card_id)
    if card is None or card.unlinked_at is not None:
        raise cards.CardGone
    row.to_card_id, row.recipient_id = card_id, card.customer_id
    if card.customer_id == row.customer_id:
        row.kind, row.masked_name = "own", ""


def again(unit: Unit, *, customer_id: int, transfer_id: str) -> str:
    """Draft another transfer to where one of the customer's went; answers its address.

    Raises NotFound, CardGone or Busy.
    """
    mine = (Transfer.public_id == transfer_id, Transfer.customer_id == customer_id, Transfer.state != "draft")
    before = unit.exec(select(Transfer).where(*mine)).one_or_none()
    if before is None or before.kind == "own":
        raise NotFound
    if before.phone:
        return to_phone(unit, customer_id=customer_id, phone=before.phone)
    row = _draft(unit, customer_id, "card")
    row.token, row.brand, row.last4, row.masked_name = before.token, before.brand, before.last4, before.masked_name
    if before.to_card_id is not None:
        _to_card_here(unit, row, before.to_card_id)
    return _added(unit, row)


def recents(unit: Unit, *, customer_id: int, most: int = 5) -> list[Recent]:
    """To whom the customer's money went, the last one first."""
    went = (Transfer.customer_id == customer_id, Transfer.kind != "own", Transfer.state == "done")
    rows = unit.exec(select(Transfer).where(*went).order_by(col(Transfer.id).desc()).limit(50)).all()
    first: dict[tuple[str, int | None, str], Transfer] = {}
    for row in rows:
        first.setdefault((row.phone, row.to_card_id, row.token), row)
    return [
        Recent(row.public_id, row.masked_name, row.phone, row.brand, row.last4) for row in list(first.values())[:most]
    ]


def is_known(unit: Unit, row: Transfer) -> bool:
    """Whether money of this sender has reached this recipient before."""
    if not row.token and row.recipient_id is None:
        return False
    there = Transfer.token == row.token if row.token else Transfer.recipient_id == row.recipient_id
    went = (Transfer.customer_id == row.customer_id, Transfer.state == "done", there, Transfer.id != row.id)
    return unit.exec(select(Transfer.id).where(*went).limit(1)).first() is not None


def _draft(unit: Unit, customer_id: int, kind: str) -> Transfer:
    now = real_now()
    lock_name(unit, f"transfer_draft:{customer_id}")
    _check_issued(unit, customer_id, now, LIFETIME, MAX_ISSUED)
    _check_issued(unit, customer_id, now, timedelta(days=1), MAX_IN_A_DAY)
    return Transfer(public_id=public_id(), customer_id=customer_id, kind=kind, issued_at=now, expires_at=now + LIFETIME)


def _check_issued(unit: Unit, customer_id: int, now: datetime, window: timedelta, most: int) -> None:
    recent = (Transfer.customer_id == customer_id, Transfer.issued_at > now - window)
    count, first = unit.exec(select(func.count(), func.min(Transfer.issued_at)).where(*recent)).one()
    if count >= most:
        raise Busy(until=first + window)


def _added(unit: Unit, row: Transfer) -> str:
    unit.add(row)
    unit.flush()
    return row.public_id
