"""Asking the card processor: the simulated one answers in every way it can, and our side ends with its money."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaspi_web.domain.cards import charges, jobs, linking, payouts
from kaspi_web.domain.cards.service import CardView
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.gateways.processor import Processor, ProcessorUnknown
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.card_numbers import Expiry, TypedCard
from kaspi_web.kernel.faults import PlannedFault
from kaspi_web.kernel.money import Money
from kaspi_web.workers import cards
from kaspi_web.workers.crew import crew
from tests.databases import open_bank
from tests.make.cards import begun, charge, payout, refund
from tests.make.customers import PHONE, customer
from tests.make.ledger import sql
from tests.make.moments import Watch
from tests.processor import CHARGE_REFUSED, CVC, MASTERCARD, OK, POOR, SILENT_ONCE, ProcessorProcess
from tests.workers.waiting import until

SUM = Money.tenge(20_000)


@pytest.fixture
def bank_settings(processor: ProcessorProcess) -> dict[str, Any]:
    return {"processor_url": processor.url, "processor_timeout_s": 0.6}


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def with_processor(bank: Bank, deed: Callable[[Processor], Awaitable[Any]]) -> Any:
    """What `deed` gets from the processor."""

    async def story() -> Any:
        processor = Processor(bank)
        try:
            return await deed(processor)
        finally:
            await processor.aclose()

    return asyncio.run(story())


def asked(bank: Bank) -> int:
    """Let a worker ask once for everything that is due."""
    return with_processor(bank, lambda processor: cards.ask_due(bank, processor))


def linked(bank: Bank, processor: ProcessorProcess, owner: int, number: str = OK) -> CardView:
    """A card linked as the doors do it: shown, and its code typed."""
    before = processor.texts(PHONE)
    link_id = bank.db.write_now(linking.begin, customer_id=owner)
    card = TypedCard(number, Expiry(date.today().year + 1, 12), CVC)
    shown = with_processor(bank, lambda door: door.tokenise(link_id, card, phone=PHONE, language="kk"))
    given = {"customer_id": owner, "link_id": link_id}
    bank.db.write_now(linking.challenged, **given, token=shown.token, brand=shown.brand, last4=shown.last4)
    code = processor.code(PHONE, after=before)
    assert with_processor(bank, lambda door: door.type_code(link_id, code)).state == "authorised"
    return bank.db.write_now(linking.proved, **given)


def code_typed(bank: Bank, processor: ProcessorProcess, charge_id: int, *, after: int) -> None:
    """The owner types the code that came by SMS."""
    key, code = charge(bank, charge_id).key, processor.code(PHONE, after=after)
    answer = with_processor(bank, lambda door: door.type_code(key, code))
    bank.db.write_now(sagas.charge_answered, charge_id=charge_id, answer=answer)


def authorised(bank: Bank, processor: ProcessorProcess, owner: int, card: CardView) -> int:
    """A charge whose code was right."""
    made, before = begun(bank, owner, card, SUM), processor.texts(PHONE)
    assert asked(bank) == 1
    code_typed(bank, processor, made, after=before)
    assert charge(bank, made).state == "authorised"
    return made


def test_a_charge_goes_from_the_asking_through_its_code_to_the_capture(
    bank: Bank, processor: ProcessorProcess, owner: int
) -> None:
    made = begun(bank, owner, linked(bank, processor, owner), SUM, payee="Жарық")
    assert asked(bank) == 1
    assert charge(bank, made).state == "challenge"
    code_typed(bank, processor, made, after=1)
    assert "Жарық төлемі, 20000,00" in processor.text(PHONE)
    bank.db.write_now(charges.capture, charge_id=made)
    assert asked(bank) == 1
    assert charge(bank, made).state == "captured"
    assert processor.balance("4242") == "480000.00"
    assert asked(bank) == 0


def test_giving_up_frees_the_card_s_money(bank: Bank, processor: ProcessorProcess, owner: int) -> None:
    made = authorised(bank, processor, owner, linked(bank, processor, owner))
    bank.db.write_now(charges.void, charge_id=made)
    asked(bank)
    assert charge(bank, made).state == "voided"
    assert processor.balance("4242") == "500000.00"


@pytest.mark.parametrize(("number", "reason"), [(CHARGE_REFUSED, "declined"), (POOR, "lacks_money")])
def test_a_card_that_says_no_is_declined_with_its_reason(
    bank: Bank, processor: ProcessorProcess, owner: int, number: str, reason: str
) -> None:
    made = begun(bank, owner, linked(bank, processor, owner, number), SUM)
    asked(bank)
    found = charge(bank, made)
    assert (found.state, found.reason, found.wanted) == ("declined", reason, "")


def test_a_card_whose_bank_is_silent_is_asked_again_and_charged_once(
    bank: Bank, processor: ProcessorProcess, owner: int, watch: Watch
) -> None:
    made = begun(bank, owner, linked(bank, processor, owner, SILENT_ONCE), SUM)
    asked(bank)
    found = charge(bank, made)
    assert (found.state, found.reason, found.wanted) == ("new", "timeout", "authorise")
    watch.later(seconds=5)
    asked(bank)
    assert charge(bank, made).state == "challenge"
    assert processor.balance("0119") == "480000.00"


@pytest.mark.parametrize("mode", ["down", "broken", "silent", "slow"])
@pytest.mark.parametrize("deed", ["charge", "capture", "void"])
def test_whatever_spoils_an_answer_the_deed_is_done_once(
    bank: Bank, processor: ProcessorProcess, owner: int, watch: Watch, deed: str, mode: str
) -> None:
    card = linked(bank, processor, owner)
    if deed == "charge":
        made, end = begun(bank, owner, card, SUM), "challenge"
    else:
        made = authorised(bank, processor, owner, card)
        bank.db.write_now(charges.capture if deed == "capture" else charges.void, charge_id=made)
        end = "captured" if deed == "capture" else "voided"
    processor.set_fault(mode, deed=deed, times=1, seconds=2)
    asked(bank)
    assert charge(bank, made).state != end, "unknown is neither yes nor no"
    watch.later(seconds=5)
    asked(bank)
    assert charge(bank, made).state == end
    assert processor.balance("4242") == ("500000.00" if deed == "void" else "480000.00")


def test_a_code_whose_answer_was_lost_is_found_out(
    bank: Bank, processor: ProcessorProcess, owner: int, watch: Watch
) -> None:
    made = begun(bank, owner, linked(bank, processor, owner), SUM)
    asked(bank)
    processor.set_fault("broken", deed="code", times=1)
    with pytest.raises(ProcessorUnknown):
        code_typed(bank, processor, made, after=1)
    assert charge(bank, made).state == "challenge"
    watch.later(seconds=21)
    asked(bank)
    assert charge(bank, made).state == "authorised"


def test_refunds_and_payouts_are_made_once_over_a_lost_answer(
    bank: Bank, processor: ProcessorProcess, owner: int, watch: Watch
) -> None:
    made = authorised(bank, processor, owner, linked(bank, processor, owner))
    bank.db.write_now(charges.capture, charge_id=made)
    asked(bank)
    token = with_processor(bank, lambda door: door.recipient(MASTERCARD)).token
    refund(bank, made, Money.tenge(5_000))
    paid = payout(bank, owner, Money.tenge(700), token=token)
    for deed in ("refund", "payout"):
        processor.set_fault("broken", deed=deed, times=1)
    assert asked(bank) == 2
    assert sql(bank, "SELECT state FROM card_refund") == [("new",)]
    watch.later(seconds=5)
    assert asked(bank) == 2
    assert sql(bank, "SELECT state FROM card_refund") == [("done",)]
    assert bank.db.read_now(payouts.payout, payout_id=paid).state == "done"
    assert (processor.balance("4242"), processor.balance("4444")) == ("485000.00", "300700.00")


def test_a_payout_that_the_card_does_not_take_is_declined(bank: Bank, processor: ProcessorProcess, owner: int) -> None:
    token = with_processor(bank, lambda door: door.recipient(CHARGE_REFUSED)).token
    made = payout(bank, owner, SUM, token=token)
    asked(bank)
    found = bank.db.read_now(payouts.payout, payout_id=made)
    assert (found.state, found.reason) == ("declined", "closed")


@pytest.mark.parametrize("deed", ["authorise", "capture", "void"])
def test_a_crash_between_the_answer_and_its_mark_is_made_good(
    bank: Bank, processor: ProcessorProcess, owner: int, watch: Watch, deed: str
) -> None:
    card = linked(bank, processor, owner)
    if deed == "authorise":
        made, end = begun(bank, owner, card, SUM), "challenge"
    else:
        made = authorised(bank, processor, owner, card)
        bank.db.write_now(charges.capture if deed == "capture" else charges.void, charge_id=made)
        end = "captured" if deed == "capture" else "voided"
    planned = f"charging.{deed}.answered=raise"
    here = {"processor_url": processor.url, "processor_timeout_s": 0.6, "faults": planned}
    with open_bank(bank.settings.database, bank.settings.data_dir, **here) as failing:
        asked(failing)
    assert charge(bank, made).state != end
    watch.later(seconds=61)
    asked(bank)
    assert charge(bank, made).state == end
    assert processor.balance("4242") == ("500000.00" if deed == "void" else "480000.00")


def test_the_crew_asks_by_itself_and_lets_go_of_what_is_silent(
    bank: Bank, processor: ProcessorProcess, owner: int
) -> None:
    quick = begun(bank, owner, linked(bank, processor, owner), SUM)

    async def story() -> None:
        async with crew(bank):
            await until(lambda: charge(bank, quick).state == "challenge")

    asyncio.run(story())


def test_a_worker_that_stops_hands_its_jobs_back(bank: Bank, processor: ProcessorProcess, owner: int) -> None:
    card = linked(bank, processor, owner)
    begun(bank, owner, card, SUM)
    processor.set_fault("silent", deed="charge", times=1, seconds=5)

    async def story() -> None:
        door = Processor(bank)
        desk = cards.CardsDesk(bank, door)
        assert await desk.start_due() == 1
        await asyncio.sleep(0.05)
        await desk.end()
        await door.aclose()

    asyncio.run(story())
    assert bank.db.write_now(jobs.end_leases) == 0, "nothing is leased any more"


def test_trouble_of_our_own_is_logged_without_what_was_asked(
    bank: Bank, processor: ProcessorProcess, owner: int, caplog: pytest.LogCaptureFixture
) -> None:
    made = begun(bank, owner, linked(bank, processor, owner), SUM)
    here = {"processor_url": processor.url, "faults": "charging.authorise.answered=raise"}
    with open_bank(bank.settings.database, bank.settings.data_dir, **here) as failing:
        asked(failing)
    assert PlannedFault.__name__ in caplog.text
    assert "tok_" not in caplog.text
    assert charge(bank, made).reason == "trouble"


_CLAIMS = ("cards.charges.claim", "cards.refunds.claim", "cards.payouts.claim")


def test_an_idle_desk_writes_nothing(bank: Bank, processor: ProcessorProcess, owner: int) -> None:
    card = linked(bank, processor, owner)
    here = {"processor_url": processor.url, "faults": ",".join(f"{claim}.before_commit=raise" for claim in _CLAIMS)}

    async def story() -> None:
        door = Processor(bank)
        desk = cards.CardsDesk(failing, door)
        assert await desk.start_due() == 0
        begun(bank, owner, card, SUM)
        with pytest.raises(PlannedFault):
            await desk.start_due()
        await door.aclose()

    with open_bank(bank.settings.database, bank.settings.data_dir, **here) as failing:
        asyncio.run(story())


def test_a_bank_that_knows_another_password_is_told_nothing(
    bank: Bank, processor: ProcessorProcess, tmp_path: Path
) -> None:
    with (
        open_bank(bank.settings.database, tmp_path / "other", processor_url=processor.url) as other,
        pytest.raises(ProcessorUnknown) as refused,
    ):
        with_processor(other, lambda door: door.recipient(MASTERCARD))
    assert refused.value.reason == "http_401"
