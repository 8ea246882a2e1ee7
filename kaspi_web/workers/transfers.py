"""Transfers that come to an end by themselves: undoing ends, nobody opened a wallet, nobody answered a request."""

from __future__ import annotations

import logging

from kaspi_web.domain.transfers import due
from kaspi_web.kernel.bank import Bank

log = logging.getLogger(__name__)


async def settle_due(bank: Bank) -> int:
    """Settle what is due, each in a unit of its own; answers how many were settled."""
    settled = 0
    for subject in await bank.db.read(due.due_now):
        try:
            await bank.db.write(due.settle, subject=subject)
            settled += 1
        except Exception as trouble:
            # One that cannot be settled holds up nobody else, and is looked at again in a second.
            log.error("settling %s had trouble: %s", subject, type(trouble).__name__)
    return settled
