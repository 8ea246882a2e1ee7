"""Posting, holding, capturing, releasing: each deed, each refusal, and two at once."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.ledger import service as ledger
from kaspi_web.domain.ledger.service import HoldSpent, InsufficientFunds, Move
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.database import Unit
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make.ledger import (
    account,
    assert_clean,
    balance,
    capture,
    entries,
    fresh_key,
    hold,
    moved,
    post,
    release,
    sql,
    wallet,
)
from tests.make.races import answers_of, at_once, refusals

TEN = Money.tenge(10)


class TestPost:
    def test_an_entry_moves_both_kept_balances(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        post(bank, (one, two, Money.tenge(4)))
        assert (balance(bank, one), balance(bank, two)) == (Money.tenge(6), Money.tenge(4))
        assert_clean(bank)

    def test_an_entry_may_have_several_postings(self, bank: Bank) -> None:
        one, two, three = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2"), wallet(bank, owner="3")
        post(bank, (one, two, Money.tenge(4)), (one, three, Money.tenge(6)))
        assert [balance(bank, each) for each in (one, two, three)] == [ZERO, Money.tenge(4), Money.tenge(6)]
        assert_clean(bank)

    def test_an_account_passed_through_in_one_entry_needs_no_money_of_its_own(self, bank: Bank) -> None:
        one, two, three = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2"), wallet(bank, owner="3")
        post(bank, (two, three, TEN), (one, two, TEN))
        assert [balance(bank, each) for each in (one, two, three)] == [ZERO, ZERO, TEN]
        assert_clean(bank)

    def test_the_balance_of_a_system_account_is_summed_on_its_normal_side(self, bank: Bank) -> None:
        wallet(bank, money=TEN)
        assert balance(bank, account(bank, "terminal_network", "kaspi")) == TEN

    def test_a_system_account_that_may_not_be_kept_has_no_balance_row(self, bank: Bank) -> None:
        account(bank, "holds")
        assert sql(bank, "SELECT balance_tiyn FROM account WHERE kind = 'holds'") == [(None,)]

    def test_insufficient_funds_moves_nothing_and_says_how_much_is_missing(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        before = moved(bank)
        with pytest.raises(InsufficientFunds) as refusal:
            post(bank, (one, two, Money.tenge(10, 1)))
        assert refusal.value.params == {"missing": Money(1)}
        assert moved(bank) == before

    def test_the_second_posting_of_an_entry_refused_takes_the_first_back(self, bank: Bank) -> None:
        one, two, three = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2"), wallet(bank, owner="3")
        before = moved(bank)
        with pytest.raises(InsufficientFunds):
            post(bank, (one, two, TEN), (three, one, TEN))
        assert moved(bank) == before

    def test_the_whole_balance_can_be_spent(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        post(bank, (one, two, TEN))
        assert balance(bank, one) == ZERO

    def test_a_merchant_may_owe_the_bank(self, bank: Bank) -> None:
        merchant, one = account(bank, "merchant", "m"), wallet(bank, owner="1")
        post(bank, (merchant, one, TEN))
        assert balance(bank, merchant) == -TEN
        assert_clean(bank)

    def test_the_same_key_never_posts_twice(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        post(bank, (one, two, Money.tenge(1)), key="once")
        before = moved(bank)
        with pytest.raises(IntegrityError):
            post(bank, (one, two, Money.tenge(1)), key="once")
        assert moved(bank) == before

    @pytest.mark.parametrize("sum_", [ZERO, Money(-1)])
    def test_a_posting_of_nothing_or_less_is_not_written(self, bank: Bank, sum_: Money) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2", money=TEN)
        before = moved(bank)
        with pytest.raises(IntegrityError):
            post(bank, (one, two, sum_))
        assert moved(bank) == before

    def test_a_posting_from_an_account_to_itself_is_not_written(self, bank: Bank) -> None:
        one = wallet(bank, money=TEN)
        with pytest.raises(IntegrityError):
            post(bank, (one, one, TEN))
        assert_clean(bank)

    def test_an_entry_without_postings_is_a_programmers_error(self, bank: Bank) -> None:
        with pytest.raises(AssertionError):
            post(bank)

    def test_a_refusal_after_the_posting_leaves_no_cached_balance_behind(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")

        def changes_its_mind(unit: Unit) -> None:
            ledger.post(unit, kind="test", key=fresh_key(), moves=[Move(one, two, TEN)])
            assert ledger.balance(unit, two) == TEN
            raise NotFound

        with pytest.raises(NotFound):
            bank.db.write_now(changes_its_mind)
        assert (balance(bank, one), balance(bank, two)) == (TEN, ZERO)
        assert_clean(bank)

    def test_the_balance_of_no_account_is_not_found(self, bank: Bank) -> None:
        with pytest.raises(NotFound):
            balance(bank, 999)

    @pytest.mark.parametrize("tiyn", [10**12, 10**15])
    def test_large_sums_keep_every_tiyn(self, any_bank: Bank, tiyn: int) -> None:
        one, two = wallet(any_bank, owner="1", money=Money(tiyn)), wallet(any_bank, owner="2")
        post(any_bank, (one, two, Money(tiyn - 1)))
        assert (balance(any_bank, one), balance(any_bank, two)) == (Money(1), Money(tiyn - 1))
        assert_clean(any_bank)


class TestHold:
    def test_held_money_is_not_available(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        hold(bank, one, Money.tenge(7))
        assert balance(bank, one) == Money.tenge(3)
        assert balance(bank, account(bank, "holds")) == Money.tenge(7)
        with pytest.raises(InsufficientFunds):
            post(bank, (one, two, Money.tenge(4)))
        assert_clean(bank)

    def test_more_than_there_is_cannot_be_held_and_nothing_is_moved(self, bank: Bank) -> None:
        one = wallet(bank, money=TEN)
        before = moved(bank)
        with pytest.raises(InsufficientFunds):
            hold(bank, one, Money.tenge(11))
        assert moved(bank) == before

    def test_a_capture_pays_the_held_money(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        held = hold(bank, one, TEN)
        capture(bank, held, TEN, two)
        assert (balance(bank, one), balance(bank, two), balance(bank, account(bank, "holds"))) == (ZERO, TEN, ZERO)
        assert_clean(bank)

    def test_a_release_gives_the_money_back_to_where_it_came_from(self, bank: Bank) -> None:
        one = wallet(bank, money=TEN)
        held = hold(bank, one, TEN)
        release(bank, held, TEN)
        assert (balance(bank, one), balance(bank, account(bank, "holds"))) == (TEN, ZERO)
        assert_clean(bank)

    def test_a_hold_may_be_captured_in_part_and_the_rest_released(self, bank: Bank) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        held = hold(bank, one, TEN)
        capture(bank, held, Money.tenge(3), two)
        assert_clean(bank)
        capture(bank, held, Money.tenge(2), two)
        release(bank, held, Money.tenge(5))
        assert (balance(bank, one), balance(bank, two)) == (Money.tenge(5), Money.tenge(5))
        assert_clean(bank)

    @pytest.mark.parametrize("first", ["capture", "release"])
    @pytest.mark.parametrize("second", ["capture", "release"])
    def test_a_hold_is_never_spent_twice(self, bank: Bank, first: str, second: str) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        held = hold(bank, one, TEN)
        take(bank, first, held, TEN, two)
        before = moved(bank)
        with pytest.raises(HoldSpent):
            take(bank, second, held, TEN, two)
        assert moved(bank) == before
        assert_clean(bank)

    @pytest.mark.parametrize("deed", ["capture", "release"])
    def test_more_than_is_still_held_cannot_be_taken(self, bank: Bank, deed: str) -> None:
        one, two = wallet(bank, owner="1", money=TEN), wallet(bank, owner="2")
        held = hold(bank, one, Money.tenge(6))
        capture(bank, held, Money.tenge(2), two)
        before = moved(bank)
        with pytest.raises(HoldSpent):
            take(bank, deed, held, Money.tenge(4, 1), two)
        assert moved(bank) == before

    def test_a_hold_that_is_none_cannot_be_taken(self, bank: Bank) -> None:
        with pytest.raises(HoldSpent):
            release(bank, 999, TEN)

    def test_one_subject_is_held_once(self, bank: Bank) -> None:
        one = wallet(bank, money=TEN)
        hold(bank, one, Money.tenge(1), subject="intent:a")
        before = moved(bank)
        with pytest.raises(IntegrityError):
            hold(bank, one, Money.tenge(1), subject="intent:a")
        assert moved(bank) == before


def take(bank: Bank, deed: str, held: int, sum_: Money, to: int) -> int:
    return capture(bank, held, sum_, to) if deed == "capture" else release(bank, held, sum_)


class TestAtOnce:
    def test_an_account_opened_by_many_at_once_is_one_account(self, any_bank: Bank) -> None:
        ids = at_once(lambda: account(any_bank, "wallet", "77"), times=16)
        assert refusals(ids) == []
        assert len(set(ids)) == 1
        assert sql(any_bank, "SELECT COUNT(*) FROM account WHERE kind = 'wallet' AND owner = '77'") == [(1,)]

    def test_a_balance_is_never_spent_below_zero_by_32_at_once(self, any_bank: Bank) -> None:
        one, two = wallet(any_bank, owner="1", money=TEN), wallet(any_bank, owner="2")
        answers = at_once(lambda: post(any_bank, (one, two, Money.tenge(1))), times=32)
        assert len(answers_of(answers)) == 10
        assert {type(each) for each in refusals(answers)} == {InsufficientFunds}
        assert (balance(any_bank, one), balance(any_bank, two)) == (ZERO, TEN)
        assert_clean(any_bank)

    def test_no_credit_is_lost_on_the_receiving_side(self, any_bank: Bank) -> None:
        payers = [wallet(any_bank, owner=str(number), money=TEN) for number in range(1, 17)]
        receiver = wallet(any_bank, owner="99")
        answers = at_once(*(lambda payer=payer: post(any_bank, (payer, receiver, TEN)) for payer in payers))
        assert refusals(answers) == []
        assert balance(any_bank, receiver) == Money.tenge(160)
        assert_clean(any_bank)

    def test_opposite_moves_do_not_lock_each_other_out(self, any_bank: Bank) -> None:
        one, two = wallet(any_bank, owner="1", money=TEN), wallet(any_bank, owner="2", money=TEN)
        there, back = (
            lambda: post(any_bank, (one, two, Money(1))),
            lambda: post(any_bank, (two, one, Money(1))),
        )
        before = deadlocks(any_bank)
        assert refusals(at_once(there, back, times=12)) == []
        assert (balance(any_bank, one), balance(any_bank, two)) == (TEN, TEN)
        # A deadlock that a retry heals is still a lock taken in the wrong order.
        assert deadlocks(any_bank) == before
        assert_clean(any_bank)

    @pytest.mark.parametrize("deed", ["capture", "release"])
    def test_a_hold_taken_by_many_at_once_is_taken_once(self, any_bank: Bank, deed: str) -> None:
        one, two = wallet(any_bank, owner="1", money=TEN), wallet(any_bank, owner="2")
        held = hold(any_bank, one, TEN)
        answers = at_once(lambda: take(any_bank, deed, held, TEN, two), times=8)
        assert len(answers_of(answers)) == 1
        assert {type(each) for each in refusals(answers)} == {HoldSpent}
        assert balance(any_bank, two if deed == "capture" else one) == TEN
        assert_clean(any_bank)

    def test_of_a_capture_and_a_release_at_once_only_one_happens(self, any_bank: Bank) -> None:
        one, two = wallet(any_bank, owner="1", money=TEN), wallet(any_bank, owner="2")
        for _ in range(5):
            held = hold(any_bank, one, Money.tenge(2))
            answers = at_once(
                lambda held=held: capture(any_bank, held, Money.tenge(2), two),
                lambda held=held: release(any_bank, held, Money.tenge(2)),
            )
            assert len(answers_of(answers)) == 1
            assert [type(each) for each in refusals(answers)] == [HoldSpent]
        assert balance(any_bank, one) + balance(any_bank, two) == TEN
        assert balance(any_bank, account(any_bank, "holds")) == ZERO
        assert_clean(any_bank)

    def test_the_same_key_at_once_posts_once(self, any_bank: Bank) -> None:
        one, two = wallet(any_bank, owner="1", money=TEN), wallet(any_bank, owner="2")
        before = entries(any_bank)
        answers = at_once(lambda: post(any_bank, (one, two, Money.tenge(1)), key="once"), times=8)
        assert len(answers_of(answers)) == 1
        assert {type(each) for each in refusals(answers)} == {IntegrityError}
        assert entries(any_bank) == before + 1
        assert balance(any_bank, two) == Money.tenge(1)
        assert_clean(any_bank)


def deadlocks(bank: Bank) -> int:
    if bank.db.engine.dialect.name == "sqlite":
        return 0
    sql(bank, "SELECT pg_stat_force_next_flush()")
    return sql(bank, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0][0]
