"""Reconciling a day with every biller: our book, then its registry over HTTP, then comparison in short units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from kaspi_web.domain.reconciling import service as reconciling
from kaspi_web.domain.reconciling.service import Found, Seen, Told
from kaspi_web.gateways.biller_client import BillerClient
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
                await reconcile_one(bank, billers.at(address, dialect), slug, day, report)
            except Unknown as unknown:
                report.silent[slug] = unknown.reason
    finally:
        await billers.aclose()
    return report


async def reconcile_one(bank: Bank, door: BillerClient, slug: str, day: date, report: Report) -> None:
    """Compare our payments of `day` with one biller's registry; raises Unknown."""
    # Ours first: what is accepted while the registry comes would seem to be missing there.
    seen = await bank.db.read(reconciling.ours, biller=slug, day=day)
    told: dict[str, list[Told]] = {}
    for row in await door.registry(day):
        told.setdefault(row.txn_id, []).append(
            Told(row.txn_id, row.account, row.sum, row.state, row.prv_txn, row.cancelled)
        )
    await _compare(bank, slug, day, seen, told, report)


async def _compare(
    bank: Bank, slug: str, day: date, seen: dict[str, Seen], told: dict[str, list[Told]], report: Report
) -> None:
    numbers = sorted(told.keys() | {number for number, each in seen.items() if each.state != "funding"})
    for start in range(0, len(numbers), _AT_ONCE):
        part = numbers[start : start + _AT_ONCE]
        books = {"txn_ids": part, "seen": seen, "told": told}
        for number in await bank.db.read(reconciling.to_write, biller=slug, **books):
            this = {"txn_id": number, "seen": seen.get(number), "told": told.get(number, [])}
            found = await bank.db.write(reconciling.write, biller=slug, day=day, **this)
            report.settled += [(slug, each) for each in found if each.settled]
            report.differences += [(slug, each) for each in found if each.difference]
        report.compared += len(part)
