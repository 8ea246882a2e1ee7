"""Asking billers: claimed payments are paid over the protocol, and the answer is written down."""

from __future__ import annotations

import asyncio
import logging

from kaspi_web.domain.bills import asking, outcomes
from kaspi_web.gateways.billers import Billers
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.osmp import Answer, Result, is_final_refusal
from kaspi_web.workers.desk import Desk

log = logging.getLogger(__name__)

AT_ONCE = 12
AT_ONE_BILLER = 6


class BillsDesk:
    """Asks without waiting for the answers: whoever stays silent delays nobody but its own customers."""

    def __init__(self, bank: Bank, billers: Billers) -> None:
        self._bank, self._billers = bank, billers
        self._desk = Desk(most=AT_ONCE, each=AT_ONE_BILLER, freed=lambda: bank.news.tell([asking.JOB]))
        self._asked: set[int] = set()

    async def start_due(self) -> int:
        """Start asking for what is due, as far as there is room; answers how many were started."""
        if not self._desk.room():
            return 0
        started = 0
        for address in await self._bank.db.read(asking.addresses_due):
            room = self._desk.room(address)
            if room > 0:
                started += await self._start_at(address, room)
        return started

    async def _start_at(self, address: str, room: int) -> int:
        due = await self._bank.db.write(asking.claim, most=room, address=address)
        for each in due:
            self._desk.start(address, self._ask(each))
        return len(due)

    async def _ask(self, due: asking.Asking) -> None:
        self._asked.add(due.id)
        await _ask(self._bank, self._billers, due)
        self._asked.discard(due.id)

    async def end(self) -> None:
        """Let go: what has no answer yet is free for the next worker, under the same number."""
        await self._desk.end()
        if self._asked:
            await self._bank.db.write(asking.hand_back, payment_ids=sorted(self._asked))


async def ask_due(bank: Bank, billers: Billers) -> int:
    """Ask for payments that are due and wait for every answer; answers how many were taken."""
    due = await bank.db.write(asking.claim)
    await asyncio.gather(*(_ask(bank, billers, each) for each in due))
    return len(due)


async def _ask(bank: Bank, billers: Billers, due: asking.Asking) -> None:
    try:
        await _pay(bank, billers, due)
    except Exception as trouble:
        # The text of the exception may hold an account; its class does not.
        log.error("asking for bill payment %s had trouble: %s", due.id, type(trouble).__name__)
        await _leave(bank, due)


async def _leave(bank: Bank, due: asking.Asking) -> None:
    try:
        await bank.db.write(outcomes.unknown, payment_id=due.id, word="trouble")
    except Exception as trouble:
        # The lease ends by itself, and then the biller is asked again.
        log.error("bill payment %s could not be put off: %s", due.id, type(trouble).__name__)


async def _pay(bank: Bank, billers: Billers, due: asking.Asking) -> None:
    try:
        biller = billers.at(due.address, due.dialect)
        answer = await biller.pay(due.txn_id, due.account, due.amount, due.started_at, due.extra, secret=due.is_secret)
    except Unknown as unknown:
        await bank.db.write(outcomes.unknown, payment_id=due.id, word=unknown.reason[:24])
        return
    bank.faults.at("bills.answered")
    await _write_down(bank, due.id, answer)


async def _write_down(bank: Bank, payment_id: int, answer: Answer) -> None:
    if answer.result == Result.OK:
        await bank.db.write(outcomes.accepted, payment_id=payment_id, biller_txn=answer.prv_txn)
    elif is_final_refusal(answer.result):
        await bank.db.write(outcomes.refused, payment_id=payment_id, word=str(answer.result))
    else:
        await bank.db.write(outcomes.unknown, payment_id=payment_id, word=str(answer.result))
