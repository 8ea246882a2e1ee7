"""A transfer paid by another bank's card, with the simulated processor behind it: its bank's code, right and wrong."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import date
from typing import Any

from kaspi_web.domain.cards import linking
from kaspi_web.domain.cards.service import CardView
from kaspi_web.gateways.processor import Processor
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import Expiry, TypedCard
from kaspi_web.kernel.money import Money
from kaspi_web.ui.transfers.transfer import TransferState as T
from kaspi_web.workers import cards
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import assert_clean, balance, wallet
from tests.make.sms import other_than
from tests.processor import CVC, OK, ProcessorProcess
from tests.ui.harness import Site, play, signed_in
from tests.workers.waiting import until


async def linked(bank: Bank, processor: ProcessorProcess, owner: int, *, phone: str = PHONE) -> CardView:
    """A card linked as the doors do it: shown, and its code typed."""
    link_id = await bank.db.write(linking.begin, customer_id=owner)
    given = {"customer_id": owner, "link_id": link_id}
    card = TypedCard(OK, Expiry(date.today().year + 1, 12), CVC)
    async with aclosing(Processor(bank)) as door:
        shown = await door.tokenise(link_id, card, phone=phone, language="kk")
        proof = {"token": shown.token, "brand": shown.brand, "last4": shown.last4}
        await bank.db.write(linking.challenged, **given, **proof)
        await door.type_code(link_id, await asyncio.to_thread(processor.code, phone))
    return await bank.db.write(linking.proved, **given)


async def asked(bank: Bank) -> None:
    async with aclosing(Processor(bank)) as door:
        await cards.ask_due(bank, door)


def test_the_code_of_the_cards_bank_is_typed_here_and_checked_there(
    app: Any, bank: Bank, processor: ProcessorProcess
) -> None:
    me = customer(bank, money=Money.tenge(500))
    friend = customer(bank, phone=OTHER_PHONE, given_name="Тимур")

    async def story(site: Site) -> None:
        card = await linked(bank, processor, me)
        before, draft = processor.texts(PHONE), await asyncio.to_thread(make.to_phone, bank, me)
        page = await site.open(f"/en/transfers/t/{draft}", cookie=signed_in(bank, me))
        assert [each["value"] for each in page.shows(T).accounts] == ["wallet", "bonus", card.public_id]
        await page.call(T.propose, {"amount": "1000", "source": card.public_id})
        await page.call(T.send)
        await asked(bank)
        await until(lambda: page.shows(T).step == "bank_code")
        code = await asyncio.to_thread(processor.code, PHONE, after=before)
        await page.call(T.prove, {"code": other_than(code)})
        assert (page.shows(T).step, bool(page.shows(T).errors["code"])) == ("bank_code", True)
        await page.call(T.prove, {"code": code})
        assert (page.shows(T).step, page.shows(T).outcome["can_undo"]) == ("result", True)
        assert code not in page.everything
        assert card.token not in page.everything
        await page.call(T.send_now)
        assert page.shows(T).outcome["state"] == "done"
        await asked(bank)

    play(app, bank, story)
    left = [balance(bank, wallet(bank, owner=str(owner))) for owner in (me, friend)]
    assert left == [Money.tenge(500), Money.tenge(1_000)]
    assert processor.balance("4242") == "499000.00"
    assert_clean(bank)
