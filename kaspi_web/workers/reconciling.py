"""Reconciling a day with every biller: its registry over HTTP, then comparison in short units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kaspi_web.domain.reconciling import service as reconciling
from kaspi_web.domain.reconciling.service import Found, Told
from kaspi_web.gateways.billers import Billers
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bank import Bank

_AT_ONCE = 100


@dataclass(slots=True)
class Report:
    """What reconciling a day found, by biller; `silent` are those whose registry could not be had, and why."""

    settled: list[tuple[str, Found]] = field(default_factory=list)
    differences: list[tuple[str, Found]] = field(default_factory=list)
    silent: dict[str, str] = field(default_factory=dict)
    compared: int = 0


async def reconcile(bank: Bank, *, day: date) -> Report:
    """Compare our payments of `day` with the registry of each biller; raises DayNotOver."""
    await bank.db.read(reconciling.check_over, day=day)
    report, billers = Report(), Billers(bank.settings)
    try:
        for slug, address, dialect in await bank.db.read(reconciling.counterparties):
            try:
                rows = await billers.at(address, dialect).registry(day)
            except Unknown as unknown:
                report.silent[slug] = unknown.reason
                continue
            told = {row.txn_id: Told(row.txn_id, row.account, row.sum, row.state, row.prv_txn) for row in rows}
            await _compare(bank, slug, day, told, report)
    finally:
        await billers.aclose()
    return report


async def _compare(bank: Bank, slug: str, day: date, told: dict[str, Told], report: Report) -> None:
    ours = await bank.db.read(reconciling.ours, biller=slug, day=day)
    numbers = sorted(told.keys() | set(ours))
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        known = [told[number] for number in part if number in told]
        found = await bank.db.write(reconciling.compare, biller=slug, day=day, txn_ids=part, told=known)
        report.compared += len(found)
        report.settled += [(slug, each) for each in found if each.settled]
        report.differences += [(slug, each) for each in found if each.difference]
