"""Why a balance is what it is: the ledger's postings of a customer's own accounts, and the entries they belong to.

An entry is shown to whoever owns an account in it; what is somebody else's in it is shown masked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from kaspi_web.domain.customers import service as customers
from kaspi_web.domain.ledger.models import Account, Entry, Posting
from kaspi_web.domain.ledger.movements import movements
from kaspi_web.domain.wallet.service import PAGE, account_id
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import Money

_OF_CUSTOMERS = ("wallet", "bonus")
_NAMED = ("biller_payable", "terminal_network", "merchant")
"""Kinds whose owner is a business: its slug is no secret."""
_NO_CARDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a posting as one customer may see it."""

    kind: str
    is_mine: bool
    owner: str
    """The slug of a business, the masked name of another customer, the last digits of an own card, or empty."""


@dataclass(frozen=True, slots=True)
class AccountMove:
    """One posting of a customer's account: below zero for money that left it, with the balance after it."""

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


def moves(
    unit: Unit,
    *,
    customer_id: int,
    cards: Mapping[str, str] = _NO_CARDS,
    before: int | None = None,
    most: int = PAGE,
) -> list[AccountMove]:
    """A page of the wallet's postings, newest first, older than the posting `before`."""
    mine = account_id(unit, customer_id)
    return moves_of(unit, account_id=mine, customer_id=customer_id, cards=cards, before=before, most=most)


def moves_of(
    unit: Unit,
    *,
    account_id: int,
    customer_id: int,
    cards: Mapping[str, str],
    before: int | None = None,
    most: int = PAGE,
) -> list[AccountMove]:
    """The same of an account that the caller knows to be the customer's; `cards` as for `entry`."""
    return [
        AccountMove(
            each.id,
            each.entry_id,
            each.kind,
            each.change,
            each.after,
            _side(unit, *each.other, customer_id, cards),
            each.booked_at,
        )
        for each in movements(unit, account_id=account_id, before=before, most=most)
    ]


def entry(unit: Unit, *, customer_id: int, entry_id: int, cards: Mapping[str, str] = _NO_CARDS) -> EntryView:
    """One entry that touches the customer's own accounts; raises NotFound for every other.

    `cards` are the owners of the customer's own cards' accounts, which this street does not know, with the cards'
    last digits.
    """
    found = _sides(unit, entry_id)
    if not any(_is_mine(*side, customer_id, cards) for row in found for side in (row.debit, row.credit)):
        raise NotFound
    postings = tuple(
        PostingView(
            _side(unit, *row.debit, customer_id, cards), _side(unit, *row.credit, customer_id, cards), row.amount
        )
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


def _is_mine(kind: str, owner: str, customer_id: int, cards: Mapping[str, str]) -> bool:
    return owner == str(customer_id) if kind in _OF_CUSTOMERS else kind == "card" and owner in cards


def _side(unit: Unit, kind: str, owner: str, customer_id: int, cards: Mapping[str, str]) -> Side:
    if _is_mine(kind, owner, customer_id, cards):
        return Side(kind, True, cards[owner] if kind == "card" else "")
    if kind in _OF_CUSTOMERS:
        return Side(kind, False, customers.card(unit, customer_id=int(owner)).masked_name)
    return Side(kind, False, owner if kind in _NAMED else "")
