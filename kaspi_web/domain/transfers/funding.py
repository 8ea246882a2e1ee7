"""Where the money of a transfer comes from: holds on bonuses, on the wallet or a card of ours, or a charge elsewhere.

All parts are set aside in one unit, or none; they are passed on together, or each goes back to where it came from.
"""

from __future__ import annotations

from dataclasses import dataclass

from kaspi_web.domain.bonus import spending
from kaspi_web.domain.cards import charges
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.transfers.models import Transfer
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Held:
    """What was set aside in our ledger: the hold on money and the hold on bonuses."""

    hold_id: int | None = None
    bonus_hold_id: int | None = None


def amount_of(row: Transfer) -> Money:
    """The whole sum of what was sent."""
    assert row.amount_tiyn is not None, "what is sent has a sum"
    return Money(row.amount_tiyn)


def bonus_of(row: Transfer) -> Money:
    """The part that is paid with bonuses."""
    return Money(row.bonus_tiyn)


def money_of(row: Transfer) -> Money:
    """The part that is not."""
    return amount_of(row) - bonus_of(row)


def subject_of(row: Transfer) -> str:
    """What holds, charges, entries and lists call this transfer."""
    return f"transfer:{row.id}"


def held_by(row: Transfer) -> Held:
    """What was set aside for it before."""
    return Held(row.hold_id, row.bonus_hold_id)


def hold(unit: Unit, row: Transfer) -> Held:
    """Set every part aside; raises InsufficientFunds, BonusShort, CardGone or CardFrozen, and nothing is held."""
    lock_cards(unit, row)
    of, key = _money_from(unit, row), f"{subject_of(row)}:held"
    bonus_hold_id = hold_bonus(unit, row, also=of)
    if not money_of(row):
        return Held(None, bonus_hold_id)
    named = {"kind": "transfer_held", "key": key, "subject": subject_of(row)}
    return Held(ledger.hold(unit, account_id=of, amount=money_of(row), **named), bonus_hold_id)


def hold_bonus(unit: Unit, row: Transfer, *, also: int | None = None) -> int | None:
    """Set the bonus part aside, if there is one; raises BonusShort. `also` is an account that is taken from beside."""
    if not row.bonus_tiyn:
        return None
    subject = f"{subject_of(row)}:bonus"
    return spending.hold(
        unit,
        customer_id=row.customer_id,
        amount=bonus_of(row),
        kind="transfer_held",
        key=f"{subject}:held",
        subject=subject,
        with_accounts=(also,) if also is not None else (),
    )


def moved(unit: Unit, row: Transfer, *, to: int) -> list[Move]:
    """The moves that bring every part there at once; raises BonusShort, CardGone or CardFrozen."""
    of, spend, money, moves = _money_from(unit, row), bonus_of(row), money_of(row), []
    if money:
        moves.append(Move(of, to, money))
    if spend:
        spending.check(unit, customer_id=row.customer_id, amount=spend, with_accounts=(of, to))
        moves.append(Move(spending.account_id(unit, row.customer_id), to, spend))
    return moves


def lock_cards(unit: Unit, row: Transfer) -> None:
    """Lock the cards it is between, in one order: people who send to each other's cards lock nobody out."""
    for card_id in sorted({each for each in (row.card_id, row.to_card_id) if each is not None}):
        cards.is_live(unit, card_id=card_id)


def _money_from(unit: Unit, row: Transfer) -> int:
    """The account in our ledger that the money part comes from."""
    if row.card_id is None:
        return wallet.account_id(unit, row.customer_id)
    card = cards.usable(unit, customer_id=row.customer_id, card_id=row.card_id)
    return ledger.account(unit, "card", str(card.id))


def taken(unit: Unit, row: Transfer, *, to: int) -> list[Move]:
    """The moves that bring every part that was set aside there; a charge is captured after the commit."""
    moves = []
    if row.hold_id is not None:
        moves.append(ledger.captured(unit, hold_id=row.hold_id, amount=money_of(row), to=to))
    if row.bonus_hold_id is not None:
        moves.append(ledger.captured(unit, hold_id=row.bonus_hold_id, amount=bonus_of(row), to=to))
    if row.charge_id is not None:
        charges.capture(unit, charge_id=row.charge_id)
        moves.append(Move(ledger.account(unit, "card_processor"), to, money_of(row)))
    return moves


def give_back(unit: Unit, row: Transfer, *, kind: str) -> None:
    """Return every part to where it came from; a card of ours that is gone by now gives way to the wallet.

    A charge was only reserved, so it is given up, and the card's own bank frees the money.
    """
    if row.charge_id is not None:
        charges.void(unit, charge_id=row.charge_id)
    _lock_way_back(unit, row)
    moves, key = [], f"{subject_of(row)}:given_back"
    if row.hold_id is not None:
        moves.append(ledger.released(unit, hold_id=row.hold_id, amount=money_of(row)))
    if row.bonus_hold_id is not None:
        moves.append(ledger.released(unit, hold_id=row.bonus_hold_id, amount=bonus_of(row)))
    if moves:
        ledger.post(unit, kind=kind, key=key, moves=moves, subject=subject_of(row))
    if row.hold_id is not None and row.card_id is not None:
        cards.bring_home(unit, card_id=row.card_id, key=f"{subject_of(row)}:home")


def _lock_way_back(unit: Unit, row: Transfer) -> None:
    """The card before its account, as whoever unlinks it does; then accounts in the order of their ids."""
    accounts = [wallet.account_id(unit, row.customer_id)]
    if row.bonus_hold_id is not None:
        accounts.append(spending.account_id(unit, row.customer_id))
    if row.card_id is not None and row.hold_id is not None:
        cards.is_live(unit, card_id=row.card_id)
        accounts.append(ledger.account(unit, "card", str(row.card_id)))
    ledger.lock_accounts(unit, *accounts)
