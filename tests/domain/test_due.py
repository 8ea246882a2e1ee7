"""Due days: each step of a bill once, in the order of days, also after a stop and by several workers at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from kaspi_web.domain.loans import due
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.clock import ALMATY
from kaspi_web.kernel.money import ZERO, Money
from tests.make import plans as make
from tests.make.customers import OTHER_PHONE
from tests.make.ledger import account, assert_clean, balance, give, sql
from tests.make.races import at_once, refusals

K = Money.tenge


def purse(bank: Bank, customer_id: int) -> Money:
    return bank.db.read_now(wallet.balances, customer_id=customer_id).wallet


def runs(bank: Bank) -> list[tuple[str, int]]:
    """Steps in the order they were done, with the days between the bill's day and the run."""
    rows = sql(bank, "SELECT r.step, r.run_on, b.due_on FROM due_run r JOIN due_bill b ON b.id = r.bill_id")
    days = [(step, (_day(run_on) - _day(due_on)).days) for step, run_on, due_on in rows]
    return sorted(days, key=lambda each: each[1])


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def bill_day(bank: Bank, customer_id: int) -> date:
    return make.club(bank, customer_id).bills[0].due_on


class TestTheLateRule:
    """Day 1 is noted, day 2 costs 2 000 once, nothing beyond."""

    def test_a_bill_that_nobody_pays_is_reminded_of_noted_late_and_fined_once(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(9_000))
        day = bill_day(bank, me)
        make.live(bank, day + timedelta(days=20))
        assert runs(bank) == [("remind", -3), ("due", 0), ("late", 1), ("fine", 2)]
        assert make.texts(bank) == ["loan_remind_red", "loan_late_red", "loan_fine_red"]
        assert make.club(bank, me).owed.fine == K(2_000)
        assert balance(bank, account(bank, "fine_income")) == K(2_000)
        assert_clean(bank)

    @pytest.mark.parametrize(("hour", "waits"), [(0, 9), (8, 1), (9, 0), (20, 0), (21, 12), (23, 10)])
    def test_nobody_is_woken_by_the_text_of_a_step(self, bank: Bank, hour: int, waits: int) -> None:
        make.lent(bank, me := make.member(bank), K(9_000))
        moment = datetime.combine(bill_day(bank, me) - timedelta(days=3), time(hour), ALMATY)
        bank.clock.jump(moment - bank.clock.now())
        make.work(bank)
        (row,) = sql(bank, "SELECT created_at, due_at FROM sms_message WHERE template = 'loan_remind_red'")
        made, due_at = (datetime.fromisoformat(str(each)) for each in row)
        assert round((due_at - made) / timedelta(hours=1)) == waits

    def test_whoever_pays_automatically_is_fined_only_for_what_the_wallet_lacks_on_the_second_day(
        self, bank: Bank
    ) -> None:
        make.lent(bank, me := make.member(bank), K(9_000))
        make.automatic(bank, me, "red")
        day = bill_day(bank, me)
        make.live(bank, day + timedelta(days=1))
        give(bank, me, K(3_000))
        make.live(bank, day + timedelta(days=5))
        assert (purse(bank, me), make.club(bank, me).owed.fine) == (ZERO, ZERO)
        assert_clean(bank)

    def test_what_is_late_is_taken_day_after_day_as_money_comes(self, bank: Bank) -> None:
        make.lent(bank, me := make.member(bank), K(9_000))
        make.automatic(bank, me, "red")
        day = bill_day(bank, me)
        for ahead, sum, left in ((5, 1_000, 4_000), (6, 0, 4_000), (9, 5_000, 0)):
            make.live(bank, day + timedelta(days=ahead))
            if sum:
                give(bank, me, K(sum))
            make.live(bank, day + timedelta(days=ahead + 1))
            assert make.club(bank, me).owed.now == K(left)
        assert purse(bank, me) == K(1_000)
        make.live(bank, day + timedelta(days=12))
        assert purse(bank, me) == K(1_000)
        assert_clean(bank)

    def test_whoever_switches_it_on_later_pays_what_is_late_too(self, bank: Bank) -> None:
        make.lent(bank, me := make.member(bank), K(9_000))
        make.live(bank, bill_day(bank, me) + timedelta(days=4))
        give(bank, me, K(6_000))
        make.automatic(bank, me, "red")
        make.work(bank)
        assert (purse(bank, me), make.club(bank, me).owed.now) == (K(1_000), ZERO)
        assert_clean(bank)

    @pytest.mark.parametrize(
        ("paid_after", "texts", "fine"),
        [
            (-1, ["loan_remind_red", "repaid_red"], 0),
            (0, ["loan_remind_red", "repaid_red"], 0),
            (1, ["loan_remind_red", "loan_late_red", "repaid_red"], 0),
            (2, ["loan_remind_red", "loan_late_red", "loan_fine_red", "repaid_red"], 2_000),
        ],
    )
    def test_who_pays_in_time_is_left_alone(self, bank: Bank, paid_after: int, texts: list[str], fine: int) -> None:
        me = make.member(bank, money=K(20_000))
        make.lent(bank, me, K(9_000))
        day = bill_day(bank, me)
        make.live(bank, day + timedelta(days=paid_after))
        make.pay(bank, me, "red", K(3_000), way="due")
        make.live(bank, day + timedelta(days=10))
        assert make.texts(bank) == texts
        assert make.club(bank, me).owed.fine == K(fine)
        assert_clean(bank)

    def test_a_part_that_is_missing_is_late_as_the_whole_is(self, bank: Bank) -> None:
        me = make.member(bank, money=K(20_000))
        make.lent(bank, me, K(9_000))
        make.pay(bank, me, "red", K(3_000) - Money(1))
        make.live(bank, bill_day(bank, me) + timedelta(days=2))
        assert make.club(bank, me).owed.now == K(2_000) + Money(1)
        assert_clean(bank)

    def test_money_goes_to_the_oldest_principal_first_and_to_fines_last(self, bank: Bank) -> None:
        me = make.member(bank, money=K(20_000))
        make.lent(bank, me, K(9_000))
        make.live(bank, make.club(bank, me).bills[1].due_on + timedelta(days=2))
        assert make.club(bank, me).owed.fine == K(4_000)
        paid = make.pay(bank, me, "red", K(6_500), way="due")
        assert (paid.principal, paid.fine) == (K(6_000), K(500))
        assert [bill.fine_left for bill in make.club(bank, me).bills[:2]] == [K(1_500), K(2_000)]
        assert make.club(bank, me).member.used == K(3_000)
        assert_clean(bank)

    def test_several_purchases_of_red_are_fined_once(self, bank: Bank) -> None:
        me = make.member(bank)
        for amount in (9_000, 6_000, 3_000):
            make.lent(bank, me, K(amount))
        make.live(bank, bill_day(bank, me) + timedelta(days=5))
        assert balance(bank, account(bank, "fine_income")) == K(2_000)
        assert_clean(bank)

    def test_every_other_plan_has_a_bill_of_its_own(self, bank: Bank) -> None:
        me = make.borrower(bank)
        for _ in range(2):
            make.lent(bank, me, K(30_000), "instalment")
        make.live(bank, bank.clock.today() + timedelta(days=36))
        assert balance(bank, account(bank, "fine_income")) == K(4_000)
        assert_clean(bank)

    def test_a_bill_that_returns_have_emptied_does_nothing(self, bank: Bank) -> None:
        me = make.member(bank)
        make.give_back(bank, make.lent(bank, me, K(9_000)), K(9_000))
        bank.clock.jump(timedelta(days=130))
        make.work(bank)
        assert make.texts(bank) == []
        assert sql(bank, "SELECT COUNT(*) FROM due_bill WHERE step <> 'none'") == [(0,)]
        assert_clean(bank)


