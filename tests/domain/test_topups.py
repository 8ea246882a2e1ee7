"""Top-ups: credited once, whatever the network repeats; refused ones move nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.demo_data import network_secret
from kaspi_web.domain.terminals import topups
from kaspi_web.domain.terminals.topups import (
    AmountOutOfRange,
    BadAccount,
    SameIdOtherContent,
    TopUpResult,
    UnknownWallet,
)
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import Busy, DomainError, NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import account, assert_clean, balance, entries, moved, sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals
from tests.make.sms import messages
from tests.make.topups import SLOW_TERMINAL, network, top_up

SUM = Money.tenge(20_000)


def money_of(bank: Bank, owner: int) -> Money:
    return bank.db.read_now(wallet.balances, customer_id=owner).wallet


def states(bank: Bank, owner: int) -> list[str]:
    return [each.state for each in bank.db.read_now(wallet.operations, customer_id=owner)]


def credit_due(bank: Bank) -> int:
    return bank.db.write_now(topups.credit_due)


def check(bank: Bank, account: str = PHONE, amount: Money | None = None) -> str:
    return bank.db.read_now(topups.check, network="kaspi", account=account, amount=amount)


def count_look_up(bank: Bank, terminal: str = "almaty-01", of: str = "kaspi") -> None:
    bank.db.write_now(topups.count_look_up, network=of, terminal=terminal)


class TestPay:
    def test_a_top_up_is_in_the_wallet_at_once(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        answer = top_up(any_bank, SUM, terminal="almaty-01")
        assert (answer.amount, answer.credited) == (SUM, True)
        assert money_of(any_bank, owner) == SUM
        assert balance(any_bank, account(any_bank, "terminal_network", "kaspi")) == SUM
        (shown,) = any_bank.db.read_now(wallet.operations, customer_id=owner)
        assert (shown.kind, shown.amount, shown.state, shown.counterparty) == ("topup", SUM, "done", "almaty-01")
        assert_clean(any_bank)

    def test_the_owner_is_told_by_sms_with_the_new_balance(self, bank: Bank) -> None:
        customer(bank, money=Money.tenge(5))
        top_up(bank, SUM, terminal="almaty-01")
        told = {"amount_tiyn": SUM.tiyn, "balance_tiyn": 2_000_500, "terminal": "Алматы, Абай даңғылы, 44"}
        assert messages(bank, PHONE) == [("topup_credited", told)]

    @pytest.mark.parametrize("spelt", ["+77010000101", "87010000101", "77010000101", "7010000101", "8 (701) 000-01-01"])
    def test_the_number_is_found_in_any_usual_spelling(self, bank: Bank, spelt: str) -> None:
        owner = customer(bank)
        top_up(bank, SUM, account=spelt)
        assert money_of(bank, owner) == SUM

    def test_a_repeated_txn_id_is_credited_once_and_answered_alike(self, bank: Bank) -> None:
        """formancehq/stack#1464: the same request twice paid twice."""
        owner = customer(bank)
        first = top_up(bank, SUM, txn_id="7")
        before = moved(bank)
        assert [top_up(bank, SUM, txn_id="7") for _ in range(3)] == [first] * 3
        assert moved(bank) == before
        assert money_of(bank, owner) == SUM

    def test_a_txn_id_told_sixteen_times_at_once_is_credited_once(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        answers = at_once(lambda: top_up(any_bank, SUM, txn_id="7"), times=16)
        assert len(set(answers_of(answers))) == 1
        assert {type(each) for each in refusals(answers)} <= {Busy}
        assert money_of(any_bank, owner) == SUM
        assert states(any_bank, owner) == ["done"]
        assert len(messages(any_bank, PHONE)) == 1
        assert top_up(any_bank, SUM, txn_id="7") == answers_of(answers)[0]
        assert_clean(any_bank)

    @pytest.mark.parametrize(
        "other", [{"amount": Money.tenge(20_000, 1)}, {"account": OTHER_PHONE}], ids=["sum", "account"]
    )
    def test_the_same_txn_id_with_other_content_is_refused_and_moves_nothing(
        self, bank: Bank, other: dict[str, object]
    ) -> None:
        """midaz-sdk-golang#236: the same key with other content was replayed silently."""
        customer(bank)
        customer(bank, phone=OTHER_PHONE)
        top_up(bank, SUM, txn_id="7")
        before = moved(bank)
        with pytest.raises(SameIdOtherContent):
            top_up(bank, **({"amount": SUM, "txn_id": "7"} | other))
        assert moved(bank) == before

    def test_the_same_txn_id_of_another_network_is_another_top_up(self, bank: Bank) -> None:
        owner = customer(bank)
        top_up(bank, SUM, txn_id="7")
        top_up(bank, SUM, txn_id="7", network=network(bank, "other"))
        assert money_of(bank, owner) == SUM + SUM
        assert balance(bank, account(bank, "terminal_network", "other")) == SUM
        assert_clean(bank)

    def test_two_honest_identical_top_ups_both_arrive(self, bank: Bank) -> None:
        owner = customer(bank)
        moment = bank.clock.now()
        for txn_id in ("1001", "1002"):
            top_up(bank, SUM, txn_id=txn_id, txn_date=moment)
        assert money_of(bank, owner) == SUM + SUM

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"account": OTHER_PHONE}, UnknownWallet),
            ({"account": "04512287"}, BadAccount),
            ({"account": "+79161234567"}, BadAccount),
            ({"account": "87272501234"}, BadAccount),
            ({"amount": Money.tenge(99, 99)}, AmountOutOfRange),
            ({"amount": Money.tenge(500_000, 1)}, AmountOutOfRange),
        ],
    )
    def test_a_refused_top_up_moves_nothing(
        self, bank: Bank, given: dict[str, object], refusal: type[DomainError]
    ) -> None:
        customer(bank)
        before = moved(bank)
        with pytest.raises(refusal):
            top_up(bank, **given)
        assert moved(bank) == before

    @pytest.mark.parametrize("tenge", [100, 500_000])
    def test_the_least_and_the_most_are_taken(self, bank: Bank, tenge: int) -> None:
        owner = customer(bank)
        top_up(bank, Money.tenge(tenge))
        assert money_of(bank, owner) == Money.tenge(tenge)

    def test_the_range_is_told_with_the_refusal(self, bank: Bank) -> None:
        customer(bank)
        with pytest.raises(AmountOutOfRange) as refusal:
            top_up(bank, Money.tenge(1))
        limits = {"minimum": Money.tenge(100), "maximum": Money.tenge(500_000), "too_small": True}
        assert refusal.value.params == limits

    def test_a_refused_txn_id_can_be_told_again_rightly(self, bank: Bank) -> None:
        owner = customer(bank)
        with pytest.raises(AmountOutOfRange):
            top_up(bank, Money.tenge(1), txn_id="7")
        top_up(bank, SUM, txn_id="7")
        assert money_of(bank, owner) == SUM

    @pytest.mark.parametrize("tiyn", [10**12, 10**15])
    def test_large_sums_arrive_to_the_tiyn(self, any_bank: Bank, tiyn: int) -> None:
        owner = customer(any_bank)
        slug = network(any_bank, "vault", maximum_tiyn=10**15)
        top_up(any_bank, Money(tiyn), network=slug)
        assert money_of(any_bank, owner) == Money(tiyn)
        assert_clean(any_bank)


