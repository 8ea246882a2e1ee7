"""The word `settle`: pay billers what was collected for them on a day."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing
from datetime import date, timedelta

from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings


def settle(settings: Settings, day: date | None) -> int:
    """Settle `day`, or the day before today; 1 for a day that is not over."""
    from kaspi_web.domain.settlements.service import DayNotOver, settle_day
    from kaspi_web.workers.seals import seal_all

    with closing(Bank.open(settings)) as bank:
        day = day or bank.clock.today() - timedelta(days=1)
        try:
            settled = bank.db.write_now(settle_day, day=day)
        except DayNotOver:
            print(f"{day} is not over yet in Kazakhstan: nothing was settled. Try again tomorrow.", file=sys.stderr)
            return 1
        asyncio.run(seal_all(bank))
    for owner, amount in sorted(settled.items()):
        print(f"{owner}  {amount.wire}")
    return 0
