"""Our own terminals' cash: paid to the wallet over /osmp, like any network's, until the last word."""

from __future__ import annotations

from kaspi_web.domain.terminals import kiosk
from kaspi_web.gateways.networks import Networks
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.osmp import Result, is_final_refusal

_STATES = {Result.OK: "paid", Result.UNFINISHED: "on_way"}


async def pay_due(bank: Bank, networks: Networks) -> int:
    """Pay the visits that are due; answers how many were taken."""
    due = await bank.db.write(kiosk.claim_due)
    for visit in due:
        await _pay(bank, networks, visit)
    return len(due)


async def _pay(bank: Bank, networks: Networks, visit: kiosk.Visit) -> None:
    client, extra = networks.of(visit.network), {"trm_id": visit.terminal}
    try:
        answer = await client.pay(visit.txn_id, visit.phone, visit.inserted, visit.started_at, extra)
    except Unknown:
        await bank.db.write(kiosk.settle, visit_id=visit.id, result=-1, state="paying")
        return
    state = _STATES.get(Result(answer.result)) if answer.result in list(Result) else None
    state = state or ("refused" if is_final_refusal(answer.result) else "paying")
    await bank.db.write(kiosk.settle, visit_id=visit.id, result=answer.result, state=state)
