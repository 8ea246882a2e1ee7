"""A payment half by bonus and half by another bank's card, made by a customer who comes back after every death.

The card's bank is another process that is never killed with the server, as the biller is; its codes come to the
simulated phone through the carrier's door.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from kaspi_web.domain.cards import linking
from kaspi_web.gateways.processor import Processor
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import Expiry, TypedCard
from kaspi_web.kernel.money import Money
from kaspi_web.ui.payments.intent import IntentState
from tests.kill.house import EndedEarly, House
from tests.kill.slips import Shopper, Slip, shoppers, slips
from tests.make.phone import arrived
from tests.make.sources import give_bonus
from tests.processor import CVC, OK, ProcessorProcess, running_processor
from tests.wire import Gone, Page

SUM, BONUS = Money.tenge(4_000), Money.tenge(1_500)
CHARGED = "2500,00"
"""How the text of the card's bank writes what the card pays."""
_PHONE = "+77010000000"
_CODE = re.compile(r"\b\d{6}\b")


@contextmanager
def processor_of(house: House, folder: Path) -> Iterator[tuple[ProcessorProcess, Path]]:
    """The processor of a house, which texts through the house's own carrier, and its book."""
    with house.bank() as bank:
        keys = bank.keys
    with running_processor(folder / "processor", bank_url=house.url, keys=keys) as running:
        house.knows_processor(running.url)
        yield running, folder / "processor" / "processor.db"


@dataclass
class Customer:
    """Somebody with bonuses and a linked card, and what they mean to pay."""

    house: House
    shopper: Shopper
    slip: Slip
    card: str

    async def live(self) -> str:
        """Go on from wherever the last life has ended until the payment has its last word, which is answered."""
        page = await self.house.page(self.slip.path, self.shopper.cookie)
        try:
            return await self._go_on(page)
        finally:
            page.close()

    async def live_or_see_it_die(self) -> str:
        """The same in a life that ends: what comes after the last word may kill it too. Answers nothing then."""
        with suppress(Gone, EndedEarly):
            await self.live()
        await self.house.dies()
        return ""

    async def _go_on(self, page: Page) -> str:
        shown = page.shows(IntentState)
        if shown.step != "result":
            given = {"amount": SUM.wire, "source": f"card:{self.card}", "bonus": BONUS.wire}
            await page.call(IntentState.propose, given)
            assert shown.step == "review", shown
            await page.call(IntentState.pay)
        while shown.result["state"] == "on_way":
            if shown.result["challenge"]:
                await self._prove(page)
            await asyncio.sleep(0.1)
            await page.go(self.slip.path)
        return shown.result["state"]

    async def _prove(self, page: Page) -> None:
        """Type the code, once it has come: there is one for a payment, however often the processor was asked."""
        texts = arrived(self.house.settings.data_dir / "phone.db", _PHONE)
        codes = {code for text in texts if CHARGED in text for code in _CODE.findall(text)}
        assert len(codes) <= 1
        for code in codes:
            await page.call(IntentState.prove, {"code": code})


def somebody(house: House, book: Path) -> Customer:
    """A customer who is signed in, has bonuses and has linked a card."""
    with house.bank() as bank:
        (shopper,) = shoppers(bank, 1)
        give_bonus(bank, shopper.id, BONUS)
        (slip,) = slips(bank, shopper, 1, Random(11), amount=SUM)
        return Customer(house, shopper, slip, linked(bank, book, shopper.id))


def linked(bank: Bank, book: Path, owner: int, *, number: str = OK) -> str:
    """Link a card before the first life begins; its code is in the processor's own book."""
    link_id = bank.db.write_now(linking.begin, customer_id=owner)
    token, last4 = asyncio.run(_shown(bank, link_id, book, number))
    given = {"customer_id": owner, "link_id": link_id}
    bank.db.write_now(linking.challenged, **given, token=token, brand="visa", last4=last4)
    return bank.db.write_now(linking.proved, **given).public_id


async def _shown(bank: Bank, link_id: str, book: Path, number: str) -> tuple[str, str]:
    door = Processor(bank)
    try:
        shown = await door.tokenise(link_id, TypedCard(number, Expiry(2030, 12), CVC), phone=_PHONE, language="kk")
        ((code,),) = asked(book, "SELECT code FROM challenge WHERE key = ?", link_id)
        assert (await door.type_code(link_id, code)).state == "authorised"
    finally:
        await door.aclose()
    return shown.token, shown.last4


def asked(book: Path, query: str, *given: str) -> list[tuple]:
    """What the processor's own book says."""
    with closing(sqlite3.connect(book, timeout=10)) as db:
        return db.execute(query, given).fetchall()
