"""The bonus account as its owner sees it: every posting of it in the ledger, and the balance after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from kaspi_web.domain.ledger.models import Account
from kaspi_web.domain.ledger.movements import Movement, movements
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money

PAGE = 20


@dataclass(frozen=True, slots=True)
class BonusMove:
    """A posting of the bonus account; `change` is below zero for what left it, `after` is the balance then.

    `word` is earned, spent, returned (a payment did not go through, or was refunded) or taken_back.
    """

    id: int
    word: str
    subject: str
    change: Money
    after: Money
    booked_at: datetime


def moves(unit: Unit, *, customer_id: int, before: int | None = None, most: int = PAGE) -> list[BonusMove]:
    """A page of what changed the customer's bonus account, newest first, older than the posting `before`."""
    account = select(Account.id).where(Account.kind == "bonus", Account.owner == str(customer_id))
    account_id = unit.exec(account).one_or_none()
    if account_id is None:
        return []
    return [
        BonusMove(each.id, _word(each), each.subject, each.change, each.after, each.booked_at)
        for each in movements(unit, account_id=account_id, before=before, most=most)
    ]


def _word(move: Movement) -> str:
    """What a posting was, by the account on its other side."""
    is_in = move.change > ZERO
    if move.other[0] == "bonus_expense":
        return "earned" if is_in else "taken_back"
    return "returned" if is_in else "spent"
