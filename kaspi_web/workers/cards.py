"""Asking the card processor: charges, refunds and payouts that are due, and the answers passed to their streets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from kaspi_web.domain.cards import charges, jobs, payouts, refunds
from kaspi_web.domain.cards.charges import ChargeJob
from kaspi_web.domain.cards.jobs import JOB
from kaspi_web.domain.cards.payouts import PayoutJob
from kaspi_web.domain.cards.refunds import RefundJob
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.gateways.processor import Processor, ProcessorUnknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.processing import Charged
from kaspi_web.workers.desk import Desk

log = logging.getLogger(__name__)

AT_ONCE = 12
AT_ONE_KIND = 6
"""Payouts and refunds never wait for charges whose bank is silent, nor the other way round."""


class CardsDesk:
    """Asks without waiting for the answers."""

    def __init__(self, bank: Bank, processor: Processor) -> None:
        self._bank, self._processor = bank, processor
        self._desk = Desk(most=AT_ONCE, each=AT_ONE_KIND, freed=lambda: bank.news.tell([JOB]))
        self._asked: dict[str, set[int]] = {kind: set() for kind in _KINDS}

    async def start_due(self) -> int:
        """Start asking for what is due, as far as there is room; answers how many were started."""
        started = 0
        for kind in await self._bank.db.read(jobs.kinds_due):
            room = self._desk.room(kind)
            if room > 0:
                started += await self._start(kind, room)
        return started

    async def _start(self, kind: str, room: int) -> int:
        claim, _, _ = _KINDS[kind]
        claimed = await self._bank.db.write(claim, most=room)
        for job in claimed:
            self._desk.start(kind, self._ask(kind, job))
        return len(claimed)

    async def _ask(self, kind: str, job: Any) -> None:
        self._asked[kind].add(job.id)
        await _ask(self._bank, self._processor, kind, job)
        self._asked[kind].discard(job.id)

    async def end(self) -> None:
        """Let go: what has no answer yet is free for the next worker, under the same key."""
        await self._desk.end()
        for kind, (_, _, hand_back) in _KINDS.items():
            if self._asked[kind]:
                await self._bank.db.write(hand_back, sorted(self._asked[kind]))


async def ask_due(bank: Bank, processor: Processor) -> int:
    """Ask for everything that is due and wait for every answer; answers how many were taken."""
    asked = 0
    for kind, (claim, _, _) in _KINDS.items():
        jobs = await bank.db.write(claim)
        await asyncio.gather(*(_ask(bank, processor, kind, job) for job in jobs))
        asked += len(jobs)
    return asked


async def _ask(bank: Bank, processor: Processor, kind: str, job: Any) -> None:
    _, ask, _ = _KINDS[kind]
    try:
        await ask(bank, processor, job)
    except ProcessorUnknown as unknown:
        await _leave(bank, kind, job.id, unknown.reason)
    except Exception as trouble:
        # The text of the exception may hold what was asked; its class does not.
        log.error("asking for %s %s had trouble: %s", kind, job.id, type(trouble).__name__)
        await _leave(bank, kind, job.id, "trouble")


async def _leave(bank: Bank, kind: str, number: int, word: str) -> None:
    try:
        await bank.db.write(_LEFT[kind], number, word)
    except Exception as trouble:
        # The lease ends by itself, and then the processor is asked again.
        log.error("%s %s could not be put off: %s", kind, number, type(trouble).__name__)


async def _ask_charge(bank: Bank, processor: Processor, job: ChargeJob) -> None:
    answer = await _charge(processor, job)
    bank.faults.at(f"charging.{job.deed}.answered")
    await bank.db.write(sagas.charge_answered, charge_id=job.id, answer=answer)


async def _charge(processor: Processor, job: ChargeJob) -> Charged:
    if job.deed == "authorise":
        about = {"phone": job.phone, "language": job.language, "payee": job.payee}
        return await processor.authorise(job.key, job.token, job.amount, **about)
    ask: dict[str, Callable[[str], Awaitable[Charged]]] = {
        "look": processor.charge,
        "capture": processor.capture,
        "void": processor.void,
    }
    return await ask[job.deed](job.key)


async def _ask_refund(bank: Bank, processor: Processor, job: RefundJob) -> None:
    answer = await processor.refund(job.charge_key, job.key, job.amount)
    bank.faults.at("charging.refund.answered")
    await bank.db.write(sagas.refund_answered, refund_id=job.id, answer=answer)


async def _ask_payout(bank: Bank, processor: Processor, job: PayoutJob) -> None:
    answer = await processor.payout(job.key, job.token, job.amount)
    bank.faults.at("charging.payout.answered")
    await bank.db.write(sagas.payout_answered, payout_id=job.id, answer=answer)


_KINDS: dict[str, tuple[Any, Callable[[Bank, Processor, Any], Awaitable[None]], Any]] = {
    "charge": (charges.claim, _ask_charge, lambda unit, ids: charges.hand_back(unit, charge_ids=ids)),
    "refund": (refunds.claim, _ask_refund, lambda unit, ids: refunds.hand_back(unit, refund_ids=ids)),
    "payout": (payouts.claim, _ask_payout, lambda unit, ids: payouts.hand_back(unit, payout_ids=ids)),
}
"""For each kind: how jobs are claimed, asked, and handed back."""

_LEFT: dict[str, Any] = {
    "charge": lambda unit, number, word: sagas.charge_unknown(unit, charge_id=number, word=word),
    "refund": lambda unit, number, word: refunds.unknown(unit, refund_id=number, word=word),
    "payout": lambda unit, number, word: payouts.unknown(unit, payout_id=number, word=word),
}
