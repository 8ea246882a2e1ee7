"""Posting entries, and holding, capturing and releasing money.

Accounts whose balance is kept are locked by the conditional UPDATE that changes them, in the order of
their ids, so that opposite deeds cannot deadlock and no balance is read before its lock. Every payment
passes here, so the statements go to the driver directly; docs/performance.md has the figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaspi_web.domain.ledger.chart import CHART, NEVER_BELOW_ZERO, Side
from kaspi_web.kernel.clock import real_now
from kaspi_web.kernel.database import Unit, prepared
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


_FIND = prepared("SELECT id FROM account WHERE kind = ? AND owner = ?")
_OPEN = prepared(
    "INSERT INTO account (kind, owner, balance_tiyn) VALUES (?, ?, ?) ON CONFLICT (kind, owner) DO NOTHING"
)


def account(unit: Unit, kind: str, owner: str = "") -> int:
    """The id of an account, opened on first use; two openings at once end in one account."""
    found = unit.run(_FIND, kind, owner).fetchone()
    if found is None:
        unit.run(_OPEN, kind, owner, 0 if CHART[kind].keeps_balance else None)
        found = unit.run(_FIND, kind, owner).fetchone()
    return found[0]


def post(unit: Unit, *, kind: str, key: str, moves: list[Move], subject: str = "", summed: tuple[int, ...] = ()) -> int:
    """Write one entry with its postings and move the kept balances; answers the entry's id.

    Raises InsufficientFunds when an account that may not go below zero would. The key is unique in the
    database: whoever calls this looks first whether the deed was done. `summed` are accounts among them of which it is
    known that no balance is kept.
    """
    assert moves, "an entry has one posting at least"
    _shift_balances(unit, moves, summed)
    head = (kind, key, subject, unit.stored_moment(unit.clock.now()), unit.stored_moment(real_now()))
    return _write_down(unit, head, moves) if unit.on_sqlite else _write_down_at_once(unit, head, moves)


_ENTRY = prepared("INSERT INTO entry (kind, key, subject, booked_at, written_at) VALUES (?, ?, ?, ?, ?) RETURNING id")
_POSTING = prepared(
    "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn) VALUES (?, ?, ?, ?)"
)
_BOTH = prepared(
    "WITH written AS ("
    "INSERT INTO entry (kind, key, subject, booked_at, written_at) VALUES (?, ?, ?, ?, ?) RETURNING id"
    "), posted AS ("
    "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)"
    " SELECT written.id, move.* FROM written, unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS move"
    ") SELECT id FROM written"
)


def _write_down(unit: Unit, head: tuple[Any, ...], moves: list[Move]) -> int:
    (entry_id,) = unit.run(_ENTRY, *head).fetchone()
    for move in moves:
        unit.run(_POSTING, entry_id, move.debit, move.credit, move.amount.tiyn)
    return entry_id


def _write_down_at_once(unit: Unit, head: tuple[Any, ...], moves: list[Move]) -> int:
    # One journey to the server instead of one for each row.
    columns = ([move.debit for move in moves], [move.credit for move in moves], [move.amount.tiyn for move in moves])
    (entry_id,) = unit.run(_BOTH, *head, *columns).fetchone()
    return entry_id


_SHIFT = prepared(
    "UPDATE account SET balance_tiyn = balance_tiyn + ? WHERE id = ? AND balance_tiyn IS NOT NULL"
    f" AND (balance_tiyn + ? >= 0 OR kind NOT IN ({', '.join(repr(kind) for kind in NEVER_BELOW_ZERO)}))"
)


def _shift_balances(unit: Unit, moves: list[Move], summed: tuple[int, ...]) -> None:
    credited: dict[int, int] = defaultdict(int)
    for move in moves:
        credited[move.debit] -= move.amount.tiyn
        credited[move.credit] += move.amount.tiyn
    for account_id in sorted(credited.keys() - set(summed)):
        if change := credited[account_id]:
            _shift(unit, account_id, change)


def _shift(unit: Unit, account_id: int, change: int) -> None:
    # Lock, check and change in one; a kept balance grows on the credit side. Accounts that are summed have no
    # balance to change, and their row is not locked.
    while unit.run(_SHIFT, change, account_id, change).rowcount != 1:
        found = unit.run(_KEPT, account_id).fetchone()
        if found is None:
            raise NotFound
        _, kept = found
        if kept is None:
            return
        if kept + change < 0:
            raise InsufficientFunds(missing=Money(-change - kept))
        # On PostgreSQL somebody credited the account between the two statements: now there is enough.


def balance(unit: Unit, account_id: int) -> Money:
    """The balance of an account on its normal side: kept, or summed from its postings."""
    found = unit.run(_KEPT, account_id).fetchone()
    if found is None:
        raise NotFound
    kind, kept = found
    return Money(kept) if kept is not None else _summed(unit, account_id, kind)


_KEPT = prepared("SELECT kind, balance_tiyn FROM account WHERE id = ?")
_SUM = prepared(
    "SELECT (SELECT COALESCE(SUM(amount_tiyn), 0) FROM posting WHERE debit_account_id = ?)"
    " - (SELECT COALESCE(SUM(amount_tiyn), 0) FROM posting WHERE credit_account_id = ?)"
)


def _summed(unit: Unit, account_id: int, kind: str) -> Money:
    (total,) = unit.run(_SUM, account_id, account_id).fetchone()
    return Money(int(total)) if CHART[kind].normal is Side.DEBIT else -Money(int(total))


_HOLD = prepared(
    "INSERT INTO hold (account_id, subject, amount_tiyn, captured_tiyn, released_tiyn, created_at)"
    " VALUES (?, ?, ?, 0, 0, ?) RETURNING id"
)
_TAKE = {
    column: prepared(
        f"UPDATE hold SET {column} = {column} + ? WHERE id = ? AND captured_tiyn + released_tiyn + ? <= amount_tiyn"
        " RETURNING account_id, subject"
    )
    for column in ("captured_tiyn", "released_tiyn")
}


def hold(unit: Unit, *, kind: str, key: str, account_id: int, amount: Money, subject: str) -> int:
    """Set money of an account aside; answers the hold's id; raises InsufficientFunds."""
    holds = account(unit, "holds")
    post(unit, kind=kind, key=key, moves=[Move(account_id, holds, amount)], subject=subject, summed=(holds,))
    now = unit.stored_moment(unit.clock.now())
    (hold_id,) = unit.run(_HOLD, account_id, subject, amount.tiyn, now).fetchone()
    return hold_id


