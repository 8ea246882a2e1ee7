"""Where the money of a payment comes from: holds on bonuses, on the wallet or a card of ours, or a charge elsewhere.

All parts are set aside in one unit, or none. A charge on another bank's card needs that bank's word: until then
the payment is `funding`, and the biller is asked after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import select

from kaspi_web.domain.bills.models import BillPayment, PaymentIntent
from kaspi_web.domain.bonus import spending
from kaspi_web.domain.cards import charges, means
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.models import CardCharge
from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import Move
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

CHARGED = "bill"
"""What the subjects of bills' charges begin with."""


@dataclass(frozen=True, slots=True)
class Means:
    """What was set aside for a payment; `used` is the card, if there is one."""

    hold_id: int | None
    bonus_hold_id: int | None
    charge_id: int | None
    used: cards.CardView | None


def set_aside(unit: Unit, row: PaymentIntent, *, amount: Money, spend: Money, source: str, payee: str) -> Means:
    """Hold or charge every part; raises InsufficientFunds, BonusShort, CardGone or CardFrozen, and nothing is held."""
    key, money = f"intent:{row.key}", amount - spend
    used = None
    if source == "card":
        assert row.card_id is not None, "a card was proposed"
        used = cards.usable(unit, customer_id=row.customer_id, card_id=row.card_id)
    of = means.account(unit, customer_id=row.customer_id, used=used)
    bonus_hold = _hold_bonus(unit, row, spend, key, also=of) if spend else None
    if not money:
        return Means(None, bonus_hold, None, used)
    if used is not None and not used.is_own:
        subject = f"{CHARGED}:{row.key}"
        charge_id = charges.begin(
            unit, customer_id=row.customer_id, card_id=used.id, amount=money, subject=subject, payee=payee
        )
        return Means(None, bonus_hold, charge_id, used)
    hold_id = ledger.hold(unit, kind="bill_held", key=f"{key}:held", account_id=of, amount=money, subject=key)
    return Means(hold_id, bonus_hold, None, used)


def _hold_bonus(unit: Unit, row: PaymentIntent, spend: Money, key: str, *, also: int) -> int:
    named = {"kind": "bonus_held", "key": f"{key}:bonus:held", "subject": f"{key}:bonus"}
    return spending.hold(unit, customer_id=row.customer_id, amount=spend, with_accounts=(also,), **named)


def money_of(row: BillPayment) -> Money:
    """The part of a payment that is not paid with bonuses."""
    return Money(row.amount_tiyn - row.spent_bonus_tiyn)


def taken(unit: Unit, row: BillPayment, *, to: int) -> list[Move]:
    """The moves that bring every part to the biller's account; the charge is captured after the commit."""
    moves = []
    if row.hold_id is not None:
        moves.append(ledger.captured(unit, hold_id=row.hold_id, amount=money_of(row), to=to))
    if row.bonus_hold_id is not None:
        moves.append(ledger.captured(unit, hold_id=row.bonus_hold_id, amount=Money(row.spent_bonus_tiyn), to=to))
    if row.charge_id is not None:
        charges.capture(unit, charge_id=row.charge_id)
        moves.append(Move(ledger.account(unit, "card_processor"), to, money_of(row)))
    return moves


def given_back(unit: Unit, row: BillPayment) -> list[Move]:
    """The moves that bring every part back to where it came from.

    A charge was only reserved, so it is given up, and the card's own bank frees the money whether the card is still
    linked here or not.
    """
    moves = []
    if row.hold_id is not None:
        moves.append(ledger.released(unit, hold_id=row.hold_id, amount=money_of(row)))
    if row.bonus_hold_id is not None:
        moves.append(ledger.released(unit, hold_id=row.bonus_hold_id, amount=Money(row.spent_bonus_tiyn)))
    if row.charge_id is not None:
        charges.void(unit, charge_id=row.charge_id)
    return moves


def lock_way_back(unit: Unit, row: BillPayment) -> None:
    """Lock what giving back may touch in the order that everybody keeps: the card, then accounts by their ids."""
    accounts = [wallet.account_id(unit, row.customer_id), ledger.account(unit, "bonus", str(row.customer_id))]
    if row.card_id is not None:
        cards.is_live(unit, card_id=row.card_id)
        if row.hold_id is not None:
            accounts.append(ledger.account(unit, "card", str(row.card_id)))
    ledger.lock_accounts(unit, *accounts)


def locked(unit: Unit, *which: Any) -> BillPayment | None:
    """The one payment that this is true of, locked after its charge: the processor's answers come in that order."""
    charge_id = unit.exec(select(BillPayment.charge_id).where(*which)).first()
    if charge_id is not None:
        unit.exec(select(CardCharge.id).where(CardCharge.id == charge_id).with_for_update()).one()
    found = select(BillPayment).where(*which).with_for_update()
    return unit.exec(found.execution_options(populate_existing=True)).one_or_none()


def bring_home(unit: Unit, row: BillPayment) -> None:
    """Money that came back to a card of ours that was unlinked meanwhile comes to the wallet."""
    if row.hold_id is not None and row.card_id is not None:
        cards.bring_home(unit, card_id=row.card_id, key=f"bill_payment:{row.id}:home")