class TestPayingAutomatically:
    """From the wallet on the day, as much as there is."""

    def test_the_bill_is_paid_on_its_day(self, bank: Bank) -> None:
        me = make.member(bank, money=K(10_000))
        make.lent(bank, me, K(9_000))
        make.automatic(bank, me, "red")
        day = bill_day(bank, me)
        make.live(bank, day - timedelta(days=1))
        assert purse(bank, me) == K(10_000)
        make.live(bank, day)
        assert purse(bank, me) == K(7_000)
        make.live(bank, day + timedelta(days=5))
        assert make.texts(bank) == ["loan_remind_red", "repaid_red"]
        assert sql(bank, "SELECT way FROM repayment") == [("automatic",)]
        assert_clean(bank)

    def test_what_is_missing_is_asked_for_once_more_when_the_day_has_ended(self, bank: Bank) -> None:
        me = make.member(bank, money=K(1_000))
        make.lent(bank, me, K(9_000))
        make.automatic(bank, me, "red")
        day = bill_day(bank, me)
        make.live(bank, day)
        assert purse(bank, me) == ZERO
        give(bank, me, K(5_000))
        make.live(bank, day + timedelta(days=5))
        assert purse(bank, me) == K(3_000)
        assert make.club(bank, me).owed.fine == ZERO
        assert "loan_late_red" not in make.texts(bank)
        assert_clean(bank)

    def test_an_empty_wallet_pays_nothing_and_is_late(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(9_000))
        make.automatic(bank, me, "red")
        make.live(bank, bill_day(bank, me) + timedelta(days=3))
        assert sql(bank, "SELECT COUNT(*) FROM repayment") == [(0,)]
        assert make.club(bank, me).owed.fine == K(2_000)
        assert_clean(bank)

    def test_who_has_switched_it_off_again_pays_by_hand(self, bank: Bank) -> None:
        me = make.member(bank, money=K(10_000))
        make.lent(bank, me, K(9_000))
        make.automatic(bank, me, "red")
        make.automatic(bank, me, "red", on=False)
        make.live(bank, bill_day(bank, me))
        assert purse(bank, me) == K(10_000)


