"""The comparisons: who runs beside whom, for how long, and what each is meant to reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from bench import hordak
from bench.measure import Round
from bench.report import Report
from bench.transfers import bare_postgres, bare_sqlite, ours
from kaspi_web.kernel.bank import Bank


class Plan(NamedTuple):
    """How long and how often; the histories that are laid, the least first."""

    rounds: int
    seconds: float
    histories: tuple[int, ...]
    sessions: tuple[int, ...]
    """How many pages hold a websocket."""
    session_seconds: float


FULL = Plan(rounds=5, seconds=1.5, histories=(100, 10_000, 1_000_000), sessions=(1, 50, 200), session_seconds=3.0)
QUICK = Plan(rounds=2, seconds=0.4, histories=(100, 20_000), sessions=(1, 20), session_seconds=0.8)

Banks = Mapping[int, tuple[Bank, Sequence[int]]]
"""Banks and their wallets by the number of postings that they began with."""


def interleaved(rounds: int, contenders: Mapping[str, Callable[[], Round]]) -> dict[str, list[Round]]:
    """Run each contender in turn, over and over: whatever else the machine does meets all alike."""
    done: dict[str, list[Round]] = {name: [] for name in contenders}
    for run in contenders.values():
        run()
    for _ in range(rounds):
        for name, run in contenders.items():
            done[name].append(run())
    return done


def on_sqlite(report: Report, plan: Plan, banks: Banks) -> float:
    """Ours beside the bare loop; answers what one commit takes, in milliseconds."""
    report.headline("checked durable transfers on SQLite, beside a bare sqlite3 loop that commits each")
    bank, accounts = banks[plan.histories[0]]
    commit = float("nan")
    for callers in (1, 8, 64, 256):
        rounds = interleaved(
            plan.rounds,
            {
                "bare": lambda: bare_sqlite(bank, accounts, seconds=plan.seconds),
                "ours": lambda n=callers: ours(bank, accounts, callers=n, seconds=plan.seconds),
            },
        )
        name = f"{callers} callers"
        times = report.compared("sqlite", name, rounds, to="bare")["ours"]
        commit = middle_ms(rounds["bare"], 50)
        if callers == 64:
            report.aim(f"SQLite, {name}: times the bare loop", times.median, least=1.0)
            report.aim(f"SQLite, {name}: p99 in ms", middle_ms(rounds["ours"], 99), most=40)
            served = median(each.least_served for each in rounds["ours"])
            report.aim(f"SQLite, {name}: least served of the mean", served, least=0.9)
    return commit


def on_postgres(report: Report, plan: Plan, banks: Banks) -> None:
    """Ours beside bare psycopg."""
    report.headline("the same on PostgreSQL, beside bare psycopg with a thread and a connection for each caller")
    bank, accounts = banks[plan.histories[0]]
    for callers in (1, 8, 16, 64):
        rounds = interleaved(
            plan.rounds,
            {
                "bare": lambda n=callers: bare_postgres(bank, accounts, callers=n, seconds=plan.seconds),
                "ours": lambda n=callers: ours(bank, accounts, callers=n, seconds=plan.seconds),
            },
        )
        times = report.compared("postgresql", f"{callers} callers", rounds, to="bare")["ours"]
        if callers == 16:
            report.aim("PostgreSQL, 16 callers: times bare psycopg", times.median, least=0.6)


def over_history(report: Report, plan: Plan, banks: Banks, *, where: str) -> None:
    """Ours with the shortest history beside ours with the longest."""
    report.headline(f"ours at 64 callers on {where}, with a short and with a long history")
    short, long = plan.histories[0], plan.histories[-1]
    rounds = interleaved(
        plan.rounds + 1,
        {f"after {many:_}": lambda m=many: ours(*banks[m], callers=64, seconds=plan.seconds) for many in (short, long)},
    )
    (times,) = report.compared("history", where, rounds, to=f"after {short:_}").values()
    report.aim(f"{where}: after {long:_} postings, of the speed after {short:_}", times.median, least=0.9)


def beside_hordak(report: Report, plan: Plan, sqlite: Banks, postgres: Banks) -> None:
    """django-hordak with locks and balance check beside ours, with equal histories."""
    report.headline("beside django-hordak on the same PostgreSQL, with row locks and balance check")
    for many in plan.histories:
        accounts = hordak.furnish(postings=many)
        for callers in (1, 8):
            rounds = interleaved(
                plan.rounds,
                {
                    "hordak": lambda n=callers, a=accounts: hordak.theirs(a, callers=n, seconds=plan.seconds),
                    "ours": lambda n=callers, m=many: ours(*postgres[m], callers=n, seconds=plan.seconds),
                    "ours, SQLite": lambda n=callers, m=many: ours(*sqlite[m], callers=n, seconds=plan.seconds),
                },
            )
            name = f"{many:_} postings, {callers} callers"
            for contender, times in report.compared("hordak", name, rounds, to="hordak").items():
                where = "SQLite" if "SQLite" in contender else "PostgreSQL"
                report.aim(f"on {where}, {name}: times hordak", times.median, least=10)


def middle_ms(rounds: Sequence[Round], percent: float) -> float:
    """The median over the rounds of a percentile of their latencies."""
    return median(each.percentile_ms(percent) for each in rounds)
