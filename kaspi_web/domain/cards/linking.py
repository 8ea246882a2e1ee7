"""Linking another bank's card: a try with an address of its own, and the code that the card's bank texts.

The processor is asked outside any unit; a try is written first, so that tries are counted and the processor knows
them by a key of ours. Real time: no jump of the bank's clock ends a try.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.cards.models import Card, CardLink
from kaspi_web.domain.cards.recipients import CardUnknown
from kaspi_web.domain.cards.service import CardView, TooManyCards, added, view_of
from kaspi_web.kernel.card_numbers import CardExpired
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.codes import public_id
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import Busy, DomainError, Invalid, NotFound, Refused

LIFETIME = timedelta(minutes=10)
WINDOW = timedelta(hours=1)
MOST_TRIES = 10
"""Tries to link a card in an hour: what a person with several cards and a slip of the finger needs."""
MOST_LINKED = 10
_ONWARD = re.compile(r"/[a-z]{2}(?:/[A-Za-z0-9_-]+)*", re.ASCII)


class CardLinkedAlready(Refused):
    """The card is linked to a wallet already."""

    code = "card_linked_already"


class LinkOver(Refused):
    """The ten minutes of this try are over, or it was refused: the card has to be typed again."""

    code = "card_link_over"


class CardRefused(Refused):
    """The card's own bank does not let it be linked."""

    code = "card_refused"


class CardCvcWrong(Invalid):
    """The security code is not that of the card."""

    code, field = "card_cvc_wrong", "cvc"


class CardIsOurs(Invalid):
    """The number is one of this bank's own cards: they are opened here, and need no linking."""

    code, field = "card_is_ours", "number"


def refusal_of(reason: str) -> DomainError:
    """What the processor's reason for declining a card means to whoever typed it."""
    known = {"wrong_cvc": CardCvcWrong, "expired": CardExpired, "unknown_card": CardUnknown}
    return known.get(reason, CardRefused)()


@dataclass(frozen=True, slots=True)
class LinkView:
    """A try to link a card: `state` is asked, challenge, linked or declined."""

    id: str
    state: str
    brand: str
    last4: str
    onward: str
    is_over: bool


def onward_of(typed: str) -> str:
    """The path of a page of ours to go on to, or nothing for what is none by its form."""
    return typed if len(typed) <= 200 and _ONWARD.fullmatch(typed) else ""


def begin(unit: Unit, *, customer_id: int, onward: str = "") -> str:
    """Write a try down before the processor is asked; answers its address.

    Raises TooManyCards with ten linked cards, and Busy above ten tries in an hour.
    """
    now = real_now()
    lock_name(unit, f"cards:{customer_id}")
    check_room(unit, customer_id)
    recent = (CardLink.customer_id == customer_id, CardLink.created_at > now - WINDOW)
    count, first = unit.exec(select(func.count(), func.min(CardLink.created_at)).where(*recent)).one()
    if count >= MOST_TRIES:
        raise Busy(until=first + WINDOW)
    row = CardLink(
        id=public_id(),
        customer_id=customer_id,
        onward=onward_of(onward),
        created_at=now,
        expires_at=now + LIFETIME,
    )
    unit.add(row)
    return row.id


def check_room(unit: Unit, customer_id: int) -> None:
    """Refuse an eleventh linked card."""
    mine = (Card.customer_id == customer_id, Card.kind == "bank", col(Card.unlinked_at).is_(None))
    if unit.exec(select(func.count()).select_from(Card).where(*mine)).one() >= MOST_LINKED:
        raise TooManyCards(most=MOST_LINKED)


def challenged(unit: Unit, *, customer_id: int, link_id: str, token: str, brand: str, last4: str) -> None:
    """The processor took the card and its bank texts a code. Raises NotFound."""
    row = _owned(unit, customer_id, link_id)
    if row.state == "asked":
        row.state, row.token, row.brand, row.last4 = "challenge", token, brand, last4


def declined(unit: Unit, *, customer_id: int, link_id: str) -> None:
    """The card's bank said no; the try is over."""
    row = _owned(unit, customer_id, link_id)
    if row.state != "linked":
        row.state = "declined"


def proved(unit: Unit, *, customer_id: int, link_id: str) -> CardView:
    """The code was right: the card is linked. A second time answers with the same card.

    Raises NotFound, LinkOver, TooManyCards, or CardLinkedAlready for a card that somebody has here.
    """
    row = _owned(unit, customer_id, link_id)
    mine = (Card.token == row.token, Card.customer_id == customer_id, col(Card.unlinked_at).is_(None))
    if row.state == "linked":
        found = unit.exec(select(Card).where(*mine)).one_or_none()
        if found is None:
            raise LinkOver
        return view_of(unit, found)
    if row.state != "challenge":
        raise LinkOver
    made = _linked(unit, row)
    row.state = "linked"
    return made


def _linked(unit: Unit, of: CardLink) -> CardView:
    for name in (f"cards:{of.customer_id}", f"card_token:{of.token}"):
        lock_name(unit, name)
    if unit.exec(select(Card).where(Card.token == of.token, col(Card.unlinked_at).is_(None))).one_or_none():
        raise CardLinkedAlready
    check_room(unit, of.customer_id)
    made = added(
        unit,
        customer_id=of.customer_id,
        kind="bank",
        token=of.token,
        brand=of.brand,
        last4=of.last4,
        public_id=public_id(),
    )
    return view_of(unit, made)


def link(unit: Unit, *, customer_id: int, link_id: str) -> LinkView:
    """A customer's try; raises NotFound, also for somebody else's."""
    row = _owned(unit, customer_id, link_id, lock=False)
    return LinkView(row.id, row.state, row.brand, row.last4, row.onward, _is_over(row.expires_at))


def open_link(unit: Unit, *, customer_id: int, link_id: str) -> LinkView:
    """A try whose code may still be typed; raises NotFound or LinkOver."""
    found = link(unit, customer_id=customer_id, link_id=link_id)
    if found.state != "linked" and (found.is_over or found.state != "challenge"):
        raise LinkOver
    return found


def _is_over(ends: datetime) -> bool:
    return real_now() >= ends


def _owned(unit: Unit, customer_id: int, link_id: str, *, lock: bool = True) -> CardLink:
    found = select(CardLink).where(CardLink.id == link_id, CardLink.customer_id == customer_id)
    row = unit.exec(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise NotFound
    return row
