"""`pay` over a real websocket beside a handler that does nothing: the same pages, the same gate, the same server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from bench.figures import Plan, middle_ms
from bench.measure import Round
from bench.noop import BenchState
from bench.pages import AMOUNT, Served, Sitter, served
from bench.report import Report
from bench.stage import MoneyLost
from kaspi_web.ui.payments.intent import IntentState
from tests.wire import Page

_AT_LEAST_S = 0.05
"""A page calls twenty times a second at most: the gate throttles a browser that sends more than forty."""
_MOST_A_SECOND = 400
"""More payments than any server here makes: as many intents are laid out."""


class Tab:
    """One signed-in browser with its page open."""

    def __init__(self, page: Page, sitter: Sitter) -> None:
        self._page, self._intents = page, sitter.intents

    async def nothing(self) -> None:
        """Call the handler that does nothing."""
        await self._page.call(BenchState.nothing)

    async def pay(self) -> None:
        """Press Pay on an intent that nobody has paid."""
        self._page.path = _address(self._intents.pop())
        await self._page.call(IntentState.pay)

    def close(self) -> None:
        """Close the page."""
        self._page.close()


def over_the_wire(report: Report, plan: Plan, folder: Path, *, commit_ms: float) -> None:
    """Print and judge `pay` beside the no-op at each number of sessions."""
    report.headline("`pay` over a real websocket, beside a handler that does nothing")
    with served(folder, intents=[_intents(plan, number) for number in range(max(plan.sessions))]) as server:
        rounds = asyncio.run(_all(server, plan))
    for many, pair in rounds.items():
        name = f"{many} sessions"
        report.compared("websocket", name, pair, to="no-op")
        p95 = {who: middle_ms(done, 95) for who, done in pair.items()}
        most = 1.5 * p95["no-op"] + commit_ms
        report.aim(f"`pay`, {name}: p95 in ms, beside 1.5 x no-op + a commit", p95["pay"], most=round(most, 1))


def _intents(plan: Plan, number: int) -> int:
    rates = [min(1 / _AT_LEAST_S, _MOST_A_SECOND / many) for many in plan.sessions if many > number]
    return 5 + int(sum(rates) * plan.rounds * (plan.session_seconds + 1))


async def _all(server: Served, plan: Plan) -> dict[int, dict[str, list[Round]]]:
    tabs = await _open(server)
    try:
        found = {}
        for many in plan.sessions:
            pair: dict[str, list[Round]] = {"no-op": [], "pay": []}
            for _ in range(plan.rounds):
                pair["no-op"].append(await _round([tab.nothing for tab in tabs[:many]], plan.session_seconds))
                pair["pay"].append(await _paid(server, tabs[:many], plan.session_seconds))
            found[many] = pair
        return found
    finally:
        for tab in tabs:
            tab.close()


async def _open(server: Served) -> list[Tab]:
    tabs = []
    for sitter in server.sitters:
        page = await Page.open(server.url, _address(sitter.intents[-1]), cookie=f"sid={sitter.cookie}")
        await page.call(IntentState.propose, {"amount": AMOUNT.wire, "source": "wallet"})
        tabs.append(tab := Tab(page, sitter))
        await tab.nothing()
        await tab.pay()
    await asyncio.to_thread(server.wait_for_billers)
    return tabs


async def _paid(server: Served, tabs: Sequence[Tab], seconds: float) -> Round:
    before = server.payments()
    done = await _round([tab.pay for tab in tabs], seconds)
    if (made := server.payments() - before) != done.acknowledged:
        raise MoneyLost(f"{done.acknowledged} payments were acknowledged and {made} were made")
    await asyncio.to_thread(server.wait_for_billers)
    return done


async def _round(calls: Sequence[Callable[[], Awaitable[None]]], seconds: float) -> Round:
    done, deadline = Round(len(calls), seconds), time.perf_counter() + seconds

    async def sit(caller: int) -> None:
        # Not all in the same moment.
        await asyncio.sleep(_AT_LEAST_S * caller / len(calls))
        while (started := time.perf_counter()) < deadline:
            await calls[caller]()
            done.note(caller, started, deadline)
            await asyncio.sleep(max(0.0, started + _AT_LEAST_S - time.perf_counter()))

    await asyncio.gather(*map(sit, range(len(calls))))
    return done


def _address(intent: str) -> str:
    return f"/kk/payments/i/{intent}"