class TestAfterAStop:
    """Nobody worked for days; the steps are done in their order, once."""

    def test_everything_is_caught_up_in_the_order_of_days(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(9_000))
        bank.clock.jump(timedelta(days=200))
        done = [step for _, step in make.work(bank)]
        assert done == ["remind", "due", "late", "fine"] * 3
        assert make.texts(bank) == ["loan_late_red", "loan_fine_red"] * 3, "nobody is reminded of a day that is over"
        assert balance(bank, account(bank, "fine_income")) == K(6_000)
        assert make.work(bank) == []
        assert_clean(bank)

    def test_who_pays_automatically_is_not_late_because_the_bank_stood_still(self, bank: Bank) -> None:
        me = make.member(bank, money=K(10_000))
        make.lent(bank, me, K(9_000))
        make.automatic(bank, me, "red")
        bank.clock.jump(timedelta(days=200))
        make.work(bank)
        assert purse(bank, me) == K(1_000)
        assert make.club(bank, me).owed.fine == ZERO
        assert_clean(bank)

    def test_one_customers_trouble_keeps_nobody_else_waiting(self, bank: Bank) -> None:
        first, second = make.member(bank), make.member(bank, phone=OTHER_PHONE)
        for each in (first, second):
            make.lent(bank, each, K(9_000))
        bank.clock.jump(timedelta(days=200))
        waiting = bank.db.read_now(due.due_now)
        assert len(waiting) == 2
        mine = sql(bank, "SELECT id FROM due_bill WHERE customer_id = :id ORDER BY due_on", id=second)
        assert bank.db.write_now(due.run, bill_id=mine[0][0], step="remind")
        assert set(bank.db.read_now(due.due_now)) == {waiting[0], (mine[0][0], "due")}

    def test_interest_of_credit_falls_due_once_whenever_it_is_run(self, bank: Bank) -> None:
        me = make.borrower(bank)
        loan = make.lent(bank, me, K(100_000), "credit", 6)
        interest = sum((row.interest for row in make.seen(bank, me, loan).rows), ZERO)
        bank.clock.jump(timedelta(days=400))
        make.work(bank)
        assert balance(bank, account(bank, "interest_income")) == interest
        assert_clean(bank)


