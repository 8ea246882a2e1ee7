"""What a deed of two parts is paid with, bonuses and one source of money: whether they are there, and their account."""

from __future__ import annotations

from kaspi_web.domain.bonus.spending import BonusShort, BonusTooMuch
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money


def check(
    unit: Unit, *, customer_id: int, source: str, used: cards.CardView | None, money: Money, spend: Money
) -> None:
    """Refuse parts that are not there now; `used` is the card of the source `card`.

    Raises BonusTooMuch, BonusShort or InsufficientFunds. What is on another bank's card nobody knows but that bank.
    """
    have = wallet.balances(unit, customer_id=customer_id)
    if spend < ZERO or money < ZERO:
        raise BonusTooMuch
    if spend > have.bonus:
        raise BonusShort(have=have.bonus)
    if not money and source not in ("wallet", "bonus"):
        # Nothing is left that a card or a plan could pay.
        raise BonusTooMuch
    left = have.wallet if source == "wallet" else used.balance if used else None
    if left is not None and money > left:
        raise InsufficientFunds(missing=money - left)


def usable(unit: Unit, *, customer_id: int, public_id: str) -> cards.CardView:
    """A customer's card by its public id, to take money from; raises NotFound, CardGone or CardFrozen."""
    found = cards.card(unit, customer_id=customer_id, public_id=public_id)
    return cards.usable(unit, customer_id=customer_id, card_id=found.id)


def account(unit: Unit, *, customer_id: int, used: cards.CardView | None) -> int:
    """The account in our ledger that the money part comes from; the wallet's where it comes from another bank."""
    if used is None or not used.is_own:
        return wallet.account_id(unit, customer_id)
    return cards.account_id(unit, card_id=used.id)
