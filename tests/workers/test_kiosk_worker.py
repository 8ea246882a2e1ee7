"""Cash of our own terminals: paid to the wallet over /osmp on the loopback, once, and never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kaspi_web.domain.terminals import kiosk, topups
from kaspi_web.gateways.networks import Networks
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.workers import kiosk as worker
from tests.make.customers import PHONE, customer
from tests.make.ledger import assert_clean, balance, entries, sql, wallet
from tests.make.moments import Watch
from tests.make.topups import SLOW_TERMINAL
from tests.workers.loopback import doors

PUT_IN = Money.tenge(2_500)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    return Watch(monkeypatch)


def visit(bank: Bank, *, terminal: str = "almaty-01", phone: str = PHONE, notes: tuple[int, ...] = (2_000, 500)) -> str:
    """A person who put notes in and has not pressed Pay."""
    made = bank.db.write_now(kiosk.arrive, terminal=terminal, phone=phone, masked_name="Айгүл Н.")
    for note in notes:
        bank.db.write_now(kiosk.insert_note, visit_id=made.id, note=Money.tenge(note))
    return made.id


def pressed(bank: Bank, visit_id: str) -> str:
    bank.db.write_now(kiosk.press_pay, visit_id=visit_id)
    return visit_id


def worked(bank: Bank, *, crews: int = 1, is_open: bool = True) -> int:
    """One round of each crew; the bank's doors are open or not."""

    async def story() -> int:
        every = [Networks(bank) for _ in range(crews)]
        try:
            return sum(await asyncio.gather(*(worker.pay_due(bank, each) for each in every)))
        finally:
            for each in every:
                await each.aclose()

    async def open_story() -> int:
        async with doors(bank):
            return await story()

    return asyncio.run(open_story() if is_open else story())


def state(bank: Bank, visit_id: str) -> str:
    return bank.db.read_now(kiosk.visit, visit_id=visit_id).state


def in_wallet(bank: Bank) -> Money:
    return balance(bank, wallet(bank))


def test_what_was_put_in_is_in_the_wallet(bank: Bank, watch: Watch):
    customer(bank)
    paid = pressed(bank, visit(bank))
    assert worked(bank) == 1
    assert (state(bank, paid), in_wallet(bank)) == ("paid", PUT_IN)
    watch.later(minutes=5)
    assert worked(bank) == 0
    assert_clean(bank)


def test_cash_is_paid_once_by_crews_at_once(bank: Bank):
    customer(bank)
    every = [pressed(bank, visit(bank)) for _ in range(6)]
    assert worked(bank, crews=3) == 6
    assert {state(bank, each) for each in every} == {"paid"}
    assert in_wallet(bank) == Money.tenge(15_000)
    assert entries(bank, "topup") == 6


def test_without_a_link_the_cash_waits_and_is_paid_later(bank: Bank, watch: Watch):
    customer(bank)
    waiting = pressed(bank, visit(bank))
    assert worked(bank, is_open=False) == 1
    assert (state(bank, waiting), in_wallet(bank)) == ("paying", Money(0))
    watch.later(seconds=6)
    assert worked(bank) == 1
    assert (state(bank, waiting), in_wallet(bank)) == ("paid", PUT_IN)


def test_a_pay_whose_answer_was_lost_is_asked_again_and_credits_once(bank: Bank, watch: Watch):
    customer(bank)
    lost = pressed(bank, visit(bank))
    worked(bank)
    sql(bank, "UPDATE kiosk_visit SET state = 'paying' WHERE id = :id", id=lost)
    watch.later(minutes=1)
    worked(bank)
    assert (state(bank, lost), in_wallet(bank), entries(bank, "topup")) == ("paid", PUT_IN, 1)


def test_a_late_terminal_waits_until_the_money_has_arrived(bank: Bank, watch: Watch):
    customer(bank)
    late = pressed(bank, visit(bank, terminal=SLOW_TERMINAL))
    worked(bank)
    assert (state(bank, late), in_wallet(bank)) == ("on_way", Money(0))
    bank.clock.jump(timedelta(minutes=3))
    bank.db.write_now(topups.credit_due)
    watch.later(seconds=6)
    worked(bank)
    assert (state(bank, late), in_wallet(bank)) == ("paid", PUT_IN)


def test_cash_of_a_person_who_walked_away_goes_to_the_typed_wallet(bank: Bank, watch: Watch):
    customer(bank)
    left = visit(bank)
    assert worked(bank) == 0
    watch.later(seconds=76)
    assert worked(bank) == 1
    assert (state(bank, left), in_wallet(bank)) == ("paid", PUT_IN)


def test_a_person_who_walked_away_without_cash_costs_nothing(bank: Bank, watch: Watch):
    customer(bank)
    left = visit(bank, notes=())
    watch.later(seconds=76)
    assert worked(bank) == 0
    assert state(bank, left) == "left"


def test_a_wallet_that_does_not_exist_is_refused_and_said_so(bank: Bank):
    nobody = pressed(bank, visit(bank))
    worked(bank)
    assert state(bank, nobody) == "refused"
    assert entries(bank) == 0


def test_cash_below_the_least_sum_moves_nothing_unsaid(bank: Bank):
    customer(bank)
    sql(bank, "UPDATE terminal_network SET minimum_tiyn = 100000 WHERE slug = 'kaspi'")
    small = pressed(bank, visit(bank, notes=(200,)))
    worked(bank)
    assert (state(bank, small), in_wallet(bank)) == ("refused", Money(0))
