"""Credit: interest by days, early repayments that make payments smaller, and returned goods of every kind of plan."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from kaspi_web.domain.loans.plans import OnePlan
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel import annuity
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make import plans as make
from tests.make.ledger import account as account_of
from tests.make.ledger import assert_clean, balance, sql

K = Money.tenge


def purse(bank: Bank, customer_id: int) -> Money:
    return bank.db.read_now(wallet.balances, customer_id=customer_id).wallet


def total_interest(plan: OnePlan) -> Money:
    return sum((row.interest for row in plan.rows), ZERO)


def income(bank: Bank) -> Money:
    return balance(bank, account_of(bank, "interest_income"))


class TestEarly:
    """A part before its time, and the whole."""

    def test_interest_runs_by_days_and_the_rest_makes_the_payments_smaller(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(200_000))
        loan = make.lent(bank, me, K(100_000), "credit", 12)
        before = make.seen(bank, me, loan)
        days = (before.rows[0].due_on - bank.clock.today()).days
        bank.clock.jump(timedelta(days=10))
        paid = make.pay(bank, me, make.address(bank, loan), K(50_000))
        exact = Fraction(100_000_00 * 2_800 * 10, 120_000 * days)
        assert abs(paid.interest.tiyn - exact) <= Fraction(1, 2)
        assert paid.principal == K(50_000) - paid.interest
        after = make.seen(bank, me, loan)
        assert len(after.rows) == len(before.rows)
        left = K(100_000) - paid.principal
        assert after.plan.left == left
        assert after.early == paid.principal
        assert after.rows[1].sum == annuity.payment(left, 2_800, 12)
        assert total_interest(after) < total_interest(before)
        assert sum((row.principal for row in after.rows), ZERO) == left
        assert_clean(bank)

    def test_early_money_is_repaid_without_anything_on_top_on_the_day_of_the_hand_over(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(200_000))
        loan = make.lent(bank, me, K(100_000), "credit", 12)
        paid = make.pay(bank, me, make.address(bank, loan), K(100_000), way="whole")
        assert paid.interest == ZERO
        assert make.seen(bank, me, loan).plan.state == "closed"
        assert income(bank) == ZERO
        assert_clean(bank)

    def test_two_early_repayments_cost_the_interest_of_their_days(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(200_000))
        loan = make.lent(bank, me, K(100_000), "credit", 6)
        plan = make.address(bank, loan)
        for _ in range(2):
            bank.clock.jump(timedelta(days=7))
            make.pay(bank, me, plan, K(20_000))
        assert make.pay(bank, me, plan, K(1_000)).interest == ZERO, "of one day interest is paid once"
        assert_clean(bank)

    def test_a_sum_below_the_interest_pays_interest_only(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(200_000))
        loan = make.lent(bank, me, K(100_000), "credit", 6)
        bank.clock.jump(timedelta(days=20))
        paid = make.pay(bank, me, make.address(bank, loan), Money(1))
        assert (paid.interest, paid.principal) == (Money(1), ZERO)
        assert make.seen(bank, me, loan).plan.left == K(100_000)
        assert_clean(bank)

    def test_the_schedule_paid_on_its_days_costs_what_was_said(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(200_000))
        loan = make.lent(bank, me, K(100_000), "credit", 6)
        make.automatic(bank, me, make.address(bank, loan))
        said = make.seen(bank, me, loan)
        make.live(bank, said.rows[-1].due_on)
        assert make.seen(bank, me, loan).plan.state == "closed"
        total = sum((row.sum for row in said.rows), ZERO)
        assert purse(bank, me) == K(200_000) - total
        assert income(bank) == total - K(100_000)
        assert [row.state for row in make.seen(bank, me, loan).rows] == ["paid"] * 6
        assert_clean(bank)

    def test_late_principal_bears_no_interest_beyond_the_fine(self, bank: Bank) -> None:
        me = make.borrower(bank)
        loan = make.lent(bank, me, K(100_000), "credit", 6)
        said = make.seen(bank, me, loan)
        make.live(bank, said.rows[-1].due_on + timedelta(days=100))
        assert total_interest(make.seen(bank, me, loan)) == total_interest(said)
        assert balance(bank, account_of(bank, "fine_income")) == K(12_000)
        assert_clean(bank)

    def test_due_money_goes_to_interest_and_principal_of_the_oldest_then_to_fines_then_ahead(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(100_000))
        loan = make.lent(bank, me, K(60_000), "credit", 6)
        rows = make.seen(bank, me, loan).rows
        make.live(bank, rows[0].due_on + timedelta(days=3))
        plan = make.address(bank, loan)
        first = make.pay(bank, me, plan, rows[0].interest, way="due")
        assert first.interest == rows[0].interest
        second = make.pay(bank, me, plan, rows[0].principal + K(500), way="due")
        assert (second.principal, second.fine) == (rows[0].principal, K(500))
        third = make.pay(bank, me, plan, K(11_500))
        assert third.fine == K(1_500)
        assert third.principal + third.interest == K(10_000)
        assert third.interest > ZERO
        assert_clean(bank)


class TestReturns:
    """Goods that came back."""

    @pytest.mark.parametrize("kind", ["red", "instalment"])
    def test_payments_are_cancelled_from_the_last_one_back(self, bank: Bank, kind: str) -> None:
        me = make.member(bank)
        loan = make.lent(bank, me, K(30_000), kind)
        made = make.give_back(bank, loan, K(14_000))
        assert (made.off_plan, made.overpaid) == (K(14_000), ZERO)
        rows = make.seen(bank, me, loan).rows
        assert [row.left for row in rows] == [K(10_000), K(6_000), ZERO]
        assert [row.state for row in rows] == ["next", "coming", "cancelled"]
        if kind == "red":
            assert make.club(bank, me).member.used == K(16_000)
        assert_clean(bank)

    @pytest.mark.parametrize("kind", ["red", "instalment"])
    def test_what_was_paid_already_goes_to_the_wallet(self, bank: Bank, kind: str) -> None:
        me = make.member(bank, money=K(20_000))
        loan = make.lent(bank, me, K(30_000), kind)
        make.pay(bank, me, "red" if kind == "red" else make.address(bank, loan), K(20_000))
        made = make.give_back(bank, loan, K(15_000))
        assert (made.off_plan, made.overpaid) == (K(10_000), K(5_000))
        assert purse(bank, me) == K(5_000)
        assert make.seen(bank, me, loan).plan.state == "closed"
        made = make.give_back(bank, loan, K(15_000))
        assert (made.off_plan, made.overpaid) == (ZERO, K(15_000))
        assert purse(bank, me) == K(20_000)
        assert_clean(bank)

    def test_more_than_was_lent_never_comes_back(self, bank: Bank) -> None:
        loan = make.lent(bank, make.member(bank), K(30_000))
        make.give_back(bank, loan, K(29_000))
        with pytest.raises(AssertionError):
            make.give_back(bank, loan, K(1_001))
        assert_clean(bank)

    def test_a_credit_is_recomputed_for_what_remains(self, bank: Bank) -> None:
        me = make.borrower(bank)
        loan = make.lent(bank, me, K(100_000), "credit", 12)
        before = make.seen(bank, me, loan)
        bank.clock.jump(timedelta(days=10))
        made = make.give_back(bank, loan, K(40_000))
        assert made.off_plan == K(40_000)
        after = make.seen(bank, me, loan)
        assert after.plan.left == K(60_000)
        assert after.rows[1].sum == annuity.payment(K(60_000), 2_800, 12)
        assert after.returned == K(40_000)
        assert total_interest(after) < total_interest(before)
        assert_clean(bank)

    def test_a_credit_whose_goods_all_came_back_costs_nothing(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(50_000))
        loan = make.lent(bank, me, K(100_000), "credit", 6)
        rows = make.seen(bank, me, loan).rows
        make.live(bank, rows[0].due_on + timedelta(days=1))
        make.pay(bank, me, make.address(bank, loan), rows[0].sum, way="due")
        make.live(bank, rows[1].due_on + timedelta(days=5))
        assert income(bank) > ZERO
        made = make.give_back(bank, loan, K(100_000))
        assert made.overpaid == rows[0].principal
        assert purse(bank, me) == K(50_000)
        assert income(bank) == ZERO
        assert balance(bank, account_of(bank, "fine_income")) == ZERO, "an unpaid fine is dropped"
        assert make.seen(bank, me, loan).plan.state == "closed"
        listed = bank.db.read_now(wallet.operations, customer_id=me)
        assert [each.kind for each in listed] == ["interest_back", "repayment"]
        assert listed[0].amount == rows[0].interest
        assert_clean(bank)

    def test_goods_in_pieces_come_to_the_same_as_all_at_once(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(50_000))
        loan = make.lent(bank, me, K(100_000), "credit", 6)
        rows = make.seen(bank, me, loan).rows
        make.live(bank, rows[0].due_on)
        make.pay(bank, me, make.address(bank, loan), rows[0].sum, way="due")
        for part in (30_000, 1, 69_999):
            bank.clock.jump(timedelta(days=2))
            make.give_back(bank, loan, K(part))
            assert_clean(bank)
        assert make.seen(bank, me, loan).plan.state == "closed"
        assert income(bank) == ZERO
        back = sum((each.amount for each in bank.db.read_now(wallet.operations, customer_id=me)), ZERO)
        assert purse(bank, me) == K(50_000) + back + rows[0].principal

    def test_with_all_goods_back_delivery_stays_owed_and_bears_no_interest(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(50_000))
        loan = make.lent(bank, me, K(101_500), "credit", 6)
        bank.clock.jump(timedelta(days=10))
        make.give_back(bank, loan, K(100_000), all_goods=True)
        plan = make.seen(bank, me, loan)
        assert plan.owed is not None
        assert plan.owed.whole == K(1_500)
        bank.clock.jump(timedelta(days=10))
        paid = make.pay(bank, me, make.address(bank, loan), K(1_500), way="whole")
        assert paid.interest == ZERO
        assert make.seen(bank, me, loan).plan.state == "closed"
        assert_clean(bank)

    def test_fines_of_an_instalment_are_dropped_with_all_its_goods_and_those_of_red_are_not(self, bank: Bank) -> None:
        me = make.member(bank)
        loans = {kind: make.lent(bank, me, K(30_000), kind) for kind in ("red", "instalment")}
        bank.clock.jump(timedelta(days=70))
        make.work(bank)
        owed = sql(bank, "SELECT subject, SUM(fine_tiyn) FROM due_bill GROUP BY 1 ORDER BY 1")
        assert all(fine >= 200_000 for _, fine in owed)
        for loan in loans.values():
            make.give_back(bank, loan, K(30_000))
        assert make.seen(bank, me, loans["instalment"]).plan.state == "closed"
        assert make.club(bank, me).owed.fine >= K(2_000)
        assert sql(bank, "SELECT SUM(fine_tiyn) FROM due_bill WHERE subject <> 'red'") == [(0,)]
        assert_clean(bank)
