"""What the billers were paid: one SQLite file, one row for a (biller, txn_id), written before any answer leaves."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.osmp import Pay, Result, format_txn_date, is_final_refusal

_SCHEMA = """
CREATE TABLE IF NOT EXISTS payment (
    prv_txn INTEGER PRIMARY KEY AUTOINCREMENT,
    biller TEXT NOT NULL,
    txn_id TEXT NOT NULL,
    account TEXT NOT NULL,
    sum_tiyn INTEGER NOT NULL CHECK (sum_tiyn >= 0),
    txn_date TEXT NOT NULL CHECK (length(txn_date) = 14),
    result INTEGER NOT NULL,
    ready_at_ms INTEGER,
    UNIQUE (biller, txn_id)
) STRICT;
CREATE TABLE IF NOT EXISTS cancellation (
    cancel_id TEXT PRIMARY KEY,
    biller TEXT NOT NULL,
    txn_id TEXT NOT NULL,
    sum_tiyn INTEGER NOT NULL CHECK (sum_tiyn > 0),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'done', 'refused'))
) STRICT;
CREATE INDEX IF NOT EXISTS cancellation_of_payment ON cancellation (biller, txn_id);
CREATE INDEX IF NOT EXISTS payment_of_account ON payment (biller, account);
CREATE INDEX IF NOT EXISTS payment_of_day ON payment (biller, txn_date);
"""
_LATER = {"extra": "TEXT NOT NULL DEFAULT '{}'", "sealed": "TEXT NOT NULL DEFAULT ''"}
"""Columns of `payment` that the first books had not."""
_STATES = {Result.OK: "done", Result.UNFINISHED: "pending"}


@dataclass(frozen=True, slots=True)
class Row:
    """A payment as it stands: `result` is 0 (credited), 90 (accepted, not credited yet) or a final refusal.

    `extra` is what came beside the sum, `cancelled` what was given back since; an account that is an IIN is a digest
    here, and `sealed` hides the number itself.
    """

    number: int
    txn_id: str
    account: str
    sum: Money
    txn_date: str
    result: int
    extra: Mapping[str, str] = field(default_factory=dict)
    sealed: str = ""
    cancelled: Money = ZERO

    @property
    def prv_txn(self) -> str:
        """The biller's own number of the payment; a refused one has none."""
        return "" if is_final_refusal(self.result) else str(self.number)

    @property
    def state(self) -> str:
        """The word that the registry uses: done, pending or refused."""
        return _STATES.get(Result(self.result), "refused")


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The biller's wish to give back a payment or a part of it; `state` is asked, done or refused."""

    cancel_id: str
    biller: str
    txn_id: str
    sum: Money
    reason: str
    state: str = "asked"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class Book:
    """Payments of all billers in `path`; every call is one transaction, and calls may come from any thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_SCHEMA)
        there = {row[1] for row in self._db.execute("PRAGMA table_info(payment)")}
        for column in _LATER.keys() - there:
            self._db.execute(f"ALTER TABLE payment ADD COLUMN {column} {_LATER[column]}")

    def close(self) -> None:
        """Release the file."""
        with self._lock:
            self._db.close()

    def find(self, biller: str, txn_id: str) -> Row | None:
        """The payment of this number, if it ever came."""
        with self._lock:
            self._ripen()
            return self._find(biller, txn_id)

    def register(self, biller: str, pay: Pay, result: Result, *, after_s: float | None = None, sealed: str = "") -> Row:
        """The payment of this number: written now with `result`, or as it was written before.

        One that is not finished (90) becomes 0 after `after_s` seconds of real time, or when told. `sealed` is the
        account when `pay` has only its digest.
        """
        ready = None if after_s is None else _now_ms() + int(after_s * 1000)
        values = (biller, pay.txn_id, pay.account, pay.sum.tiyn, format_txn_date(pay.txn_date), int(result), ready)
        values += (json.dumps(dict(pay.extra)), sealed)
        with self._lock:
            self._db.execute(
                "INSERT INTO payment (biller, txn_id, account, sum_tiyn, txn_date, result, ready_at_ms,"
                " extra, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (biller, txn_id) DO NOTHING",
                values,
            )
            return self._standing(biller, pay.txn_id)

    def settle(self, biller: str, txn_id: str, result: Result) -> Row:
        """The payment with its last word; what has one already keeps it."""
        with self._lock:
            self._db.execute(
                "UPDATE payment SET result = ? WHERE biller = ? AND txn_id = ? AND result = ? AND ready_at_ms IS NULL",
                (int(result), biller, txn_id, int(Result.UNFINISHED)),
            )
            return self._standing(biller, txn_id)

    def credited(self, biller: str, account: str) -> list[Row]:
        """The payments that the account has got, in the order they came; of every account if it is empty."""
        own = "AND account = ?" if account else ""
        query = f"{_SELECT} WHERE p.biller = ? {own} AND result = {int(Result.OK)} ORDER BY prv_txn"
        with self._lock:
            self._ripen()
            return [_row(found) for found in self._db.execute(query, (biller, account)[: 2 if account else 1])]

    def paid(self, biller: str, account: str) -> Money:
        """Everything credited to the account so far, less what was cancelled."""
        return sum((row.sum - row.cancelled for row in self.credited(biller, account)), ZERO)

    def of_day(self, biller: str, day: date) -> list[Row]:
        """The payments whose accounting day is `day`, in the order they came."""
        query = f"{_SELECT} WHERE p.biller = ? AND txn_date LIKE ? ORDER BY prv_txn"
        with self._lock:
            self._ripen()
            return [_row(found) for found in self._db.execute(query, (biller, f"{day:%Y%m%d}%"))]

    def forget(self, biller: str) -> None:
        """Start this biller's book anew, as for another demo; numbers already given are not given again."""
        with self._lock:
            self._db.execute("DELETE FROM payment WHERE biller = ?", (biller,))
            self._db.execute("DELETE FROM cancellation WHERE biller = ?", (biller,))

    def ask_to_cancel(self, asked: Cancellation) -> Cancellation:
        """The cancellation of this number: written now, or as it was written before."""
        values = (asked.cancel_id, asked.biller, asked.txn_id, asked.sum.tiyn, asked.reason)
        with self._lock:
            self._db.execute(
                "INSERT INTO cancellation (cancel_id, biller, txn_id, sum_tiyn, reason, state)"
                " VALUES (?, ?, ?, ?, ?, 'asked') ON CONFLICT (cancel_id) DO NOTHING",
                values,
            )
            query = "SELECT cancel_id, biller, txn_id, sum_tiyn, reason, state FROM cancellation WHERE cancel_id = ?"
            number, biller, txn_id, tiyn, reason, state = self._db.execute(query, (asked.cancel_id,)).fetchone()
        return Cancellation(number, biller, txn_id, Money(tiyn), reason, state)

    def note_cancelled(self, cancel_id: str, state: str) -> None:
        """What the bank said of a cancellation: done or refused."""
        with self._lock:
            self._db.execute("UPDATE cancellation SET state = ? WHERE cancel_id = ?", (state, cancel_id))

    def _ripen(self) -> None:
        self._db.execute(
            "UPDATE payment SET result = ? WHERE result = ? AND ready_at_ms <= ?",
            (int(Result.OK), int(Result.UNFINISHED), _now_ms()),
        )

    def _find(self, biller: str, txn_id: str) -> Row | None:
        found = self._db.execute(f"{_SELECT} WHERE p.biller = ? AND p.txn_id = ?", (biller, txn_id)).fetchone()
        return _row(found) if found else None

    def _standing(self, biller: str, txn_id: str) -> Row:
        row = self._find(biller, txn_id)
        assert row is not None, "it was written under the same lock"
        return row


_SELECT = (
    "SELECT prv_txn, p.txn_id, account, sum_tiyn, txn_date, result, extra, sealed,"
    " (SELECT coalesce(sum(c.sum_tiyn), 0) FROM cancellation c"
    " WHERE c.biller = p.biller AND c.txn_id = p.txn_id AND c.state = 'done') FROM payment p"
)


def _row(found: tuple[int, str, str, int, str, int, str, str, int]) -> Row:
    number, txn_id, account, tiyn, txn_date, result, extra, sealed, cancelled = found
    return Row(number, txn_id, account, Money(tiyn), txn_date, result, json.loads(extra), sealed, Money(cancelled))
