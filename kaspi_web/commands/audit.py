"""The word `audit`: whether every account agrees with its postings."""

from __future__ import annotations

from contextlib import closing

from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings


def audit(settings: Settings) -> int:
    """Print what was found; 1 when anything disagrees."""
    from kaspi_web.domain.ledger.audit import run_audit

    with closing(Bank.open(settings)) as bank:
        report = run_audit(bank)
    for line in report.lines():
        print(line)
    return 0 if report.is_clean else 1
