"""The word `settle`: pay billers what was collected for them on a day."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta

from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings


def settle(settings: Settings, day: date | None) -> int:
    """Settle `day`, or the day before today."""
    from kaspi_web.domain.settlements.service import settle_day

    with closing(Bank.open(settings)) as bank:
        settled = bank.db.write_now(settle_day, day=day or bank.clock.today() - timedelta(days=1))
    for owner, amount in sorted(settled.items()):
        print(f"{owner}  {amount.wire}")
    return 0
