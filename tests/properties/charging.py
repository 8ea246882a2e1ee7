"""The processor of other banks' cards for one random story: workers that ask it, and what its own book says."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from kaspi_web.domain.cards import charges, payouts, refunds
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.gateways.processor import Processor, ProcessorUnknown, Recipient, Tokenised
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import Expiry, TypedCard
from kaspi_web.kernel.money import Money
from kaspi_web.kernel.processing import Charged
from kaspi_web.workers import cards
from tests.processor import CVC


class Heard(NamedTuple):
    """An answer that a worker had in its hand: of a charge, refund or payout."""

    kind: str
    id: int
    answer: Any


class Standing(NamedTuple):
    """How a charge, refund or payout stands in the processor's own book."""

    state: str
    tiyn: int


class Charging:
    """The bank's side of the processor, and a look into its file."""

    def __init__(self, bank: Bank, processor: Processor, run: Callable[..., Any], book: Path) -> None:
        self._bank, self._processor, self._run, self._book = bank, processor, run, book

    def ask(self) -> int:
        """A round of the worker; answers how many jobs were taken."""
        return self._run(cards.ask_due(self._bank, self._processor))

    def ask_and_die(self) -> list[Heard]:
        """A worker that asks for what is due and ends before it writes the answers down; answers what it heard."""
        return self._run(self._asked_for_nothing())

    async def _asked_for_nothing(self) -> list[Heard]:
        door, write = self._processor, self._bank.db.write
        calls: list[tuple[str, int, Any]] = [
            ("charge", job.id, cards._charge(door, job)) for job in await write(charges.claim)
        ]
        calls += [
            ("refund", job.id, door.refund(job.charge_key, job.key, job.amount)) for job in await write(refunds.claim)
        ]
        calls += [("payout", job.id, door.payout(job.key, job.token, job.amount)) for job in await write(payouts.claim)]
        heard = [Heard(kind, number, await _unless_unknown(call)) for kind, number, call in calls]
        return [each for each in heard if each.answer]

    def late_word(self, heard: Heard) -> None:
        """The answer that a worker held in its hand is written down after all."""
        deeds = {"charge": sagas.charge_answered, "refund": sagas.refund_answered, "payout": sagas.payout_answered}
        self._bank.db.write_now(deeds[heard.kind], **{f"{heard.kind}_id": heard.id}, answer=heard.answer)

    def show(self, link_id: str, number: str, phone: str) -> Tokenised | None:
        """Show a card to be linked; None when nothing is known."""
        card = TypedCard(number, Expiry(date.today().year + 1, 12), CVC)
        return self._run(_unless_unknown(self._processor.tokenise(link_id, card, phone=phone, language="kk")))

    def recipient(self, number: str) -> Recipient | None:
        """The card with this number; None when nothing is known."""
        return self._run(_unless_unknown(self._processor.recipient(number)))

    def type_code(self, key: str, code: str) -> Charged | None:
        """Hand over a code; None when nothing is known."""
        return self._run(_unless_unknown(self._processor.type_code(key, code)))

    def code(self, key: str) -> str:
        """The code that the card's bank has texted for a link or a charge, as its book has it."""
        found = self._rows("SELECT code FROM challenge WHERE key = ?", key)
        return found[0][0] if found else ""

    def charges(self) -> dict[str, Standing]:
        """Every charge of the book by its key."""
        return {key: Standing(*row) for key, *row in self._rows("SELECT key, state, amount_tiyn FROM charge")}

    def movements(self) -> dict[str, Standing]:
        """Every refund and payout of the book by its key."""
        return {key: Standing(*row) for key, *row in self._rows("SELECT key, state, amount_tiyn FROM movement")}

    def sums(self) -> tuple[Money, Money, Money]:
        """What was captured, refunded and paid out in all."""
        (captured,) = self._rows("SELECT coalesce(sum(amount_tiyn), 0) FROM charge WHERE state = 'captured'")
        moved = "SELECT coalesce(sum(amount_tiyn), 0) FROM movement WHERE state = 'done' AND kind = ?"
        (refunded,), (paid_out,) = self._rows(moved, "refund"), self._rows(moved, "payout")
        return Money(captured[0]), Money(refunded[0]), Money(paid_out[0])

    def _rows(self, query: str, *given: Any) -> list[Any]:
        with closing(sqlite3.connect(self._book, timeout=10)) as connection:
            return connection.execute(query, given).fetchall()


async def _unless_unknown(call: Any) -> Any:
    try:
        return await call
    except ProcessorUnknown:
        return None
