"""The word `reconcile`: compare a day with the billers' registries, list differences, settle one by hand."""

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


def settle(settings: Settings, txn_id: str, word: str) -> int:
    """Settle one payment of the list by hand; 1 when that cannot be."""
    from kaspi_web.domain.reconciling import by_hand
    from kaspi_web.kernel.errors import NotFound
    from kaspi_web.workers.seals import seal_all

    if word not in by_hand.WORDS:
        print(f"Say {' or '.join(by_hand.WORDS)}, not {word}.", file=sys.stderr)
        return 2
    with closing(Bank.open(settings)) as bank:
        try:
            bank.db.write_now(by_hand.settle, txn_id=txn_id, word=word)
        except NotFound:
            print(f"{txn_id} has no open difference.", file=sys.stderr)
            return 1
        except by_hand.NotByHand:
            print(f"{txn_id} is still asked about, or its last word is not {word!r}.", file=sys.stderr)
            return 1
        asyncio.run(seal_all(bank))
    print(f"{txn_id}: {word}; its differences are resolved.")
    return 0


def listed(settings: Settings) -> int:
    """Print every open difference; 1 when there is one."""
    from kaspi_web.domain.bills.differences import differences

    with closing(Bank.open(settings)) as bank:
        found = bank.db.read_now(differences)
    for each in found:
        ours, theirs = (sum_.wire if sum_ is not None else "-" for sum_ in (each.ours, each.theirs))
        sides = f"ours {each.our_state or '-'} {ours}  theirs {each.their_state or '-'} {theirs}"
        print(f"{each.day}  {each.biller}  {each.txn_id}  {each.kind}  {sides}")
    print(f"{len(found)} open")
    return 1 if found else 0


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
