"""The bonus account as its owner sees it: every posting of it in the ledger, and the balance after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, literal, union_all
from sqlmodel import col, select

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.models import Account, Entry, Posting
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money

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
    account_id = unit.exec(_account(customer_id)).one_or_none()
    if account_id is None:
        return []
    sides = [_side(account_id, sign, before, most).subquery() for sign in (1, -1)]
    either = union_all(*(sa.select(side) for side in sides)).subquery()
    newest: Any = sa.select(either).order_by(either.c.id.desc()).limit(most)
    rows = unit.exec(newest).all()
    if not rows:
        return []
    left = ledger.balance(unit, account_id) - _changed(unit, account_id, above=rows[0].id)
    found: list[BonusMove] = []
    for row in rows:
        change = Money(row.amount_tiyn * row.sign)
        found.append(BonusMove(row.id, _word(row.sign, row.other), row.subject, change, left, row.booked_at))
        left -= change
    return found


def _account(customer_id: int) -> Any:
    return select(Account.id).where(Account.kind == "bonus", Account.owner == str(customer_id))


def _side(account_id: int, sign: int, before: int | None, most: int) -> Any:
    """Postings that credit (1) or debit (-1) the account; each side is cut by itself, along its own index."""
    ours, others = _columns(sign)
    ends: Any = (col(Account.kind).label("other"), literal(sign).label("sign"))
    shown: Any = (Posting.id, Posting.amount_tiyn, Entry.subject, Entry.booked_at, *ends)
    rows: Any = select(*shown)
    rows = rows.join(Entry, col(Entry.id) == Posting.entry_id).join(Account, col(Account.id) == others)
    rows = rows.where(ours == account_id)
    if before is not None:
        rows = rows.where(col(Posting.id) < before)
    return rows.order_by(col(Posting.id).desc()).limit(most)


def _columns(sign: int) -> tuple[Any, Any]:
    credit, debit = col(Posting.credit_account_id), col(Posting.debit_account_id)
    return (credit, debit) if sign > 0 else (debit, credit)


def _changed(unit: Unit, account_id: int, *, above: int) -> Money:
    """What newer postings than that have changed."""
    total = 0
    for sign in (1, -1):
        ours, _ = _columns(sign)
        summed = select(func.coalesce(func.sum(Posting.amount_tiyn), 0)).where(ours == account_id)
        total += sign * int(unit.exec(summed.where(col(Posting.id) > above)).one())
    return Money(total)


def _word(sign: int, other: str) -> str:
    """What a posting was, by the account on its other side."""
    if other == "bonus_expense":
        return "earned" if sign > 0 else "taken_back"
    return "returned" if sign > 0 else "spent"
