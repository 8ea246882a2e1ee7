"""The field of a race: a bank, the crowd that it takes, and what is to be counted afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any, ClassVar

from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import real_now
from tests.make.ledger import assert_clean, sql
from tests.races.crowd import CALLERS, PROCESSES, Caller, Crowd, Outcome, race


@dataclass(frozen=True, slots=True)
class Figures:
    """What a race was like; `deadlocks` are those that PostgreSQL has seen."""

    HEAD: ClassVar[str] = f"{'database':<12}{'callers':>8}{'done':>6}{'retries':>8}{'deadlocks':>10}  race: refusals"

    name: str
    database: str
    callers: int
    succeeded: int
    refusals: Counter[str]
    retries: int
    deadlocks: int

    def line(self) -> str:
        """One row of the table."""
        refused = ", ".join(f"{name} {count}" for name, count in sorted(self.refusals.items())) or "none"
        numbers = f"{self.callers:>8}{self.succeeded:>6}{self.retries:>8}{self.deadlocks:>10}"
        return f"{self.database:<12}{numbers}  {self.name}: {refused}"


class Field:
    """Where `race` lets 64 callers (SQLite) or 64 in each of four processes (PostgreSQL) call at once."""

    def __init__(self, bank: Bank, crowd: Crowd | None) -> None:
        self.bank, self._crowd = bank, crowd
        self.size = CALLERS * (PROCESSES if crowd else 1)
        self._outcomes: list[Outcome] = []
        self._deadlocks = self._deadlocks_so_far()

    def race(self, caller: Caller, **given: Any) -> Outcome:
        """Let everybody call once; afterwards the audit is clean, and no two callers have locked each other out."""
        if self._crowd:
            real = real_now()
            outcome = self._crowd.race(self.bank.settings, caller, given, ahead=self.bank.clock.now() - real)
        else:
            outcome = asyncio.run(race(self.bank, caller, given, 0, _at_once))
        assert len(outcome.heard) == self.size
        self._outcomes.append(outcome)
        assert_clean(self.bank)
        # A deadlock that a retry heals is still a lock taken in the wrong order. SQLite may run a group again.
        assert self.deadlocks == 0
        assert not self._crowd or outcome.retries == 0
        return outcome

    @property
    def deadlocks(self) -> int:
        """How many deadlocks PostgreSQL has seen in this race."""
        return self._deadlocks_so_far() - self._deadlocks

    def _deadlocks_so_far(self) -> int:
        if not self._crowd:
            return 0
        sql(self.bank, "SELECT pg_stat_force_next_flush()")
        return sql(self.bank, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0]

    def figures(self, name: str) -> Figures:
        """What all races on this field were like together."""
        refusals = Counter[str]()
        for each in self._outcomes:
            refusals += each.refusals
        return Figures(
            name,
            self.bank.db.engine.dialect.name,
            sum(len(each.heard) for each in self._outcomes),
            sum(len(each.answers) for each in self._outcomes),
            refusals,
            sum(each.retries for each in self._outcomes),
            self.deadlocks,
        )


def _at_once() -> None:
    """On one loop nobody has to be waited for."""
