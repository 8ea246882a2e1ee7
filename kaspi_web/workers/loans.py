"""Bills of plans: reminders, due days, and what follows when they are late, by the bank's clock."""

from __future__ import annotations

import logging

from kaspi_web.domain.loans import due
from kaspi_web.kernel.bank import Bank

log = logging.getLogger(__name__)


async def run_due(bank: Bank) -> int:
    """Do the steps that are due, each in a unit of its own; answers how many were done."""
    done = 0
    for bill_id, step in await bank.db.read(due.due_now):
        try:
            done += bool(await bank.db.write(due.run, bill_id=bill_id, step=step))
        except Exception as trouble:
            # One that cannot be done holds up nobody else's, and is looked at again in a second.
            log.error("the step %s of bill %s had trouble: %s", step, bill_id, type(trouble).__name__)
    return done
