"""Asking billers: claimed payments are paid over the protocol, and the answer is written down."""

from __future__ import annotations

import asyncio

from kaspi_web.domain.bills import payments
from kaspi_web.gateways.billers import Billers
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.osmp import Answer, Result, is_final_refusal


async def ask_due(bank: Bank, billers: Billers) -> int:
    """Ask for every payment that is due; answers how many were taken."""
    due = await bank.db.write(payments.claim)
    await asyncio.gather(*(_ask(bank, billers, each) for each in due))
    return len(due)


async def _ask(bank: Bank, billers: Billers, due: payments.Asking) -> None:
    try:
        answer = await billers.at(due.address).pay(due.txn_id, due.account, due.amount, due.started_at)
    except Unknown as unknown:
        await bank.db.write(payments.unknown, payment_id=due.id, word=unknown.reason[:24])
        return
    bank.faults.at("bills.answered")
    await _write_down(bank, due.id, answer)


async def _write_down(bank: Bank, payment_id: int, answer: Answer) -> None:
    if answer.result == Result.OK:
        await bank.db.write(payments.accepted, payment_id=payment_id, biller_txn=answer.prv_txn)
    elif is_final_refusal(answer.result):
        await bank.db.write(payments.refused, payment_id=payment_id, word=str(answer.result))
    else:
        await bank.db.write(payments.unknown, payment_id=payment_id, word=str(answer.result))
