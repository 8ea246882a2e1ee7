"""A demo's identity cards: the register is asked for one for every new customer, until it has answered."""

from __future__ import annotations

import logging

from kaspi_web.domain.identity import requests
from kaspi_web.gateways.register import Register, RegisterSilent
from kaspi_web.kernel.bank import Bank

log = logging.getLogger(__name__)

_MOST = 20


async def order_due(bank: Bank, register: Register) -> int:
    """Hand over what is due, one after another, so that the lease is each one's own; answers how many were taken."""
    taken = 0
    if not await bank.db.read(requests.has_due):
        return 0
    while taken < _MOST and (claimed := await bank.db.write(requests.claim, most=1)):
        (order,), taken = claimed, taken + 1
        try:
            await register.issue(order.reference, order.phone, order.person)
        except RegisterSilent:
            log.info("identity request %s was not answered", order.id)
            await bank.db.write(requests.put_off, order_id=order.id)
            continue
        bank.faults.at("register.answered")
        await bank.db.write(requests.done, order_id=order.id)
    return taken
