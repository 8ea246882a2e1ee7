"""A customer's cards: opening our own, freezing, unlinking, and finding one to move money from or to.

An own card has a ledger account `card` whose owner is the card's id; another bank's card is a token at the
processor. Whoever posts to a card's account takes it from `account_id` or `usable`, which lock the card, so that
none is unlinked meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from kaspi_web.domain.cards import own
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.card_numbers import Expiry
from kaspi_web.kernel.codes import public_id as new_public_id
from kaspi_web.kernel.database import Unit, lock_name
from kaspi_web.kernel.errors import NotFound, Refused
from kaspi_web.kernel.money import ZERO, Money

MOST_OWN = 5


class TooManyCards(Refused):
    """The customer has as many cards of this kind as one may have; `most` says how many."""

    code = "too_many_cards"


class CardFrozen(Refused):
    """The card is frozen: nothing is taken from it until its owner thaws it."""

    code = "card_frozen"


class CardGone(Refused):
    """The card was unlinked."""

    code = "card_gone"


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as its owner sees it; `balance` is None for another bank's."""

    id: int
    public_id: str
    kind: str
    token: str
    brand: str
    last4: str
    linked_at: datetime
    is_frozen: bool
    balance: Money | None

    @property
    def is_own(self) -> bool:
        """Whether it is one of this bank's, with an account in the ledger."""
        return self.kind == "own"


@dataclass(frozen=True, slots=True)
class OwnCard:
    """Somebody's card of this bank, as a sender may see it."""

    card_id: int
    customer_id: int
    last4: str
    masked_name: str


@dataclass(frozen=True, slots=True, repr=False)
class Requisites:
    """What stands on a card; its repr says nothing of it."""

    number: str
    expiry: Expiry
    cvc: str
    holder: str


def cards(unit: Unit, *, customer_id: int) -> list[CardView]:
    """The customer's live cards: our own first, each kind in the order it came."""
    mine = (Card.customer_id == customer_id, col(Card.unlinked_at).is_(None))
    rows = unit.exec(select(Card).where(*mine).order_by(col(Card.kind).desc(), col(Card.id)))
    return [view_of(unit, row) for row in rows]


def card(unit: Unit, *, customer_id: int, public_id: str) -> CardView:
    """A customer's live card; raises NotFound, also for somebody else's."""
    return view_of(unit, _owned(unit, customer_id, public_id))


def _owned(unit: Unit, customer_id: int, public_id: str, *, lock: bool = False) -> Card:
    mine = (Card.public_id == public_id, Card.customer_id == customer_id, col(Card.unlinked_at).is_(None))
    found = select(Card).where(*mine)
    row = unit.exec(found.with_for_update() if lock else found).one_or_none()
    if row is None:
        raise NotFound
    return row


def usable(unit: Unit, *, customer_id: int, card_id: int) -> CardView:
    """A customer's card to take money from, locked until the unit's end; raises NotFound, CardGone or CardFrozen."""
    row = unit.exec(select(Card).where(Card.id == card_id, Card.customer_id == customer_id).with_for_update()).first()
    if row is None:
        raise NotFound
    if row.unlinked_at is not None:
        raise CardGone
    if row.frozen_at is not None:
        raise CardFrozen
    return view_of(unit, row)


def account_id(unit: Unit, *, card_id: int) -> int:
    """The ledger account of a card of ours to bring money to, locked until the unit's end; raises CardGone.

    A frozen card still takes money in.
    """
    row = unit.exec(select(Card).where(Card.id == card_id, Card.kind == "own").with_for_update()).one_or_none()
    if row is None or row.unlinked_at is not None:
        raise CardGone
    return ledger.account(unit, "card", str(card_id))


def is_live(unit: Unit, *, card_id: int) -> bool:
    """Whether the card is still linked; holds the answer until the unit's end."""
    row = unit.exec(select(Card).where(Card.id == card_id).with_for_update()).one_or_none()
    return row is not None and row.unlinked_at is None


def own_by_number(unit: Unit, *, number: str) -> OwnCard | None:
    """The live card of ours with this number, as a sender may see it."""
    mine = (Card.token == own.token_of(unit.keys, number), Card.kind == "own", col(Card.unlinked_at).is_(None))
    row = unit.exec(select(Card).where(*mine)).one_or_none()
    if row is None:
        return None
    assert row.id is not None
    shown = customers.card(unit, customer_id=row.customer_id).masked_name
    return OwnCard(row.id, row.customer_id, row.last4, shown)


