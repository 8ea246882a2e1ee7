"""The ledger's accounts of a customer's own cards: which they are, and what has changed one of them."""

from __future__ import annotations

from sqlmodel import col, select

from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import Card
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.wallet import postings
from kaspi_web.domain.wallet.postings import AccountMove
from kaspi_web.domain.wallet.service import PAGE
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound


def own_accounts(unit: Unit, *, customer_id: int) -> dict[str, str]:
    """The owners of the ledger's accounts of all of the customer's own cards ever, and the cards' last digits."""
    mine = (Card.customer_id == customer_id, Card.kind == "own")
    return {str(card_id): last4 for card_id, last4 in unit.exec(select(col(Card.id), Card.last4).where(*mine))}


def moves(
    unit: Unit, *, customer_id: int, public_id: str, before: int | None = None, most: int = PAGE
) -> list[AccountMove]:
    """A page of what has changed a customer's own card; raises NotFound, also for one that is somebody else's."""
    card = cards.card(unit, customer_id=customer_id, public_id=public_id)
    if not card.is_own:
        raise NotFound
    return postings.moves_of(
        unit,
        account_id=ledger.account(unit, "card", str(card.id)),
        customer_id=customer_id,
        cards=own_accounts(unit, customer_id=customer_id),
        before=before,
        most=most,
    )
