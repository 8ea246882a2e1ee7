"""The word `reconcile`: compare a day with the billers' registries."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from datetime import date, timedelta

from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings
from kaspi_web.workers.reconciling import Report


def reconcile(settings: Settings, day: date | None) -> int:
    """Reconcile `day`, or the day before today.

    1 when there are differences or registries that could not be had, or for a day that is not over.
    """
    from kaspi_web.domain.reconciling.service import DayNotOver
    from kaspi_web.workers import reconciling
    from kaspi_web.workers.seals import seal_all

    with closing(Bank.open(settings)) as bank:
        day = day or bank.clock.today() - timedelta(days=1)
        try:
            report = asyncio.run(reconciling.reconcile(bank, day=day))
        except DayNotOver:
            print(f"{day} is not over yet in Kazakhstan: its registries are not whole.", file=sys.stderr)
            return 1
        asyncio.run(seal_all(bank))
    for line in lines(report, day):
        print(line)
    return 1 if report.differences or report.silent else 0


def lines(report: Report, day: date) -> list[str]:
    """The report for a terminal."""
    return [
        *(f"settled     {slug}  {found.txn_id}  {found.settled}" for slug, found in report.settled),
        *(
            f"DIFFERENCE  {slug}  {found.txn_id}  {found.difference}{'' if found.is_new else '  (known)'}"
            for slug, found in report.differences
        ),
        *(f"NO REGISTRY {slug}  {why}" for slug, why in sorted(report.silent.items())),
        f"{day}: {report.compared} compared, {len(report.settled)} settled, {len(report.differences)} differences",
    ]
