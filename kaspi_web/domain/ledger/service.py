"""Posting entries, and holding, capturing and releasing money.

Accounts whose balance is kept are locked by the conditional UPDATE that changes them, in the order of
their ids, so that opposite deeds cannot deadlock and no balance is read before its lock.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select

from kaspi_web.domain.ledger.chart import CHART, Side
from kaspi_web.domain.ledger.models import Account, Entry, Hold, Posting
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound, Refused
from kaspi_web.kernel.money import Money


class InsufficientFunds(Refused):
    """The account has less than the deed needs; `missing` says by how much."""

    code = "insufficient_funds"


class HoldSpent(Refused):
    """More was to be captured or released than is still held."""

    code = "hold_spent"


@dataclass(frozen=True, slots=True)
class Move:
    """A posting to be made: debit one account, credit another."""

    debit: int
    credit: int
    amount: Money


def account(unit: Unit, kind: str, owner: str = "") -> int:
    """The id of an account, opened on first use; two openings at once end in one account."""
    find = select(Account.id).where(Account.kind == kind, Account.owner == owner)
    known = unit.exec(find).one_or_none()
    if known is not None:
        return known
    dialect = sqlite if unit.get_bind().dialect.name == "sqlite" else postgresql
    balance = 0 if CHART[kind].keeps_balance else None
    row = dialect.insert(Account).values(kind=kind, owner=owner, balance_tiyn=balance)
    unit.exec(row.on_conflict_do_nothing(index_elements=["kind", "owner"]))
    opened = unit.exec(find).one()
    assert opened is not None
    return opened


def post(unit: Unit, *, kind: str, key: str, moves: list[Move], subject: str = "") -> int:
    """Write one entry with its postings and move the kept balances; answers the entry's id.

    Raises InsufficientFunds when an account that may not go below zero would. The key is unique in the
    database: whoever calls this looks first whether the deed was done.
    """
    assert moves, "an entry has one posting at least"
    _shift_balances(unit, moves)
    entry = Entry(kind=kind, key=key, subject=subject, booked_at=unit.clock.now())
    unit.add(entry)
    unit.flush()
    assert entry.id is not None
    for move in moves:
        unit.add(
            Posting(
                entry_id=entry.id,
                debit_account_id=move.debit,
                credit_account_id=move.credit,
                amount_tiyn=move.amount.tiyn,
            )
        )
    unit.flush()
    return entry.id


def _shift_balances(unit: Unit, moves: list[Move]) -> None:
    debited: dict[int, int] = defaultdict(int)
    for move in moves:
        debited[move.debit] += move.amount.tiyn
        debited[move.credit] -= move.amount.tiyn
    kinds = dict(unit.exec(select(Account.id, Account.kind).where(Account.id.in_(debited))).all())  # type: ignore[union-attr]
    for account_id in sorted(debited):
        type_ = CHART[kinds[account_id]]
        if type_.keeps_balance and debited[account_id]:
            change = debited[account_id] if type_.normal is Side.DEBIT else -debited[account_id]
            _shift(unit, account_id, change, floor=not type_.may_go_below_zero)


_SHIFT = text("UPDATE account SET balance_tiyn = balance_tiyn + :change WHERE id = :id")
_SHIFT_DOWN = text(
    "UPDATE account SET balance_tiyn = balance_tiyn + :change WHERE id = :id AND balance_tiyn + :change >= 0"
)


def _shift(unit: Unit, account_id: int, change: int, *, floor: bool) -> None:
    statement = _SHIFT_DOWN if floor and change < 0 else _SHIFT
    done = unit.sql(statement, change=change, id=account_id)
    if done.rowcount != 1:
        raise InsufficientFunds(missing=Money(-change) - balance(unit, account_id))


def balance(unit: Unit, account_id: int) -> Money:
    """The balance of an account on its normal side: kept, or summed from its postings."""
    found = unit.sql(_KEPT, id=account_id).one_or_none()
    if found is None:
        raise NotFound
    return Money(found.balance_tiyn) if found.balance_tiyn is not None else _summed(unit, account_id, found.kind)


_KEPT = text("SELECT kind, balance_tiyn FROM account WHERE id = :id")
_SUM = text(
    "SELECT (SELECT COALESCE(SUM(amount_tiyn), 0) FROM posting WHERE debit_account_id = :id)"
    " - (SELECT COALESCE(SUM(amount_tiyn), 0) FROM posting WHERE credit_account_id = :id)"
)


def _summed(unit: Unit, account_id: int, kind: str) -> Money:
    debited = Money(int(unit.sql(_SUM, id=account_id).scalar_one()))
    return debited if CHART[kind].normal is Side.DEBIT else -debited


_TAKE = {
    column: text(
        f"UPDATE hold SET {column} = {column} + :amount"
        " WHERE id = :id AND captured_tiyn + released_tiyn + :amount <= amount_tiyn"
    )
    for column in ("captured_tiyn", "released_tiyn")
}


def hold(unit: Unit, *, kind: str, key: str, account_id: int, amount: Money, subject: str) -> int:
    """Set money of an account aside; answers the hold's id; raises InsufficientFunds."""
    post(unit, kind=kind, key=key, moves=[Move(account_id, account(unit, "holds"), amount)], subject=subject)
    row = Hold(account_id=account_id, subject=subject, amount_tiyn=amount.tiyn, created_at=unit.clock.now())
    unit.add(row)
    unit.flush()
    assert row.id is not None
    return row.id


def capture(
    unit: Unit, *, hold_id: int, amount: Money, to: int, kind: str, key: str, also: tuple[Move, ...] = ()
) -> int:
    """Pay held money to `to`, with further postings of the same deed; raises HoldSpent; answers the entry's id."""
    _, subject = _take(unit, hold_id, "captured_tiyn", amount)
    moves = [Move(account(unit, "holds"), to, amount), *also]
    return post(unit, kind=kind, key=key, moves=moves, subject=subject)


def release(unit: Unit, *, hold_id: int, amount: Money, kind: str, key: str) -> int:
    """Give held money back to where it came from; raises HoldSpent; answers the entry's id."""
    owner, subject = _take(unit, hold_id, "released_tiyn", amount)
    return post(unit, kind=kind, key=key, moves=[Move(account(unit, "holds"), owner, amount)], subject=subject)


def _take(unit: Unit, hold_id: int, column: str, amount: Money) -> tuple[int, str]:
    # The UPDATE is lock and check in one: of a capture and a release at once, the later finds nothing left.
    done = unit.sql(_TAKE[column], amount=amount.tiyn, id=hold_id)
    if done.rowcount != 1:
        raise HoldSpent
    account_id, subject = unit.exec(select(Hold.account_id, Hold.subject).where(Hold.id == hold_id)).one()
    return account_id, subject
