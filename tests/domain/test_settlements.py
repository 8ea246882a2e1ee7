"""The daily settlement: everybody gets what is theirs, once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kaspi_web.domain.settlements.service import DayNotOver, settle_day
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make.bills import BILLER, accepted, paid, refused
from tests.make.customers import customer
from tests.make.ledger import account, assert_clean, balance, entries, moved
from tests.make.races import at_once, refusals
from tests.make.topups import SLOW_TERMINAL, network, top_up

DAY = timedelta(days=1)
COLLECTED = Money.tenge(2_000)


def settle(bank: Bank, day: date | None = None) -> dict[str, Money]:
    """Settle `day`, or let today end and settle it."""
    if day is None:
        bank.clock.jump(DAY)
        day = bank.clock.today() - DAY
    return bank.db.write_now(settle_day, day=day)


def collect(bank: Bank, owner: int, sum_: Money = COLLECTED) -> None:
    """A bill that its biller took."""
    accepted(bank, paid(bank, owner, sum_).id)


def owed(bank: Bank) -> Money:
    return balance(bank, account(bank, "biller_payable", BILLER))


def own_money(bank: Bank) -> Money:
    return balance(bank, account(bank, "settlement"))


def test_billers_are_paid_and_networks_pay(any_bank: Bank) -> None:
    owner = customer(any_bank)
    top_up(any_bank, Money.tenge(20_000))
    collect(any_bank, owner)
    assert settle(any_bank) == {f"biller_payable:{BILLER}": COLLECTED, "terminal_network:kaspi": Money.tenge(20_000)}
    assert owed(any_bank) == ZERO
    assert balance(any_bank, account(any_bank, "terminal_network", "kaspi")) == ZERO
    assert own_money(any_bank) == Money.tenge(18_000)
    assert entries(any_bank, "settlement") == 2
    assert_clean(any_bank)


def test_each_counterparty_has_an_entry_of_its_own(bank: Bank) -> None:
    customer(bank)
    top_up(bank, Money.tenge(300))
    top_up(bank, Money.tenge(500), network=network(bank, "other"))
    assert settle(bank) == {"terminal_network:kaspi": Money.tenge(300), "terminal_network:other": Money.tenge(500)}


def test_a_day_settled_again_gives_nothing(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(20_000))
    collect(bank, owner)
    assert settle(bank)
    before = moved(bank)
    assert settle(bank, bank.clock.today() - DAY) == {}
    assert moved(bank) == before
    assert_clean(bank)


@pytest.mark.parametrize("ahead", [0, 1, 400])
def test_a_day_that_is_not_over_cannot_be_settled(any_bank: Bank, ahead: int) -> None:
    collect(any_bank, customer(any_bank, money=Money.tenge(20_000)))
    before = moved(any_bank)
    with pytest.raises(DayNotOver):
        settle(any_bank, any_bank.clock.today() + ahead * DAY)
    assert moved(any_bank) == before


def test_a_day_settled_by_two_at_once_is_settled_once(any_bank: Bank) -> None:
    owner = customer(any_bank, money=Money.tenge(20_000))
    collect(any_bank, owner)
    any_bank.clock.jump(DAY)
    yesterday = any_bank.clock.today() - DAY
    answers = at_once(lambda: settle(any_bank, yesterday), times=4)
    assert refusals(answers) == []
    assert [each for each in answers if each and not isinstance(each, Exception)] == [
        {f"biller_payable:{BILLER}": COLLECTED, "terminal_network:kaspi": Money.tenge(20_000)}
    ]
    assert own_money(any_bank) == Money.tenge(18_000)
    assert_clean(any_bank)


def test_an_earlier_day_after_a_later_one_gives_nothing(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(20_000))
    collect(bank, owner)
    bank.clock.jump(DAY)
    collect(bank, owner)
    assert settle(bank)[f"biller_payable:{BILLER}"] == COLLECTED + COLLECTED
    before = moved(bank)
    assert settle(bank, bank.clock.today() - 2 * DAY) == {}
    assert moved(bank) == before


def test_what_came_after_the_day_waits_for_the_next(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(20_000))
    collect(bank, owner)
    bank.clock.jump(DAY)
    collect(bank, owner, Money.tenge(300))
    yesterday = bank.clock.today() - DAY
    assert settle(bank, yesterday)[f"biller_payable:{BILLER}"] == COLLECTED
    assert owed(bank) == Money.tenge(300)
    bank.clock.jump(DAY)
    assert settle(bank, yesterday + DAY) == {f"biller_payable:{BILLER}": Money.tenge(300)}
    assert owed(bank) == ZERO
    assert_clean(bank)


def test_what_came_after_the_settlement_goes_with_the_next(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(20_000))
    collect(bank, owner)
    settle(bank)
    collect(bank, owner, Money.tenge(300))
    assert settle(bank, bank.clock.today() - DAY) == {}
    assert settle(bank) == {f"biller_payable:{BILLER}": Money.tenge(300)}
    assert_clean(bank)


@pytest.mark.parametrize("missed", [2, 3])
def test_days_settled_late_one_after_another_are_not_paid_twice(bank: Bank, missed: int) -> None:
    """The office was closed: today somebody settles the days that were missed, from the first to the last."""
    owner = customer(bank, money=Money.tenge(20_000))
    first = bank.clock.today()
    for _ in range(missed):
        collect(bank, owner)
        bank.clock.jump(DAY)
    paid_out = [settle(bank, first + day * DAY).get(f"biller_payable:{BILLER}", ZERO) for day in range(missed)]
    assert paid_out == [COLLECTED] * missed
    assert owed(bank) == ZERO


def test_a_day_that_was_missed_goes_with_the_next(bank: Bank) -> None:
    owner = customer(bank, money=Money.tenge(20_000))
    for _ in range(3):
        collect(bank, owner)
        bank.clock.jump(DAY)
    assert settle(bank, bank.clock.today() - DAY)[f"biller_payable:{BILLER}"] == Money.tenge(6_000)
    assert owed(bank) == ZERO


def test_held_and_refused_money_is_owed_to_no_biller(bank: Bank) -> None:
    owner = customer(bank)
    top_up(bank, Money.tenge(20_000))
    paid(bank, owner, Money.tenge(100))
    refused(bank, paid(bank, owner, Money.tenge(200)).id)
    assert settle(bank) == {"terminal_network:kaspi": Money.tenge(20_000)}
    assert_clean(bank)


def test_cash_of_a_late_top_up_is_owed_by_its_network_from_the_start(bank: Bank) -> None:
    customer(bank)
    top_up(bank, Money.tenge(500), terminal=SLOW_TERMINAL)
    assert settle(bank) == {"terminal_network:kaspi": Money.tenge(500)}
    assert_clean(bank)


def test_a_day_without_deeds_gives_nothing(bank: Bank) -> None:
    assert settle(bank) == {}
    assert entries(bank) == 0
