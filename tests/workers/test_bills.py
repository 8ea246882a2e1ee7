"""Asking billers: a real simulated biller answers in every way it can, and our side ends with the same money as it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kaspi_web.domain.bills import asking, payments
from kaspi_web.gateways.billers import Billers
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import Money
from kaspi_web.workers import bills
from tests.billers import BillerProcess
from tests.databases import open_bank
from tests.make.bills import ACCOUNT, paid, payment
from tests.make.customers import customer
from tests.make.ledger import account, assert_clean, balance, sql, wallet

HAD, SUM = Money.tenge(50_000), Money.tenge(20_000)
LEFT, BONUS = HAD - SUM, Money.tenge(200)


@pytest.fixture
def owner(bank: Bank) -> int:
    return customer(bank, money=HAD)


def asked(bank: Bank, *, crews: int = 1) -> int:
    """Let so many crews ask once, all at the same moment; answers how many payments they took."""

    async def story() -> int:
        clients = [Billers(bank.settings) for _ in range(crews)]
        try:
            return sum(await asyncio.gather(*(bills.ask_due(bank, each) for each in clients)))
        finally:
            for each in clients:
                await each.aclose()

    return asyncio.run(story())


def asked_later(bank: Bank) -> int:
    """An hour of real time later."""
    sql(bank, "UPDATE bill_payment SET due_at = :then, leased_until = :then", then=_hours_ago(1))
    return asked(bank)


def _hours_ago(hours: int) -> Any:
    then = datetime.now(UTC) - timedelta(hours=hours)
    return then.replace(tzinfo=None).isoformat(" ")


def state(bank: Bank, owner: int, made: payments.PaymentView) -> tuple[str, str]:
    now = payment(bank, owner, made.id)
    return now.state, now.last_word


def money(bank: Bank, owner: int) -> dict[str, Money]:
    """Where the money is."""
    kinds = {"wallet": str(owner), "bonus": str(owner), "biller_payable": "almaty-energo"}
    found = {kind: balance(bank, account(bank, kind, of)) for kind, of in kinds.items()}
    held = sql(bank, "SELECT COALESCE(SUM(amount_tiyn - captured_tiyn - released_tiyn), 0) FROM hold")[0][0]
    return found | {"held": Money(int(held))}


ZERO = Money(0)
ON_WAY = {"wallet": LEFT, "bonus": ZERO, "biller_payable": ZERO, "held": SUM}
DONE = {"wallet": LEFT, "bonus": BONUS, "biller_payable": SUM, "held": ZERO}
BACK = {"wallet": HAD, "bonus": ZERO, "biller_payable": ZERO, "held": ZERO}


def registered(bank: Bank, biller: BillerProcess) -> list[tuple[str, str]]:
    """What the biller has of us: sum and state of each payment."""
    from kaspi_web.kernel.clock import ALMATY

    today = bank.clock.now().astimezone(ALMATY).date()
    days = [today, today - timedelta(days=1)]
    return [(row["sum"], row["state"]) for day in days for row in biller.registry("almaty-energo", day)]


def test_a_payment_that_the_biller_takes_is_done_at_once(bank: Bank, biller: BillerProcess, owner: int):
    made = paid(bank, owner, SUM)
    assert money(bank, owner) == ON_WAY
    assert asked(bank) == 1
    assert state(bank, owner, made) == ("done", "0")
    assert money(bank, owner) == DONE
    assert registered(bank, biller) == [("20000.00", "done")]
    assert asked_later(bank) == 0
    assert_clean(bank)


@pytest.mark.parametrize(
    ("mode", "more", "word", "at_the_biller"),
    [
        ("temporary", {"times": 1}, "1", []),
        ("pending", {"times": 1}, "90", [("20000.00", "pending")]),
        ("broken", {"times": 1}, "broken_xml", [("20000.00", "done")]),
        ("silent", {"times": 1, "seconds": 3}, "timeout", [("20000.00", "done")]),
        ("down", {"times": 1}, "http_503", []),
        ("unknown", {}, "300", [("20000.00", "done")]),
        ("slow", {"times": 1, "seconds": 3}, "timeout", [("20000.00", "done")]),
    ],
)
def test_what_is_not_certain_stays_held_and_is_asked_again_under_the_same_number(
    bank: Bank, biller: BillerProcess, owner: int, mode: str, more: Any, word: str, at_the_biller: list[Any]
):
    biller.set_fault(mode, **more)
    made = paid(bank, owner, SUM)
    assert asked(bank) == 1
    assert state(bank, owner, made) == ("on_way", word)
    assert money(bank, owner) == ON_WAY
    assert registered(bank, biller) == at_the_biller
    assert asked(bank) == 0, "not before the wait is over"
    assert asked_later(bank) == 1
    assert state(bank, owner, made) == ("done", "0")
    assert money(bank, owner) == DONE
    assert registered(bank, biller) == [("20000.00", "done")]
    assert_clean(bank)


def test_a_payment_that_is_refused_for_good_gives_the_money_back(bank: Bank, biller: BillerProcess, owner: int):
    biller.set_fault("refuse", times=1)
    made = paid(bank, owner, SUM)
    asked(bank)
    assert state(bank, owner, made) == ("refused", "7")
    assert money(bank, owner) == BACK
    assert not [row for row in registered(bank, biller) if row[1] == "done"]
    assert asked_later(bank) == 0
    assert_clean(bank)


def test_a_biller_that_nobody_reaches_keeps_the_money_held(bank: Bank, owner: int):
    made = paid(bank, owner, SUM)
    nowhere = open_bank(bank.settings.database, bank.settings.data_dir, biller_url="http://127.0.0.1:9")
    with nowhere as unreachable:
        asked(unreachable)
    assert state(bank, owner, made) == ("on_way", "unreachable")
    assert money(bank, owner) == ON_WAY


def test_after_a_day_of_silence_the_payment_waits_for_the_registry_and_stays_held(
    bank: Bank, biller: BillerProcess, owner: int
):
    biller.set_fault("temporary")
    made = paid(bank, owner, SUM)
    asked(bank)
    sql(bank, "UPDATE bill_payment SET due_at = :then, gives_up_at = :then", then=_hours_ago(1))
    asked(bank)
    assert state(bank, owner, made) == ("registry", "1")
    assert money(bank, owner) == ON_WAY
    assert asked_later(bank) == 0


@pytest.mark.parametrize("crews", [2, 5])
def test_crews_at_once_pay_every_payment_once(bank: Bank, biller: BillerProcess, owner: int, crews: int):
    made = [paid(bank, owner, Money.tenge(1_000)) for _ in range(12)]
    assert asked(bank, crews=crews) + asked(bank, crews=crews) == 12
    assert {state(bank, owner, each)[0] for each in made} == {"done"}
    assert balance(bank, wallet(bank, owner=str(owner))) == HAD - Money.tenge(12_000)
    assert registered(bank, biller) == [("1000.00", "done")] * 12
    assert_clean(bank)


def test_a_crew_whose_lease_ran_out_and_the_next_one_end_in_one_payment(bank: Bank, biller: BillerProcess, owner: int):
    made = paid(bank, owner, SUM)

    async def story() -> None:
        clients = [Billers(bank.settings) for _ in range(2)]
        due = await bank.db.write(asking.claim)
        await bank.db.write(lambda unit: unit.sql(_text("UPDATE bill_payment SET leased_until = started_at")) and None)
        again = await bank.db.write(asking.claim)
        pairs = [(clients[0], *due), (clients[1], *again)]
        await asyncio.gather(*(bills._ask(bank, client, each) for client, each in pairs))
        for client in clients:
            await client.aclose()

    asyncio.run(story())
    assert state(bank, owner, made) == ("done", "0")
    assert money(bank, owner) == DONE
    assert registered(bank, biller) == [("20000.00", "done")]
    assert_clean(bank)


def _text(statement: str) -> Any:
    from sqlalchemy import text

    return text(statement)


def test_trouble_between_the_answer_and_our_note_pays_nobody_twice(bank: Bank, biller: BillerProcess, owner: int):
    made = paid(bank, owner, SUM)
    crashing = open_bank(
        bank.settings.database, bank.settings.data_dir, biller_url=biller.url, faults="bills.answered=raise"
    )
    with crashing as doomed:
        asked(doomed)
    assert state(bank, owner, made) == ("on_way", "trouble")
    assert registered(bank, biller) == [("20000.00", "done")]
    assert asked_later(bank) == 1
    assert money(bank, owner) == DONE
    assert registered(bank, biller) == [("20000.00", "done")]
    assert_clean(bank)


def test_one_payment_in_trouble_does_not_hold_up_the_others(bank: Bank, biller: BillerProcess, owner: int):
    biller.set_fault("silent", account=ACCOUNT, times=1, seconds=3)
    stuck = paid(bank, owner, Money.tenge(1_000))
    quick = paid(bank, owner, Money.tenge(2_000), slug="almaty-energo")
    sql(bank, "UPDATE bill_payment SET account = '04512295' WHERE id = :id", id=quick.id)
    asked(bank)
    assert (state(bank, owner, stuck)[0], state(bank, owner, quick)[0]) == ("on_way", "done")
