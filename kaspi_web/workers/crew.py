"""Every loop of one process, started together and ended together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from kaspi_web.domain.bills import payments
from kaspi_web.domain.sms import outbox
from kaspi_web.domain.terminals import topups
from kaspi_web.gateways.billers import Billers
from kaspi_web.gateways.networks import Networks
from kaspi_web.gateways.sms import gateway_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.workers import bills, kiosk, seals, sms
from kaspi_web.workers.loop import keep_doing


@contextlib.asynccontextmanager
async def crew(bank: Bank) -> AsyncIterator[None]:
    """Work until the block ends: send SMS, ask billers, credit late top-ups, seal entries, pay terminals' cash."""
    await _take_over(bank)
    billers, networks, carrier = Billers(bank.settings), Networks(bank), gateway_of(bank)
    asking, paying = bills.BillsDesk(bank, billers), kiosk.KioskDesk(bank, networks)
    loops = {
        "sms": lambda: sms.deliver(bank, carrier),
        "bills": asking.start_due,
        "topups": lambda: bank.db.write(topups.credit_due),
        "seals": seals.Sealer(bank).seal_due,
    }
    if bank.settings.demo:
        loops["kiosk"] = paying.start_due
    tasks = [asyncio.create_task(keep_doing(bank, name, work), name=name) for name, work in loops.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(asking.end(), paying.end(), return_exceptions=True)
        await seals.seal_all(bank)
        await billers.aclose()
        await networks.aclose()


async def _take_over(bank: Bank) -> None:
    """On SQLite a server works alone (see kernel/serving.py), so whoever had leased anything is dead: nobody waits."""
    if bank.db.engine.dialect.name == "sqlite":
        await bank.db.write(payments.end_leases)
        await bank.db.write(outbox.end_leases)
