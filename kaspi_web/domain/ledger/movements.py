"""What has changed one account: its postings, newest first, each with the balance after it.

For accounts that people have, whose money comes in on the credit side.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.models import Account, Entry, Posting
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting of an account: `change` is below zero for what left it, `after` is the balance then."""

    id: int
    entry_id: int
    kind: str
    """The kind of its entry."""
    subject: str
    change: Money
    after: Money
    other: tuple[str, str]
    """Kind and owner of the account on its other side."""
    booked_at: datetime


def movements(unit: Unit, *, account_id: int, before: int | None = None, most: int) -> list[Movement]:
    """A page of an account's postings, newest first, older than the posting `before`."""
    # Each side is cut by itself, along its own index.
    both = [row for sign in (1, -1) for row in _side(unit, account_id, sign, before, most)]
    after = ledger.balance(unit, account_id) - _changed_since(unit, account_id, before)
    found: list[Movement] = []
    for sign, row in sorted(both, key=lambda each: -each[1].id)[:most]:
        change = Money(sign * row.amount_tiyn)
        other = (row.other_kind, row.other_owner)
        found.append(Movement(row.id, row.entry_id, row.kind, row.subject, change, after, other, row.booked_at))
        after -= change
    return found


def _side(unit: Unit, account_id: int, sign: int, before: int | None, most: int) -> list[tuple[int, Any]]:
    """The newest postings that credit (1) or debit (-1) the account."""
    ours, others = _columns(sign)
    of_posting = (Posting.id, Posting.entry_id, Posting.amount_tiyn)
    other: Any = (col(Account.kind).label("other_kind"), col(Account.owner).label("other_owner"))
    shown: Any = (*of_posting, Entry.kind, Entry.subject, Entry.booked_at, *other)
    rows: Any = select(*shown).join(Entry, col(Entry.id) == Posting.entry_id).join(Account, col(Account.id) == others)
    rows = rows.where(ours == account_id)
    if before is not None:
        rows = rows.where(col(Posting.id) < before)
    return [(sign, row) for row in unit.exec(rows.order_by(col(Posting.id).desc()).limit(most))]


def _columns(sign: int) -> tuple[Any, Any]:
    credit, debit = col(Posting.credit_account_id), col(Posting.debit_account_id)
    return (credit, debit) if sign > 0 else (debit, credit)


def _changed_since(unit: Unit, account_id: int, first: int | None) -> Money:
    """What the posting `first` and all newer ones have changed."""
    changed = 0
    for sign in (1, -1) if first is not None else ():
        ours, _ = _columns(sign)
        total: Any = select(func.coalesce(func.sum(Posting.amount_tiyn), 0)).where(ours == account_id)
        changed += sign * int(unit.exec(total.where(col(Posting.id) >= first)).one())
    return Money(changed)
