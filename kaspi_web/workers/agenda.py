"""What every worker will take up until a moment."""

from __future__ import annotations

from datetime import datetime

from kaspi_web.domain.bills import payments
from kaspi_web.domain.sms import outbox
from kaspi_web.domain.terminals import kiosk, topups
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.due import Due

_WORKERS = {"sms": outbox.due, "bills": payments.due, "topups": topups.due, "kiosk": kiosk.due}


async def agenda(bank: Bank, *, until: datetime) -> dict[str, list[Due]]:
    """What is due until then by worker, oldest first, a hundred of each at most.

    Each thing is due by its own clock: late top-ups by the bank's, everything else in real time.
    """
    return {name: await bank.db.read(due, until=until) for name, due in _WORKERS.items()}
