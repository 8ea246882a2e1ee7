"""What callers of a crowd do with plans; see callers.py."""

from __future__ import annotations

from typing import Any

from kaspi_web.domain.loans import due, repaying, service
from kaspi_web.kernel.money import Money
from tests.make import plans

Write = Any


async def lends(write: Write, number: int, *, owner: int, amount: Money, run: int = 0) -> int:
    """Set a part of RED's limit aside for an order of one's own."""
    subject = f"race:{run}:{number}"
    this = {"customer_id": owner, "kind": "red", "months": 3, "amount": amount, "subject": subject}
    return await write(service.reserve, **this)


async def repays(write: Write, number: int, *, owner: int, plan: str, amount: Money, keys: int) -> str:
    """Repay early, with one of so many keys: equal keys are one tap."""
    key = f"tap-{number % keys}"
    return (await write(repaying.pay_early, customer_id=owner, plan=plan, key=key, amount=amount)).id


async def works(write: Write, number: int, *, steps: list[tuple[int, str]]) -> tuple[int, str, bool]:
    """Do a step of a bill that everybody has seen to be due."""
    bill_id, step = steps[number % len(steps)]
    return bill_id, step, await write(due.run, bill_id=bill_id, step=step)


async def repays_returns_or_works(
    write: Write, number: int, *, owner: int, loans: list[int], steps: list[tuple[int, str]], amount: Money
) -> str:
    """Repay, give goods of a plan back, or do a due step: opposite ways through the same rows."""
    if number % 3 == 0:
        await write(repaying.pay_early, customer_id=owner, plan="red", key=f"early-{number}", amount=amount)
        return "repaid"
    if number % 3 == 1:
        loan_id = loans[number // 3 % len(loans)]
        await write(plans.give_back_in, loan_id=loan_id, amount=amount)
        return "returned"
    bill_id, step = steps[number // 3 % len(steps)]
    return "worked" if await write(due.run, bill_id=bill_id, step=step) else "seen"