_HOLD_ALL = prepared(
    "WITH asked AS (SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[]) AS each(key, subject, amount)"
    "), written AS ("
    "INSERT INTO entry (kind, key, subject, booked_at, written_at)"
    " SELECT ?, key, subject, ?, ? FROM asked RETURNING id, key"
    "), posted AS ("
    "INSERT INTO posting (entry_id, debit_account_id, credit_account_id, amount_tiyn)"
    " SELECT written.id, ?, ?, asked.amount FROM written JOIN asked ON asked.key = written.key"
    ") INSERT INTO hold (account_id, subject, amount_tiyn, captured_tiyn, released_tiyn, created_at)"
    " SELECT ?, subject, amount, 0, 0, ? FROM asked RETURNING subject, id"
)


def hold_all(unit: Unit, *, kind: str, account_id: int, amounts: Mapping[str, Money]) -> dict[str, int]:
    """Set money of one account aside for several subjects, an entry `{subject}:held` for each; answers their holds.

    Raises InsufficientFunds, and then nothing is held.
    """
    if unit.on_sqlite or len(amounts) < 2:
        this = {"kind": kind, "account_id": account_id}
        return {
            subject: hold(unit, **this, key=f"{subject}:held", amount=amount, subject=subject)
            for subject, amount in amounts.items()
        }
    subjects, sums = list(amounts), [amount.tiyn for amount in amounts.values()]
    holds = account(unit, "holds")
    _shift_balances(unit, [Move(account_id, holds, Money(sum(sums)))], (holds,))
    keys, now = [f"{subject}:held" for subject in subjects], unit.stored_moment(unit.clock.now())
    entries = (keys, subjects, sums, kind, now, unit.stored_moment(real_now()), account_id, holds)
    return dict(unit.run(_HOLD_ALL, *entries, account_id, now).fetchall())


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


def captured(unit: Unit, *, hold_id: int, amount: Money, to: int) -> Move:
    """Take held money for `to` in a deed of several moves, which the caller posts in this unit; raises HoldSpent."""
    _take(unit, hold_id, "captured_tiyn", amount)
    return Move(account(unit, "holds"), to, amount)


def released(unit: Unit, *, hold_id: int, amount: Money) -> Move:
    """The same for money that goes back to where it came from; raises HoldSpent."""
    owner, _ = _take(unit, hold_id, "released_tiyn", amount)
    return Move(account(unit, "holds"), owner, amount)


def lock_accounts(unit: Unit, *account_ids: int) -> None:
    """Lock kept accounts in the order of their ids, for a deed that posts to them more than once."""
    if not unit.on_sqlite:
        for account_id in sorted(set(account_ids)):
            unit.run(_LOCKED, account_id)


def locked_balance(unit: Unit, account_id: int) -> Money:
    """A kept balance that nobody else changes until this unit's end."""
    kept = unit.run(_KEPT if unit.on_sqlite else _LOCKED, account_id).fetchone()
    assert kept is not None, "the account is there"
    return Money(kept[1])


_LOCKED = prepared("SELECT kind, balance_tiyn FROM account WHERE id = ? FOR UPDATE")


def _take(unit: Unit, hold_id: int, column: str, amount: Money) -> tuple[int, str]:
    # The UPDATE is lock and check in one: of a capture and a release at once, the later finds nothing left.
    taken = unit.run(_TAKE[column], amount.tiyn, hold_id, amount.tiyn).fetchone()
    if taken is None:
        raise HoldSpent
    return taken
