"""Services as customers pay them: looked up by the form's examples, paid in full, asked for once."""

from __future__ import annotations

import asyncio
from typing import Any

from kaspi_web.domain.bills import billers, intents, payments, proposals
from kaspi_web.domain.bills.billers import BillerView
from kaspi_web.domain.bills.intents import IntentView
from kaspi_web.domain.bills.offers import Chosen, holidays
from kaspi_web.gateways.billers import Billers, debt_of
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.bill_lines import due_on
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.workers import bills
from tests.make.ledger import sql


async def _asked(bank: Bank, question: intents.Question) -> Any:
    doors = Billers(bank.settings)
    door = doors.at(question.address, question.dialect)
    try:
        return debt_of(await door.check(10**17 + 5, question.account, question.extra, secret=question.is_secret))
    finally:
        await doors.aclose()


def looked_up(bank: Bank, owner: int, of: BillerView, way: Any) -> IntentView:
    """An intent whose biller has answered, filled in with the examples of the service's form."""
    typed = {"account": way.example, **{each.name: each.example for each in of.extra}}
    given = billers.filled(typed, of=of, way=way.name)
    this = {"slug": of.slug, "account": given.account, "way": given.way, "extra": given.extra}
    made = bank.db.write_now(intents.issue, customer_id=owner, **this)
    question = bank.db.read_now(intents.question, customer_id=owner, intent_id=made.id)
    debt = asyncio.run(_asked(bank, question))
    return bank.db.write_now(intents.answered, customer_id=owner, intent_id=made.id, debt=debt)


def everything(bank: Bank, made: IntentView) -> tuple[Money | None, Chosen]:
    """All lines of an offer, or its first tariff, or the debt."""
    offer = made.offer
    if offer.menu:
        return made.biller.minimum, Chosen(service=offer.menu[0].id)
    if offer.lines:
        day, off = bank.clock.today(), bank.db.read_now(holidays)
        sums = {line.code: due_on(line, day, off) for line in offer.lines}
        return None, Chosen(lines={code: sum_ for code, sum_ in sums.items() if sum_ > ZERO})
    owed = made.debt if made.debt and made.debt > ZERO else Money.tenge(2_500)
    return max(owed, made.biller.minimum), Chosen()


def paid(bank: Bank, owner: int, made: IntentView) -> payments.PaymentView:
    """Pay everything of an intent from the wallet."""
    amount, chosen = everything(bank, made)
    this = {"customer_id": owner, "intent_id": made.id}
    agreed = bank.db.write_now(proposals.propose, amount=amount, source="wallet", chosen=chosen, **this)
    sql(bank, "UPDATE payment_intent SET confirmed_tiyn = amount_tiyn")
    return bank.db.write_now(payments.pay, amount=agreed.amount, source="wallet", number=agreed.number, **this)


def asked(bank: Bank) -> None:
    """A round of the worker that asks billers."""

    async def once() -> None:
        doors = Billers(bank.settings)
        await bills.ask_due(bank, doors)
        await doors.aclose()

    asyncio.run(once())
