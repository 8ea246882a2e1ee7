"""Orders that come to an end by themselves: nobody handed them over in time."""

from __future__ import annotations

import logging

from kaspi_web.domain.orders import due
from kaspi_web.kernel.bank import Bank

log = logging.getLogger(__name__)


async def settle_due(bank: Bank) -> int:
    """Settle the orders whose time is up, each in a unit of its own; answers how many were settled."""
    settled = 0
    for order_id in await bank.db.read(due.due_now):
        try:
            settled += await bank.db.write(due.settle, order_id=order_id)
        except Exception as trouble:
            # One that cannot be settled holds up nobody else, and is looked at again in a second.
            log.error("settling order %s had trouble: %s", order_id, type(trouble).__name__)
    return settled
