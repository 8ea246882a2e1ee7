"""From what was filled in to an intent that its biller has answered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from kaspi_web.domain.bills import billers, intents
from kaspi_web.gateways.billers import Billers, BillerSilent, debt_of
from kaspi_web.gateways.osmp_client import Unknown
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.ui.session import bank


async def ask(customer_id: int, *, slug: str, way: str, typed: Mapping[str, str]) -> str:
    """The address of an intent, once the biller answered; the intent is made first, so that asking is counted.

    Raises NotFound, WayUnknown, BadAccount, IinNeeded, Busy, AccountUnknown, BillerRefused or BillerSilent.
    """
    db = bank().db
    of = await db.read(billers.biller, slug=slug)
    given = billers.filled(typed, of=of, way=way)
    made = await db.write(
        intents.issue, customer_id=customer_id, slug=slug, account=given.account, way=given.way, extra=given.extra
    )
    question = await db.read(intents.question, customer_id=customer_id, intent_id=made.id)
    debt = await _debt(question)
    await db.write(intents.answered, customer_id=customer_id, intent_id=made.id, debt=debt)
    return made.id


async def _debt(question: intents.Question) -> Debt:
    doors = Billers(bank().settings)
    try:
        biller, number = doors.at(question.address, question.dialect), 10**17 + secrets.randbelow(9 * 10**17)
        return debt_of(await biller.check(number, question.account, extra=question.extra, secret=question.is_secret))
    except Unknown:
        raise BillerSilent from None
    finally:
        await doors.aclose()
