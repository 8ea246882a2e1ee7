"""The three books that must agree one to one: the biller's registry, the ledger, and what customers were told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from kaspi_web.domain.ledger.audit import run_audit
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import Money
from tests.billers import BILLERS, BillerProcess
from tests.kill.figures import Figures
from tests.kill.slips import MONEY, Shopper, Slip

Told = tuple[str, str]
"""An intent and the address of the receipt that its page showed."""

_PAID = """
    SELECT a.owner, p.txn_id, p.account, po.amount_tiyn, p.biller_txn
    FROM posting po
    JOIN account a ON a.id = po.credit_account_id
    JOIN entry e ON e.id = po.entry_id
    LEFT JOIN bill_payment p ON e.key = 'bill_payment\\:' || p.id || '\\:paid' AND p.state = 'done'
    WHERE a.kind = 'biller_payable'
"""
# A payment without its intent or without its line in History stands there too, with nothing beside it.
_PAYMENTS = """
    SELECT i.id, o.receipt, p.customer_id, p.biller, p.account, p.amount_tiyn, p.state, o.state
    FROM bill_payment p
    LEFT JOIN payment_intent i ON i.payment_id = p.id
    LEFT JOIN operation o ON o.subject = 'bill_payment\\:' || p.id
"""
_WALLETS = "SELECT owner, balance_tiyn FROM account WHERE kind = 'wallet'"
_OPEN_HOLDS = "SELECT count(*) FROM hold WHERE captured_tiyn + released_tiyn < amount_tiyn"
_UNSEALED = "SELECT COUNT(*) FROM entry LEFT JOIN seal ON seal.entry_id = entry.id WHERE seal.position IS NULL"
_ON_WAY = "SELECT count(*) FROM bill_payment WHERE state <> 'done'"


@dataclass
class Diary:
    """What the customers know: what they pressed Pay for, and what they were told about it."""

    pressed: dict[str, Slip] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    retried: Figures = field(default_factory=Figures)

    def unanswered(self) -> list[Slip]:
        """Payments of which nobody knows whether they were made."""
        return [slip for number, slip in self.pressed.items() if number not in self.told]


def under_way(bank: Bank) -> int:
    """How much the server's own workers have still to do: payments without a last word, entries without a seal."""
    return rows(bank, _ON_WAY)[0][0] + rows(bank, _UNSEALED)[0][0]


def rows(bank: Bank, statement: str) -> list[tuple[Any, ...]]:
    """What a query finds; it only reads, and so holds up no server that works on the same database."""
    return bank.db.read_now(lambda unit: [tuple(row) for row in unit.sql(text(statement)).all()])


def registry(biller: BillerProcess, since: datetime) -> list[tuple[Any, ...]]:
    """Every payment in the billers' own books: biller, number, account, sum in tiyn, the biller's number, state."""
    days, last = [since.astimezone(ALMATY).date()], datetime.now(ALMATY).date()
    while days[-1] < last:
        days.append(days[-1] + timedelta(days=1))
    return [
        (code, int(row["txn_id"]), row["account"], Money.from_wire(row["sum"]).tiyn, row["prv_txn"], row["state"])
        for code in BILLERS
        for day in days
        for row in biller.registry(code, day)
    ]


def assert_books_agree(
    bank: Bank, biller: BillerProcess, diary: Diary, shoppers: list[Shopper], *, since: datetime
) -> None:
    """Registry, ledger and what customers were told are the same payments, each once; nothing is held."""
    paid = Counter(rows(bank, _PAID))
    assert Counter(registry(biller, since)) == Counter((*row, "done") for row in paid.elements())
    made = rows(bank, _PAYMENTS)
    assert Counter(row[:2] for row in made) == Counter(diary.told.values())
    assert Counter((row[0], *row[2:]) for row in made) == Counter(_as_done(diary.pressed[told]) for told in diary.told)
    assert Counter((row[3], row[4], row[5]) for row in made) == Counter(
        (row[0], row[2], row[3]) for row in paid.elements()
    )
    assert diary.unanswered() == []
    assert rows(bank, _OPEN_HOLDS)[0][0] == 0
    _assert_wallets(bank, diary, shoppers)
    report = run_audit(bank)
    assert report.is_clean, "\n".join(report.lines())


def _as_done(slip: Slip) -> tuple[Any, ...]:
    return slip.intent_id, slip.customer_id, slip.biller, slip.account, slip.amount.tiyn, "done", "done"


def _assert_wallets(bank: Bank, diary: Diary, shoppers: list[Shopper]) -> None:
    left = {str(each.id): MONEY.tiyn for each in shoppers}
    for number in diary.told:
        slip = diary.pressed[number]
        left[str(slip.customer_id)] -= slip.amount.tiyn
    assert dict(rows(bank, _WALLETS)) == left
