"""Our own terminals' cash: paid to the wallet over /osmp, like any network's, until the last word."""

from __future__ import annotations

import asyncio
import logging

from kaspi_web.domain.terminals import kiosk
from kaspi_web.gateways.networks import Networks
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.osmp import Result, is_final_refusal
from kaspi_web.workers.desk import Desk

log = logging.getLogger(__name__)

AT_ONCE = 8
_STATES = {Result.OK: "paid", Result.UNFINISHED: "on_way"}


class KioskDesk:
    """Pays visits without waiting for one another."""

    def __init__(self, bank: Bank, networks: Networks) -> None:
        self._bank, self._networks = bank, networks
        self._desk = Desk(most=AT_ONCE, each=AT_ONCE, freed=lambda: bank.news.tell([kiosk.JOB]))

    async def start_due(self) -> int:
        """Start paying the visits that are due, as far as there is room; answers how many were started."""
        room = self._desk.room()
        if not room or not await self._bank.db.read(kiosk.has_due):
            return 0
        due = await self._bank.db.write(kiosk.claim_due, most=room)
        for visit in due:
            self._desk.start(visit.network, _pay(self._bank, self._networks, visit))
        return len(due)

    async def end(self) -> None:
        """Let go: a visit without an answer is paid by the next worker, under the same number."""
        await self._desk.end()


async def pay_due(bank: Bank, networks: Networks) -> int:
    """Pay visits that are due and wait for every answer; answers how many were taken."""
    due = await bank.db.write(kiosk.claim_due)
    await asyncio.gather(*(_pay(bank, networks, visit) for visit in due))
    return len(due)


async def _pay(bank: Bank, networks: Networks, visit: kiosk.Visit) -> None:
    try:
        result, state = await _answer(networks, visit)
        await bank.db.write(kiosk.settle, visit_id=visit.id, result=result, state=state)
    except Exception as trouble:
        # The lease ends by itself, and then the visit is paid again; the text may hold a number, the class does not.
        log.error("paying the cash of visit %s had trouble: %s", visit.id, type(trouble).__name__)


async def _answer(networks: Networks, visit: kiosk.Visit) -> tuple[int, str]:
    extra = {"trm_id": visit.terminal}
    try:
        answer = await networks.of(visit.network).pay(
            visit.txn_id, visit.phone, visit.inserted, visit.started_at, extra
        )
    except Unknown:
        return -1, "paying"
    state = _STATES.get(Result(answer.result)) if answer.result in list(Result) else None
    return answer.result, state or ("refused" if is_final_refusal(answer.result) else "paying")
