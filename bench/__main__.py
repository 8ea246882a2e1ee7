"""`make bench`: every figure beside what it is compared with, to the terminal and to bench/results.json."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from bench import checkouts, searches, stage
from bench.figures import FULL, QUICK, Banks, Plan, beside_hordak, on_postgres, on_sqlite, over_history
from bench.hordak import hordak
from bench.machine import facts
from bench.report import Report
from bench.wire import over_the_wire
from kaspi_web.kernel.bank import Bank


def main() -> int:
    """Measure; the exit code is 1 when money was lost on the way, whatever the aims."""
    plan = QUICK if os.environ.get("QUICK") else FULL
    with tempfile.TemporaryDirectory(prefix="bench-") as name, stage.durable_postgres() as server:
        folder = Path(name)
        report = Report(facts(folder, server))
        try:
            _measure(report, plan, folder, server)
        except stage.MoneyLost as lost:
            print(f"MONEY LOST: {lost}", file=sys.stderr)
            return 1
        report.summary()
        report.write(quick=plan is QUICK)
    return 0


def _measure(report: Report, plan: Plan, folder: Path, server: str) -> None:
    stage.prepare(server)
    report.headline(f"laying histories of {', '.join(f'{many:_}' for many in plan.histories)} postings")
    with ExitStack() as stack:
        sqlite = _banks(stack, plan, lambda many: stage.sqlite_bank(folder / f"sqlite-{many}", postings=many))
        postgres = _banks(
            stack, plan, lambda many: stage.postgres_bank(server, folder / f"postgres-{many}", postings=many)
        )
        commit_ms = on_sqlite(report, plan, sqlite)
        over_history(report, plan, sqlite, where="SQLite")
        on_postgres(report, plan, postgres)
        over_history(report, plan, postgres, where="PostgreSQL")
        with hordak(server):
            beside_hordak(report, plan, sqlite, postgres)
        for bank, _ in (*sqlite.values(), *postgres.values()):
            stage.audited(bank)
    checkouts.on_both(report, plan, folder, server)
    searches.on_both(report, plan, folder, server, sizes=searches.QUICK if plan is QUICK else searches.FULL)
    over_the_wire(report, plan, folder / "wire", commit_ms=commit_ms)


def _banks(
    stack: ExitStack, plan: Plan, make: Callable[[int], AbstractContextManager[tuple[Bank, Sequence[int]]]]
) -> Banks:
    return {many: stack.enter_context(make(many)) for many in plan.histories}


if __name__ == "__main__":
    sys.exit(main())
