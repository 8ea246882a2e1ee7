"""What every worker will take up until a moment."""

from __future__ import annotations

from datetime import datetime

from kaspi_web.domain.bills import asking
from kaspi_web.domain.cards import jobs as card_jobs
from kaspi_web.domain.checkout import expiring
from kaspi_web.domain.identity import requests
from kaspi_web.domain.loans import due as loans_due
from kaspi_web.domain.orders import due as orders_due
from kaspi_web.domain.sms import outbox
from kaspi_web.domain.terminals import kiosk, topups
from kaspi_web.domain.transfers import due as transfers_due
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.due import Due

_WORKERS = {
    "sms": outbox.due,
    "bills": asking.due,
    "cards": card_jobs.due,
    "checkout": expiring.due,
    "topups": topups.due,
    "transfers": transfers_due.due,
    "loans": loans_due.due,
    "orders": orders_due.due,
    "kiosk": kiosk.due,
    "identity": requests.due,
}


async def agenda(bank: Bank, *, until: datetime) -> dict[str, list[Due]]:
    """What is due until then by worker, oldest first, a hundred of each at most.

    Each thing is due by its own clock: late top-ups, waiting transfers, requests to return one, orders and bills of
    plans by the bank's, everything else in real time.
    """
    return {name: await bank.db.read(due, until=until) for name, due in _WORKERS.items()}
