"""Transfers and the world outside: the loop that settles them, and the simulated processor that charges and pays."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from kaspi_web.domain.cards import linking, recipients
from kaspi_web.domain.cards.service import CardView
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.domain.transfers import recipients as goals
from kaspi_web.gateways.processor import Processor
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import Expiry, TypedCard
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.workers import cards, transfers
from kaspi_web.workers.crew import crew
from tests.make import transfers as make
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import account, assert_clean, balance, sql, wallet
from tests.make.transfers import SUM
from tests.processor import CHARGE_REFUSED, CVC, MASTERCARD, OK, POOR, SILENT_ONCE, ProcessorProcess
from tests.workers.waiting import until

HAD = Money.tenge(50_000)


@pytest.fixture
def bank_settings(processor: ProcessorProcess) -> dict[str, Any]:
    return {"processor_url": processor.url, "processor_timeout_s": 0.6}


@pytest.fixture
def me(bank: Bank) -> int:
    return customer(bank, money=HAD)


@pytest.fixture
def friend(bank: Bank) -> int:
    return customer(bank, phone=OTHER_PHONE, given_name="Тимур", family_name="Сапаров")


def left(bank: Bank, owner: int) -> Money:
    return balance(bank, wallet(bank, owner=str(owner)))


def with_processor(bank: Bank, deed: Callable[[Processor], Awaitable[Any]]) -> Any:
    async def story() -> Any:
        processor = Processor(bank)
        try:
            return await deed(processor)
        finally:
            await processor.aclose()

    return asyncio.run(story())


def asked(bank: Bank) -> None:
    """Let a worker ask the processor for everything, however long it was put off."""
    for table in ("card_charge", "card_payout"):
        sql(bank, f"UPDATE {table} SET due_at = created_at, leased_until = created_at")
    with_processor(bank, lambda processor: cards.ask_due(bank, processor))


def linked(bank: Bank, processor: ProcessorProcess, owner: int, number: str = OK) -> CardView:
    """A card linked as the doors do it: shown, and its code typed."""
    before, link_id = processor.texts(PHONE), bank.db.write_now(linking.begin, customer_id=owner)
    card = TypedCard(number, Expiry(date.today().year + 1, 12), CVC)
    shown = with_processor(bank, lambda door: door.tokenise(link_id, card, phone=PHONE, language="kk"))
    given = {"customer_id": owner, "link_id": link_id}
    bank.db.write_now(linking.challenged, **given, token=shown.token, brand=shown.brand, last4=shown.last4)
    code = processor.code(PHONE, after=before)
    assert with_processor(bank, lambda door: door.type_code(link_id, code)).state == "authorised"
    return bank.db.write_now(linking.proved, **given)


def to_card(bank: Bank, owner: int, number: str) -> str:
    """The address of a draft to a card that the processor knows."""
    found = with_processor(bank, lambda door: door.recipient(number))
    this = {"customer_id": owner, "recipient_id": bank.db.write_now(recipients.begin, customer_id=owner)}
    bank.db.write_now(recipients.of_another_bank, **this, token=found.token, brand=found.brand, last4=found.last4)
    return bank.db.write_now(goals.to_card, **this)


def proved(bank: Bank, processor: ProcessorProcess, transfer_id: str, owner: int, *, after: int) -> None:
    """The owner types the code that the card's bank has texted."""
    made, code = make.seen(bank, owner, transfer_id), processor.code(PHONE, after=after)
    answer = with_processor(bank, lambda door: door.type_code(made.charge_key, code))
    bank.db.write_now(sagas.charge_answered, charge_id=made.charge_id, answer=answer)


def test_the_loop_settles_what_is_due_and_one_that_cannot_be_holds_up_no_other(
    bank: Bank, me: int, friend: int
) -> None:
    stuck = make.sent(bank, me, make.to_phone(bank, me))
    made = make.sent(bank, me, make.to_phone(bank, me))
    sql(bank, "UPDATE transfer SET undo_until = issued_at")
    # Its hold is gone, as after a repair by hand: it cannot be captured.
    sql(bank, "UPDATE hold SET released_tiyn = amount_tiyn WHERE subject = 'transfer:1'")
    assert asyncio.run(transfers.settle_due(bank)) == 1
    assert make.seen(bank, me, made.public_id).state == "done"
    assert make.seen(bank, me, stuck.public_id).state == "held"


