"""Checkouts that come to an end by themselves: pieces set aside for too long, contracts that nobody has signed."""

from __future__ import annotations

import logging

from kaspi_web.domain.checkout import expiring
from kaspi_web.kernel.bank import Bank

log = logging.getLogger(__name__)


async def settle_due(bank: Bank) -> int:
    """Settle what is over, each in a unit of its own; answers how many were settled."""
    settled = 0
    for subject in await bank.db.read(expiring.due_now):
        try:
            await bank.db.write(expiring.settle, subject=subject)
            settled += 1
        except Exception as trouble:
            # One that cannot be settled holds up nobody else, and is looked at again in a second.
            log.error("settling %s had trouble: %s", subject, type(trouble).__name__)
    return settled
