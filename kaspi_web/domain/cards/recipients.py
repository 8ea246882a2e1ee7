"""Somebody's card to send money to: named by a short-lived address after its number was typed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func
from sqlmodel import select

from kaspi_web.domain.cards.models import CardRecipient
from kaspi_web.domain.cards.service import own_by_number
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, Invalid, NotFound

LIFETIME = timedelta(minutes=30)
WINDOW = timedelta(hours=1)
MOST_ASKED = 30
"""Numbers that one customer may ask after in an hour: more would be looking names up."""


class CardUnknown(Invalid):
    """No card has this number, as far as we or the processor know."""

    code, field = "card_unknown", "number"


@dataclass(frozen=True, slots=True)
class RecipientView:
    """A card to send money to: one of ours by `card_id` with a masked name, or another bank's by its token."""

    id: str
    token: str
    card_id: int | None
    brand: str
    last4: str
    masked_name: str


def begin(unit: Unit, *, customer_id: int) -> str:
    """Write down that a number is asked after, before it is; answers the address. Raises Busy above thirty an hour."""
    now = real_now()
    lock_name(unit, f"card_recipient:{customer_id}")
    recent = (CardRecipient.customer_id == customer_id, CardRecipient.created_at > now - WINDOW)
    count, first = unit.exec(select(func.count(), func.min(CardRecipient.created_at)).where(*recent)).one()
    if count >= MOST_ASKED:
        raise Busy(until=first + WINDOW)
    row = CardRecipient(id=public_id(), customer_id=customer_id, created_at=now, expires_at=now + LIFETIME)
    unit.add(row)
    return row.id


def of_ours(unit: Unit, *, customer_id: int, recipient_id: str, number: str) -> bool:
    """Note the card of this bank that has the number; whether there is one. Raises NotFound."""
    found, row = own_by_number(unit, number=number), _owned(unit, customer_id, recipient_id)
    if found is None:
        return False
    row.card_id, row.brand, row.last4, row.masked_name = found.card_id, "own", found.last4, found.masked_name
    return True


def of_another_bank(unit: Unit, *, customer_id: int, recipient_id: str, token: str, brand: str, last4: str) -> None:
    """Note a card that the processor knows by `token`. Raises NotFound."""
    row = _owned(unit, customer_id, recipient_id)
    row.token, row.brand, row.last4 = token, brand, last4


def recipient(unit: Unit, *, customer_id: int, recipient_id: str) -> RecipientView:
    """The card under this address, for whoever typed its number, for half an hour; raises NotFound."""
    row = _owned(unit, customer_id, recipient_id)
    if row.card_id is None and not row.token:
        raise NotFound
    return RecipientView(row.id, row.token, row.card_id, row.brand, row.last4, row.masked_name)


def _owned(unit: Unit, customer_id: int, recipient_id: str) -> CardRecipient:
    mine = (CardRecipient.id == recipient_id, CardRecipient.customer_id == customer_id)
    row = unit.exec(select(CardRecipient).where(*mine, CardRecipient.expires_at > real_now())).one_or_none()
    if row is None:
        raise NotFound
    return row
