"""Why a balance is what it is: the ledger's postings of a customer's own accounts, and the entries they belong to.

An entry is shown to whoever owns an account in it; what is somebody else's in it is shown masked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger.models import Account, Entry, Posting
from kaspi_web.domain.wallet.service import PAGE, account_id, balances
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

_OF_CUSTOMERS = ("wallet", "bonus")
_NAMED = ("biller_payable", "terminal_network", "merchant")
"""Kinds whose owner is a business: its slug is no secret."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a posting as one customer may see it."""

    kind: str
    is_mine: bool
    owner: str
    """The slug of a business, the masked name of another customer, or empty."""


@dataclass(frozen=True, slots=True)
class WalletMove:
    """One posting of the wallet: below zero for money that left it, with the balance after it."""

    id: int
    entry_id: int
    kind: str
    """The kind of its entry."""
    amount: Money
    balance: Money
    other: Side
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class PostingView:
    """One posting of an entry."""

    debit: Side
    credit: Side
    amount: Money


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry with all of its postings."""

    id: int
    kind: str
    booked_at: datetime
    postings: tuple[PostingView, ...]


def moves(unit: Unit, *, customer_id: int, before: int | None = None, most: int = PAGE) -> list[WalletMove]:
    """A page of the wallet's postings, newest first, older than the posting `before`."""
    mine = account_id(unit, customer_id)
    came = _postings(unit, mine, Posting.credit_account_id, Posting.debit_account_id, before, most)
    went = _postings(unit, mine, Posting.debit_account_id, Posting.credit_account_id, before, most)
    both = [(row, Money(row[2])) for row in came] + [(row, -Money(row[2])) for row in went]
    balance = balances(unit, customer_id=customer_id).wallet - _newer(unit, mine, before)
    found: list[WalletMove] = []
    for row, change in sorted(both, key=lambda each: -each[0][0])[:most]:
        other = _side(unit, row[5], row[6], customer_id, frozenset())
        found.append(WalletMove(row[0], row[1], row[3], change, balance, other, row[4]))
        balance = balance - change
    return found


def _postings(unit: Unit, account: int, own: Any, other: Any, before: int | None, most: int) -> list[Any]:
    """The newest postings that have the account on one side: each side has an index of its own."""
    columns = (
        Posting.id,
        Posting.entry_id,
        Posting.amount_tiyn,
        Entry.kind,
        Entry.booked_at,
        Account.kind,
        Account.owner,
    )
    rows: Any = sa.select(*columns).join(Entry, Posting.entry_id == Entry.id).join(Account, other == Account.id)  # type: ignore[arg-type]
    rows = rows.where(own == account)
    if before is not None:
        rows = rows.where(col(Posting.id) < before)
    return list(unit.exec(rows.order_by(col(Posting.id).desc()).limit(most)).all())


def _newer(unit: Unit, account: int, before: int | None) -> Money:
    """What postings from `before` on have changed."""
    if before is None:
        return Money(0)
    changed = 0
    for mine, sign in ((Posting.credit_account_id, 1), (Posting.debit_account_id, -1)):
        total: Any = select(func.coalesce(func.sum(Posting.amount_tiyn), 0)).where(mine == account)
        changed += sign * int(unit.exec(total.where(col(Posting.id) >= before)).one())
    return Money(changed)


def entry(unit: Unit, *, customer_id: int, entry_id: int, cards: Iterable[str] = ()) -> EntryView:
    """One entry that touches the customer's own accounts; raises NotFound for every other.

    `cards` are the owners of the customer's own cards' accounts, which this street does not know.
    """
    own = frozenset(cards)
    found = _sides(unit, entry_id)
    if not any(_is_mine(*side, customer_id, own) for row in found for side in (row.debit, row.credit)):
        raise NotFound
    postings = tuple(
        PostingView(_side(unit, *row.debit, customer_id, own), _side(unit, *row.credit, customer_id, own), row.amount)
        for row in found
    )
    head = unit.get(Entry, entry_id)
    assert head is not None, "postings belong to entries"
    return EntryView(entry_id, head.kind, head.booked_at, postings)


class _Sides(NamedTuple):
    debit: tuple[str, str]
    credit: tuple[str, str]
    amount: Money


def _sides(unit: Unit, entry_id: int) -> list[_Sides]:
    debit, credit = aliased(Account), aliased(Account)
    rows: Any = (
        sa.select(debit.kind, debit.owner, credit.kind, credit.owner, Posting.amount_tiyn)  # type: ignore[call-overload]
        .select_from(Posting)
        .join(debit, Posting.debit_account_id == debit.id)
        .join(credit, Posting.credit_account_id == credit.id)
        .where(col(Posting.entry_id) == entry_id)
        .order_by(col(Posting.id))
    )
    return [_Sides((row[0], row[1]), (row[2], row[3]), Money(row[4])) for row in unit.exec(rows)]


def _is_mine(kind: str, owner: str, customer_id: int, cards: frozenset[str]) -> bool:
    return owner == str(customer_id) if kind in _OF_CUSTOMERS else kind == "card" and owner in cards


def _side(unit: Unit, kind: str, owner: str, customer_id: int, cards: frozenset[str]) -> Side:
    if _is_mine(kind, owner, customer_id, cards):
        return Side(kind, True, "")
    if kind in _OF_CUSTOMERS:
        return Side(kind, False, customers.card(unit, customer_id=int(owner)).masked_name)
    return Side(kind, False, owner if kind in _NAMED else "")
