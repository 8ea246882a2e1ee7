"""The word `services`: data files become rows of the bank, and so do limits on transfers and terms of lending."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from kaspi_web.kernel.bank import Bank
from kaspi_web.settings import Settings


def load(settings: Settings, folder: Path | None) -> int:
    """Read `folder`, or what this installation has; rows that are there take over what the files say."""
    from kaspi_web import loan_terms, service_files, transfer_limits

    found = service_files.read([folder] if folder else service_files.folders(settings))
    if not folder and not settings.demo:
        # An address without a host is the simulated biller's, which only a demo has.
        found.services = {slug: row for slug, row in found.services.items() if "://" in row["address"]}
    limits, lending = transfer_limits.read(), loan_terms.read()
    with closing(Bank.open(settings)) as bank:
        written = bank.db.write_now(service_files.save, found=found, replace=True)
        bank.db.write_now(transfer_limits.save, found=limits)
        bank.db.write_now(loan_terms.save, found=lending)
    print(f"Services: {written}. Rules about bonuses: {len(found.rules)}. Holidays: {len(found.holidays)}.")
    return 0