class TestOnce:
    """Several workers, repeated runs, a day that has not come."""

    def test_four_workers_at_once_do_every_step_once(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(9_000))
        bank.clock.jump(timedelta(days=200))
        for _ in range(12):
            ((bill, step),) = bank.db.read_now(due.due_now)
            answers = at_once(*[lambda bill=bill, step=step: bank.db.write_now(due.run, bill_id=bill, step=step)] * 4)
            assert sorted(answers) == [False, False, False, True]
        rows = sql(bank, "SELECT step, COUNT(*) FROM due_run GROUP BY 1 ORDER BY 1")
        assert [tuple(row) for row in rows] == [("due", 3), ("fine", 3), ("late", 3), ("remind", 3)]
        assert balance(bank, account(bank, "fine_income")) == K(6_000)
        assert make.texts(bank).count("loan_fine_red") == 3
        assert_clean(bank)

    def test_a_step_before_its_day_is_not_done(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(9_000))
        make.until(bank, bill_day(bank, me) - timedelta(days=4))
        (bill,) = sql(bank, "SELECT id FROM due_bill ORDER BY due_on LIMIT 1")
        assert not bank.db.write_now(due.run, bill_id=bill[0], step="remind")
        assert bank.db.read_now(due.due_now) == []

    def test_the_agenda_says_what_is_done_until_a_moment(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(9_000))
        day = bill_day(bank, me)
        make.until(bank, day - timedelta(days=5))
        assert bank.db.read_now(due.due, until=bank.clock.now()) == []
        (found,) = bank.db.read_now(due.due, until=bank.clock.now() + timedelta(days=3))
        assert found.due_at.date() == day - timedelta(days=3)


class TestRaces:
    """Repayments, returns and steps at the same moment."""

    def test_two_repayments_at_once_pay_no_more_than_is_owed(self, bank: Bank) -> None:
        me = make.member(bank, money=K(100_000))
        make.lent(bank, me, K(30_000))
        answers = at_once(lambda: make.pay(bank, me, "red", K(20_000)), times=3)
        assert len(refusals(answers)) == 2
        assert purse(bank, me) == K(80_000)
        assert_clean(bank)

    def test_one_key_pressed_many_times_pays_once(self, bank: Bank) -> None:
        me = make.member(bank, money=K(100_000))
        make.lent(bank, me, K(30_000))
        answers = at_once(lambda: make.pay(bank, me, "red", K(5_000), key="once"), times=5)
        assert refusals(answers) == []
        assert len(set(answers)) == 1
        assert purse(bank, me) == K(95_000)
        assert_clean(bank)

    @pytest.mark.parametrize("kind", ["red", "instalment", "credit"])
    def test_a_repayment_and_a_return_at_once_leave_nothing_twice(self, bank: Bank, kind: str) -> None:
        me = make.member(bank, money=K(30_000))
        loan = make.lent(bank, me, K(30_000), kind, 6 if kind == "credit" else 3)
        plan = "red" if kind == "red" else make.address(bank, loan)
        answers = at_once(
            lambda: make.pay(bank, me, plan, K(30_000), way="whole"),
            lambda: make.give_back(bank, loan, K(30_000)),
        )
        assert len(refusals(answers)) <= 1
        assert purse(bank, me) == K(30_000), "paid and given back, or not paid"
        assert make.seen(bank, me, loan).plan.state == "closed"
        assert_clean(bank)

    def test_a_step_a_repayment_and_a_purchase_at_once_wait_for_one_another(self, bank: Bank) -> None:
        me = make.member(bank, money=K(100_000))
        make.lent(bank, me, K(9_000))
        make.automatic(bank, me, "red")
        make.until(bank, bill_day(bank, me))
        make.work(bank)
        give(bank, me, K(50_000))
        loan = make.reserved(bank, me, K(12_000))
        bank.clock.jump(timedelta(days=31))
        ((bill, step),) = bank.db.read_now(due.due_now)
        answers = at_once(
            lambda: bank.db.write_now(due.run, bill_id=bill, step=step),
            lambda: make.pay(bank, me, "red", K(1_000)),
            lambda: make.hand_over(bank, loan),
            lambda: make.pay(bank, me, "red", K(500)),
        )
        assert refusals(answers) == []
        assert_clean(bank)
