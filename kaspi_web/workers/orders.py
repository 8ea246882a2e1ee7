"""Orders that nobody handed over in time, and returns that nobody answered or received, end by themselves."""

from __future__ import annotations

import logging
from collections.abc import Awaitable

from kaspi_web.domain.orders import due, giving_back, returns
from kaspi_web.kernel.bank import Bank

log = logging.getLogger(__name__)
_OF_RETURNS = (
    (due.silent_now, returns.approve_unanswered),
    (due.unreceived_now, giving_back.settle_unreceived),
)


async def settle_due(bank: Bank) -> int:
    """Settle what is due, each in a unit of its own; answers how many there were."""
    settled = 0
    for order_id in await bank.db.read(due.due_now):
        settled += await _tried(f"order {order_id}", bank.db.write(due.settle, order_id=order_id))
    for found, deed in _OF_RETURNS:
        for return_id in await bank.db.read(found):
            settled += await _tried(f"return {return_id}", bank.db.write(deed, return_id=return_id))
    return settled


async def _tried(what: str, deed: Awaitable[bool]) -> bool:
    """One that cannot be settled holds up nobody else, and is looked at again in a second."""
    try:
        return await deed
    except Exception as trouble:
        log.error("settling %s had trouble: %s", what, type(trouble).__name__)
        return False