class TestLate:
    def late(self, bank: Bank, **overrides: object) -> TopUpResult:
        return top_up(bank, Money.tenge(500), **({"terminal": SLOW_TERMINAL} | overrides))

    def test_a_late_top_up_is_on_its_way_and_not_in_the_wallet(self, bank: Bank) -> None:
        owner = customer(bank)
        answer = self.late(bank)
        assert answer.credited is False
        assert money_of(bank, owner) == ZERO
        assert states(bank, owner) == ["on_way"]
        assert balance(bank, account(bank, "topups_on_way")) == Money.tenge(500)
        assert messages(bank) == []
        assert_clean(bank)

    def test_it_is_credited_once_it_has_arrived_and_not_before(self, bank: Bank) -> None:
        owner = customer(bank)
        self.late(bank)
        bank.clock.jump(timedelta(seconds=115))
        assert credit_due(bank) == 0
        bank.clock.jump(timedelta(seconds=5))
        assert credit_due(bank) == 1
        assert credit_due(bank) == 0
        assert money_of(bank, owner) == Money.tenge(500)
        assert states(bank, owner) == ["done"]
        assert [template for template, _ in messages(bank, PHONE)] == ["topup_credited"]
        assert_clean(bank)

    def test_repeats_answer_not_credited_and_later_credited(self, bank: Bank) -> None:
        customer(bank)
        first = self.late(bank, txn_id="7")
        assert self.late(bank, txn_id="7") == first
        bank.clock.jump(timedelta(minutes=31))
        credit_due(bank)
        again = self.late(bank, txn_id="7")
        assert (again.id, again.credited) == (first.id, True)
        assert entries(bank) == 2

    def test_two_workers_at_once_credit_it_once(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        for _ in range(3):
            self.late(any_bank)
        any_bank.clock.jump(timedelta(minutes=3))
        answers = at_once(lambda: credit_due(any_bank), times=4)
        assert refusals(answers) == []
        credit_due(any_bank)
        assert sum(answers) <= 3
        assert money_of(any_bank, owner) == Money.tenge(1_500)
        assert entries(any_bank, "topup_credited") == 3
        assert len(messages(any_bank, PHONE)) == 3
        assert_clean(any_bank)

    def test_a_credit_while_the_network_repeats_is_still_one(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        self.late(any_bank, txn_id="7")
        any_bank.clock.jump(timedelta(minutes=3))
        answers = at_once(lambda: credit_due(any_bank), lambda: self.late(any_bank, txn_id="7"), times=4)
        assert refusals(answers) == []
        credit_due(any_bank)
        assert money_of(any_bank, owner) == Money.tenge(500)
        assert_clean(any_bank)

    def test_a_slow_terminal_of_another_network_delays_nothing(self, bank: Bank) -> None:
        customer(bank)
        assert self.late(bank, network=network(bank, "other")).credited

    def test_only_its_owner_learns_when_it_arrives(self, bank: Bank) -> None:
        owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
        subject = f"topup:{self.late(bank).id}"
        due = bank.db.read_now(topups.arrives_at, customer_id=owner, subject=subject)
        assert due is not None
        assert bank.db.read_now(topups.due, until=due) == [(subject, due)]
        assert bank.db.read_now(topups.due, until=due - timedelta(seconds=1)) == []
        with pytest.raises(NotFound):
            bank.db.read_now(topups.arrives_at, customer_id=other, subject=subject)
        bank.clock.jump(timedelta(minutes=3))
        credit_due(bank)
        assert bank.db.read_now(topups.arrives_at, customer_id=owner, subject=subject) is None
        assert bank.db.read_now(topups.due, until=bank.clock.now() + timedelta(days=9)) == []


class TestCheck:
    def test_the_masked_name_is_all_that_is_told(self, bank: Bank) -> None:
        customer(bank)
        assert check(bank) == "Айгүл Н."

    @pytest.mark.parametrize(
        ("given", "refusal"),
        [
            ({"account": OTHER_PHONE}, UnknownWallet),
            ({"account": "123"}, BadAccount),
            ({"amount": Money.tenge(99)}, AmountOutOfRange),
            ({"amount": Money.tenge(500_001)}, AmountOutOfRange),
        ],
    )
    def test_it_refuses_what_pay_would(self, bank: Bank, given: dict[str, object], refusal: type[DomainError]) -> None:
        customer(bank)
        with pytest.raises(refusal):
            check(bank, **given)

    def test_a_terminal_looks_up_thirty_numbers_a_minute_and_no_more(self, bank: Bank, watch: Watch) -> None:
        for _ in range(30):
            count_look_up(bank)
        with pytest.raises(Busy):
            count_look_up(bank)
        count_look_up(bank, "almaty-02")
        watch.later(seconds=61)
        count_look_up(bank)

    def test_look_ups_that_found_nobody_count_too(self, bank: Bank) -> None:
        """Somebody who asks number after number for who has a wallet is stopped like one who collects names."""
        for _ in range(30):
            count_look_up(bank)
            with pytest.raises(UnknownWallet):
                check(bank)
        with pytest.raises(Busy):
            count_look_up(bank)

    def test_look_ups_made_at_once_do_not_go_past_the_limit(self, any_bank: Bank) -> None:
        for _ in range(25):
            count_look_up(any_bank)
        answers = at_once(lambda: count_look_up(any_bank), times=12)
        assert len(answers_of(answers)) == 5
        assert {type(each) for each in refusals(answers)} == {Busy}


class TestPassword:
    def test_the_networks_password_opens_its_own_door_only(self, bank: Bank) -> None:
        network(bank, "other", secret="theirs")
        ours = network_secret(bank, "kaspi")
        pairs = [
            ("kaspi", ours),
            ("kaspi", ours + "x"),
            ("kaspi", ""),
            ("other", ours),
            ("other", "theirs"),
            ("no", ""),
        ]
        opened = [bank.db.read_now(topups.authenticate, network=name, secret=word) for name, word in pairs]
        assert opened == [True, False, False, False, True, False]

    def test_the_password_cannot_be_read_from_the_database(self, bank: Bank) -> None:
        assert network_secret(bank, "kaspi") not in str(sql(bank, "SELECT * FROM terminal_network"))
