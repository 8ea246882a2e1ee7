"""Top-ups that were accepted earlier and arrive now."""

from __future__ import annotations

from kaspi_web.domain.terminals import topups
from kaspi_web.kernel.bank import Bank


async def credit_due(bank: Bank) -> int:
    """Credit what has arrived; answers how many. While nothing has, nothing is written."""
    if not await bank.db.read(topups.has_due):
        return 0
    return await bank.db.write(topups.credit_due)