def open_own(unit: Unit, *, customer_id: int, had: int | None = None) -> CardView:
    """Open a card of this bank with nothing on it; raises TooManyCards above five.

    `had` is how many own cards the customer saw before asking: with more there now, it was asked twice, and the
    answer is the card that was opened last.
    """
    lock_name(unit, f"cards:{customer_id}")
    mine = (Card.customer_id == customer_id, Card.kind == "own", col(Card.unlinked_at).is_(None))
    live = unit.exec(select(Card).where(*mine).order_by(col(Card.id))).all()
    if had is not None and len(live) > had:
        return view_of(unit, live[-1])
    if len(live) >= MOST_OWN:
        raise TooManyCards(most=MOST_OWN)
    return _opened(unit, customer_id)


def _opened(unit: Unit, customer_id: int) -> CardView:
    name = new_public_id()
    number = own.number_of(unit.keys, name)
    while own_by_number(unit, number=number) is not None:
        name = new_public_id()
        number = own.number_of(unit.keys, name)
    token = own.token_of(unit.keys, number)
    row = added(unit, customer_id=customer_id, kind="own", token=token, brand="own", last4=number[-4:], public_id=name)
    ledger.account(unit, "card", str(row.id))
    return view_of(unit, row)


def added(unit: Unit, *, customer_id: int, kind: str, token: str, brand: str, last4: str, public_id: str) -> Card:
    """Put a card into the wallet, once everything is checked."""
    row = Card(
        public_id=public_id,
        customer_id=customer_id,
        kind=kind,
        token=token,
        brand=brand,
        last4=last4,
        linked_at=unit.clock.now(),
    )
    unit.add(row)
    unit.flush()
    unit.tell(f"customer:{customer_id}")
    return row


def freeze(unit: Unit, *, customer_id: int, public_id: str) -> CardView:
    """Have nothing taken from the card; what is under way ends as it would have. Raises NotFound."""
    row = _owned(unit, customer_id, public_id, lock=True)
    row.frozen_at = row.frozen_at or unit.clock.now()
    unit.tell(f"customer:{customer_id}")
    return view_of(unit, row)


def unfreeze(unit: Unit, *, customer_id: int, public_id: str) -> CardView:
    """Let the card be used again; raises NotFound."""
    row = _owned(unit, customer_id, public_id, lock=True)
    row.frozen_at = None
    unit.tell(f"customer:{customer_id}")
    return view_of(unit, row)


def unlink(unit: Unit, *, customer_id: int, public_id: str) -> Money:
    """Take the card off the wallet; what is on one of ours goes to the wallet first. Answers how much that was.

    What is under way ends as it would have, and what comes back later comes to the wallet. Raises NotFound.
    """
    row = _owned(unit, customer_id, public_id, lock=True)
    row.unlinked_at = unit.clock.now()
    unit.flush()
    unit.tell(f"customer:{customer_id}")
    assert row.id is not None
    return bring_home(unit, card_id=row.id, key=f"card:{row.id}:closed")


def bring_home(unit: Unit, *, card_id: int, key: str) -> Money:
    """Move what is on an unlinked card of ours to its owner's wallet; answers how much, nothing for any other card.

    For whoever released a hold on such a card; `key` names the deed in the ledger and in the customer's list.
    """
    row = unit.exec(select(Card).where(Card.id == card_id).with_for_update()).one()
    if row.kind != "own" or row.unlinked_at is None:
        return ZERO
    emptied = ledger.account(unit, "card", str(card_id))
    amount = ledger.balance(unit, emptied)
    if not amount:
        return ZERO
    move = Move(emptied, wallet.account_id(unit, row.customer_id), amount)
    ledger.post(unit, kind="card_closed", key=key, moves=[move], subject=f"card:{card_id}")
    wallet.note(
        unit,
        customer_id=row.customer_id,
        kind="own_transfer",
        subject=key,
        counterparty=f"card:{row.last4}",
        account=f"*{row.last4}",
        amount=amount,
        state="done",
    )
    return amount


def requisites(unit: Unit, *, customer_id: int, public_id: str) -> Requisites:
    """Number, expiry and security code of one's own card; raises NotFound, also for another bank's."""
    row = _owned(unit, customer_id, public_id)
    if row.kind != "own":
        raise NotFound
    owner = customers.card(unit, customer_id=customer_id)
    return Requisites(
        own.number_of(unit.keys, row.public_id),
        own.expiry_of(row.linked_at),
        own.cvc_of(unit.keys, row.public_id),
        f"{owner.given_name} {owner.family_name}",
    )


def view_of(unit: Unit, row: Card) -> CardView:
    """A card's row as its owner sees it."""
    assert row.id is not None
    kept = ledger.balance(unit, ledger.account(unit, "card", str(row.id))) if row.kind == "own" else None
    return CardView(
        row.id,
        row.public_id,
        row.kind,
        row.token,
        row.brand,
        row.last4,
        row.linked_at,
        row.frozen_at is not None,
        kept,
    )