def test_the_crew_delivers_by_itself(bank: Bank, me: int, friend: int) -> None:
    made = make.sent(bank, me, make.to_phone(bank, me))
    sql(bank, "UPDATE transfer SET undo_until = issued_at")

    async def story() -> None:
        async with crew(bank):
            await until(lambda: make.seen(bank, me, made.public_id).state == "done")

    asyncio.run(story())
    assert left(bank, friend) == SUM
    assert_clean(bank)


def test_from_another_banks_card_with_its_code_captured_and_paid(
    bank: Bank, processor: ProcessorProcess, me: int, friend: int
) -> None:
    card = linked(bank, processor, me)
    before = processor.texts(PHONE)
    made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id)
    asked(bank)
    assert make.seen(bank, me, made.public_id).charge_state == "challenge"
    proved(bank, processor, made.public_id, me, after=before)
    assert make.seen(bank, me, made.public_id).state == "held"
    make.send_now(bank, me, made.public_id)
    asked(bank)
    assert make.charge_of(bank, made).state == "captured"
    assert (left(bank, me), left(bank, friend)) == (HAD, SUM)
    assert_clean(bank)


@pytest.mark.parametrize(("number", "reason"), [(CHARGE_REFUSED, "declined"), (POOR, "lacks_money")])
def test_a_card_that_refuses_moves_nothing(
    bank: Bank, processor: ProcessorProcess, me: int, friend: int, number: str, reason: str
) -> None:
    card = linked(bank, processor, me, number)
    made = make.sent(bank, me, make.to_phone(bank, me), Money.tenge(20_000), source=card.public_id)
    asked(bank)
    now = make.seen(bank, me, made.public_id)
    assert (now.state, now.reason) == ("refused", reason)
    assert (left(bank, me), left(bank, friend)) == (HAD, ZERO)
    assert_clean(bank)


def test_undone_the_charge_is_voided(bank: Bank, processor: ProcessorProcess, me: int, friend: int) -> None:
    card = linked(bank, processor, me)
    before = processor.texts(PHONE)
    made = make.sent(bank, me, make.to_phone(bank, me), source=card.public_id)
    asked(bank)
    proved(bank, processor, made.public_id, me, after=before)
    make.undo(bank, me, made.public_id)
    asked(bank)
    assert make.charge_of(bank, made).state == "voided"
    assert left(bank, friend) == ZERO
    assert_clean(bank)


@pytest.mark.parametrize("number", [MASTERCARD, SILENT_ONCE])
def test_to_another_banks_card_asked_until_the_last_word(
    bank: Bank, processor: ProcessorProcess, me: int, number: str
) -> None:
    made = make.sent(bank, me, to_card(bank, me, number))
    make.send_now(bank, me, made.public_id)
    for _ in range(3):
        asked(bank)
    assert make.seen(bank, me, made.public_id).state == "done"
    assert balance(bank, account(bank, "card_payouts")) == SUM
    assert left(bank, me) == HAD - SUM
    assert_clean(bank)


def test_from_one_linked_card_of_ones_own_to_another(bank: Bank, processor: ProcessorProcess, me: int) -> None:
    one, other = linked(bank, processor, me), linked(bank, processor, me, MASTERCARD)
    had = [Money.from_wire(processor.balance(card.last4)) for card in (one, other)]
    before = processor.texts(PHONE)
    made = make.sent(bank, me, make.to_own(bank, me, other.public_id), source=one.public_id)
    asked(bank)
    proved(bank, processor, made.public_id, me, after=before)
    assert make.seen(bank, me, made.public_id).state == "sending"
    for _ in range(2):
        asked(bank)
    assert make.seen(bank, me, made.public_id).state == "done"
    assert make.charge_of(bank, made).state == "captured"
    assert [Money.from_wire(processor.balance(card.last4)) for card in (one, other)] == [had[0] - SUM, had[1] + SUM]
    assert left(bank, me) == HAD
    assert_clean(bank)


def test_what_nobody_came_for_returns_by_the_banks_clock(bank: Bank, me: int, processor: ProcessorProcess) -> None:
    made = make.sent(bank, me, make.to_phone(bank, me, make.NOBODY))
    make.send_now(bank, me, made.public_id)
    assert asyncio.run(transfers.settle_due(bank)) == 0
    bank.clock.jump(timedelta(days=7))
    assert asyncio.run(transfers.settle_due(bank)) == 1
    assert left(bank, me) == HAD
    assert_clean(bank)
