"""The audit: every balance recomputed from the postings, the holds explained, the seals, the trial balance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import text

from kaspi_web.domain.ledger.audit_deeds import faults_of_deeds
from kaspi_web.domain.ledger.audit_seals import HeadFile, faults_of_seals
from kaspi_web.domain.ledger.chart import CHART, PROFIT, Side
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.money import ZERO, Money

_SUMS = text(
    """
    SELECT a.id, a.kind, a.owner, a.balance_tiyn AS kept, COALESCE(d.total, 0) - COALESCE(c.total, 0) AS debited
    FROM account a
    LEFT JOIN (SELECT debit_account_id AS id, SUM(amount_tiyn) AS total FROM posting GROUP BY 1) d ON d.id = a.id
    LEFT JOIN (SELECT credit_account_id AS id, SUM(amount_tiyn) AS total FROM posting GROUP BY 1) c ON c.id = a.id
    ORDER BY a.kind, a.id
    """
)
_HELD = text("SELECT COALESCE(SUM(amount_tiyn - captured_tiyn - released_tiyn), 0) FROM hold")
_EMPTY = text(
    "SELECT e.id FROM entry e LEFT JOIN posting p ON p.entry_id = e.id WHERE p.id IS NULL ORDER BY e.id LIMIT 20"
)


_COUNTERPARTIES = ("biller_payable", "terminal_network")
# What a biller gave back after it was settled it owes to the bank until the next settlement.
_GIVEN_BACK = text(
    "SELECT p.debit_account_id AS id, SUM(p.amount_tiyn) AS total FROM posting p JOIN entry e ON e.id = p.entry_id"
    " WHERE e.kind = 'bill_refunded' GROUP BY 1"
)


class Line(NamedTuple):
    """One kind of account in the trial balance."""

    kind: str
    accounts: int
    debit: Money
    credit: Money


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What the audit found: the trial balance and every fault with its place."""

    trial_balance: tuple[Line, ...]
    faults: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is off."""
        return not self.faults

    @property
    def profit(self) -> Money:
        """Income without expenses since the bank began; below zero for a loss."""
        counts = [line for line in self.trial_balance if line.kind in PROFIT]
        return sum((line.credit - line.debit for line in counts), ZERO)

    def lines(self) -> list[str]:
        """The report for a terminal."""
        rows = [
            f"{line.kind:<18}{line.accounts:>8}{line.debit.wire:>24}{line.credit.wire:>24}"
            for line in self.trial_balance
        ]
        debit = sum((line.debit for line in self.trial_balance), ZERO)
        credit = sum((line.credit for line in self.trial_balance), ZERO)
        head = f"{'account':<18}{'count':>8}{'debit':>24}{'credit':>24}"
        foot = f"{'total':<26}{debit.wire:>24}{credit.wire:>24}"
        return [
            head,
            *rows,
            foot,
            f"{'profit':<26}{self.profit.wire:>48}",
            *(f"FAULT {fault}" for fault in self.faults),
            "clean" if self.is_clean else "NOT CLEAN",
        ]


def audit(unit: Unit) -> AuditReport:
    """Recompute every balance from the postings and compare it with what is kept and held."""
    rows = unit.sql(_SUMS).all()
    faults: list[str] = []
    totals: dict[str, Line] = {}
    held = on_way = ZERO
    given_back = {row.id: Money(int(row.total)) for row in unit.sql(_GIVEN_BACK)}
    for row in rows:
        debited = Money(int(row.debited))
        natural = debited if CHART[row.kind].normal is Side.DEBIT else -debited
        faults += _faults_of(row.kind, row.owner, row.kept, natural, given_back.get(row.id, ZERO))
        held = natural if row.kind == "holds" else held
        on_way = natural if row.kind == "topups_on_way" else on_way
        totals[row.kind] = _added(totals.get(row.kind), row.kind, debited)
    open_holds = Money(int(unit.sql(_HELD).scalar_one()))
    if held != open_holds:
        faults.append(f"holds: the account has {held.wire}, the open holds add up to {open_holds.wire}")
    faults += [f"entry {entry_id}: has no posting" for (entry_id,) in unit.sql(_EMPTY).all()]
    faults += faults_of_deeds(unit, on_way)
    return AuditReport(tuple(totals.values()), tuple(faults))


def _faults_of(kind: str, owner: str, kept: int | None, natural: Money, given_back: Money) -> list[str]:
    name = f"account {kind}:{owner}" if owner else f"account {kind}"
    faults = []
    if kept is not None and kept != natural.tiyn:
        faults.append(f"{name}: keeps {Money(kept).wire}, its postings add up to {natural.wire}")
    if natural < ZERO and not CHART[kind].may_go_below_zero:
        faults.append(f"{name}: below zero by its postings, {natural.wire}")
    if natural + given_back < ZERO and kind in _COUNTERPARTIES:
        faults.append(f"{name}: settled for {(-natural - given_back).wire} more than was owed")
    return faults


def _added(line: Line | None, kind: str, debited: Money) -> Line:
    line = line or Line(kind, 0, ZERO, ZERO)
    if debited < ZERO:
        return line._replace(accounts=line.accounts + 1, credit=line.credit - debited)
    return line._replace(accounts=line.accounts + 1, debit=line.debit + debited)


def run_audit(bank: Bank) -> AuditReport:
    """The audit of a whole bank, its chain of seals and their head file included."""
    return bank.db.read_now(_with_seals, HeadFile.of(bank.settings.data_dir))


def _with_seals(unit: Unit, file: HeadFile) -> AuditReport:
    report = audit(unit)
    return replace(report, faults=report.faults + tuple(faults_of_seals(unit, file)))
