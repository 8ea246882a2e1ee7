"""Every loop of one process, started together and ended together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from kaspi_web.domain.bills import asking
from kaspi_web.domain.cards import jobs as card_jobs
from kaspi_web.domain.identity import requests
from kaspi_web.domain.sms import outbox
from kaspi_web.gateways.billers import Billers
from kaspi_web.gateways.networks import Networks
from kaspi_web.gateways.processor import Processor
from kaspi_web.gateways.register import Register
from kaspi_web.gateways.sms import gateway_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.workers import bills, cards, checkout, identity, kiosk, loans, orders, seals, sms, topups, transfers
from kaspi_web.workers.loop import keep_doing


@contextlib.asynccontextmanager
async def crew(bank: Bank) -> AsyncIterator[None]:
    """Work until the block ends: send SMS, ask billers, credit late top-ups, seal entries, pay terminals' cash."""
    await _take_over(bank)
    billers, networks, carrier = Billers(bank.settings), Networks(bank), gateway_of(bank)
    register = Register(bank)
    asking, paying = bills.BillsDesk(bank, billers), kiosk.KioskDesk(bank, networks)
    processor = Processor(bank)
    charging = cards.CardsDesk(bank, processor)
    loops = {
        "sms": lambda: sms.deliver(bank, carrier),
        "bills": asking.start_due,
        "cards": charging.start_due,
        "checkout": lambda: checkout.settle_due(bank),
        "topups": lambda: topups.credit_due(bank),
        "transfers": lambda: transfers.settle_due(bank),
        "loans": lambda: loans.run_due(bank),
        "orders": lambda: orders.settle_due(bank),
        "seals": seals.Sealer(bank).seal_due,
    }
    if bank.settings.demo:
        loops["kiosk"] = paying.start_due
        loops["identity"] = lambda: identity.order_due(bank, register)
    tasks = [asyncio.create_task(keep_doing(bank, name, work), name=name) for name, work in loops.items()]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(asking.end(), paying.end(), charging.end(), return_exceptions=True)
        await seals.seal_all(bank)
        await billers.aclose()
        await networks.aclose()
        await register.aclose()
        await processor.aclose()


async def _take_over(bank: Bank) -> None:
    """On SQLite a server works alone (see kernel/serving.py), so whoever had leased anything is dead: nobody waits."""
    if bank.db.engine.dialect.name == "sqlite":
        await bank.db.write(asking.end_leases)
        await bank.db.write(outbox.end_leases)
        await bank.db.write(requests.end_leases)
        await bank.db.write(card_jobs.end_leases)
