"""The RED club: who may join, which limit and why, and what a member sees."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from kaspi_web.domain.loans import plans, red, red_views, rules
from kaspi_web.domain.loans.offers import HasOverdue, IinNeeded, RedLimitShort
from kaspi_web.domain.loans.red import ConsentChanged, MemberView
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make import plans as make
from tests.make.customers import customer
from tests.make.ledger import assert_clean, sql
from tests.make.operations import noted
from tests.make.races import answers_of, at_once, refusals

K = Money.tenge


class TestJoining:
    """A consent, an IIN, nothing overdue."""

    def test_everyone_whose_iin_is_known_gets_at_least_fifty_thousand(self, bank: Bank) -> None:
        joined = make.join(bank, make.borrower(bank))
        assert joined == MemberView(K(50_000), ZERO, ZERO, "everyone", False)

    def test_without_an_iin_nobody_joins(self, bank: Bank) -> None:
        with pytest.raises(IinNeeded):
            make.join(bank, customer(bank))

    def test_an_old_text_is_shown_again(self, bank: Bank) -> None:
        me = make.borrower(bank)
        with pytest.raises(ConsentChanged):
            bank.db.write_now(red.join, customer_id=me, consent="2025-01")
        assert bank.db.read_now(red.member, customer_id=me) is None

    def test_the_consent_is_kept_with_its_version(self, bank: Bank) -> None:
        make.member(bank)
        assert sql(bank, "SELECT consent FROM red_member") == [(red.CONSENT,)]

    def test_joining_twice_is_the_same_as_once(self, bank: Bank) -> None:
        me = make.borrower(bank)
        first = make.join(bank, me)
        make.reserved(bank, me, K(20_000))
        assert make.join(bank, me).limit == first.limit
        assert make.join(bank, me).free == K(30_000)

    def test_joining_from_two_devices_at_once_makes_one_member(self, bank: Bank) -> None:
        me = make.borrower(bank)
        answers = at_once(lambda: make.join(bank, me), times=4)
        assert refusals(answers) == []
        assert sql(bank, "SELECT COUNT(*) FROM red_member") == [(1,)]

    def test_with_something_overdue_nobody_joins(self, bank: Bank) -> None:
        me = make.borrower(bank)
        make.lent(bank, me, K(30_000), "instalment")
        bank.clock.jump(timedelta(days=33))
        with pytest.raises(HasOverdue):
            make.join(bank, me)


def stored(bank: Bank, moment: datetime) -> object:
    return bank.db.read_now(lambda unit: unit.stored_moment(moment))


def here_since(bank: Bank, customer_id: int, days: int) -> None:
    moment = stored(bank, bank.clock.now() - timedelta(days=days, minutes=1))
    sql(bank, "UPDATE customer SET created_at = :at WHERE id = :id", at=moment, id=customer_id)


def paid_once(bank: Bank, customer_id: int, money: Money, kind: str = "bill", days_ago: int = 0) -> None:
    made = noted(bank, customer_id, -money, kind=kind)
    moment = stored(bank, bank.clock.now() - timedelta(days=days_ago))
    sql(bank, "UPDATE operation SET occurred_at = :at WHERE id = :id", at=moment, id=made.id)


class TestDeciding:
    """The rule is data; it only ever raises."""

    @pytest.mark.parametrize(
        ("days", "paid", "limit", "because"),
        [
            (0, 0, 50_000, "everyone"),
            (400, 0, 50_000, "everyone"),
            (0, 500_000, 50_000, "everyone"),
            (89, 30_000, 50_000, "everyone"),
            (90, 29_999, 50_000, "everyone"),
            (90, 30_000, 100_000, "regular"),
            (179, 100_000, 100_000, "regular"),
            (180, 99_999, 100_000, "regular"),
            (180, 100_000, 150_000, "trusted"),
        ],
    )
    def test_days_here_and_what_was_paid_raise_the_limit(
        self, bank: Bank, days: int, paid: int, limit: int, because: str
    ) -> None:
        me = make.borrower(bank)
        here_since(bank, me, days)
        if paid:
            paid_once(bank, me, K(paid))
        joined = make.join(bank, me)
        assert (joined.limit, joined.because) == (K(limit), because)

    def test_money_sent_to_people_and_payments_of_long_ago_do_not_count(self, bank: Bank) -> None:
        me = make.borrower(bank)
        here_since(bank, me, 400)
        paid_once(bank, me, K(500_000), kind="transfer_out")
        paid_once(bank, me, K(500_000), days_ago=91)
        assert make.join(bank, me).because == "everyone"

    @pytest.mark.parametrize("back", ["order_refund", "refund"])
    def test_what_came_back_was_not_paid(self, bank: Bank, back: str) -> None:
        me = make.borrower(bank)
        here_since(bank, me, 400)
        paid_once(bank, me, K(100_000), kind="purchase")
        noted(bank, me, K(71_000), kind=back)
        paid_once(bank, me, K(500_000), kind="return_out")
        assert make.join(bank, me).because == "everyone"

    def test_a_limit_is_raised_later_and_never_lowered(self, bank: Bank) -> None:
        me = make.member(bank)
        make.reserved(bank, me, K(50_000))
        here_since(bank, me, 90)
        paid_once(bank, me, K(30_000))
        raised = bank.db.write_now(red.reconsider, customer_id=me)
        assert raised is not None
        assert (raised.limit, raised.free) == (K(100_000), K(50_000))
        sql(bank, "DELETE FROM operation")
        again = bank.db.write_now(red.reconsider, customer_id=me)
        assert again is not None
        assert (again.limit, again.because) == (K(100_000), "regular")

    def test_somebody_who_has_not_joined_is_not_reconsidered(self, bank: Bank) -> None:
        assert bank.db.write_now(red.reconsider, customer_id=make.borrower(bank)) is None

    def test_three_bills_paid_in_time_make_a_trusted_member(self, bank: Bank) -> None:
        me = make.member(bank, money=K(30_000))
        make.lent(bank, me, K(30_000))
        make.automatic(bank, me, "red")
        last = make.club(bank, me).bills[-1].due_on
        make.live(bank, last + timedelta(days=1))
        member = make.club(bank, me).member
        assert (member.limit, member.because) == (K(150_000), "trusted")

    def test_bills_that_returns_emptied_earn_no_trust(self, bank: Bank) -> None:
        me = make.member(bank)
        make.give_back(bank, make.lent(bank, me, K(30_000)), K(30_000))
        bank.clock.jump(timedelta(days=130))
        make.work(bank)
        assert make.club(bank, me).member.because == "everyone"

    def test_who_was_ever_late_stays_where_they_are(self, bank: Bank) -> None:
        me = make.member(bank, money=K(100_000))
        make.lent(bank, me, K(30_000))
        bank.clock.jump(timedelta(days=70))
        make.work(bank)
        make.pay(bank, me, "red", make.club(bank, me).owed.whole, way="whole")
        here_since(bank, me, 400)
        paid_once(bank, me, K(500_000))
        raised = bank.db.write_now(red.reconsider, customer_id=me)
        assert raised is not None
        assert raised.limit == K(50_000)

    def test_a_rule_of_a_later_day_holds_from_that_day(self, bank: Bank) -> None:
        tomorrow = bank.clock.today() + timedelta(days=1)
        sql(
            bank,
            "INSERT INTO loan_rule (name, value, valid_from) VALUES ('red_everyone', 6000000, :day)",
            day=tomorrow.isoformat(),
        )
        assert bank.db.read_now(red_views.red_rules).first_limit == K(50_000)
        bank.clock.jump(timedelta(days=1))
        assert make.join(bank, make.borrower(bank)).limit == K(60_000)

    def test_a_bank_without_rules_lends_nothing(self, bank: Bank) -> None:
        me = make.borrower(bank)
        sql(bank, "DELETE FROM loan_rule")
        with pytest.raises(rules.LoanRulesMissing):
            make.join(bank, me)


class TestTheLimit:
    """One conditional UPDATE; the database holds it too."""

    def test_two_checkouts_at_once_cannot_both_have_the_last_of_it(self, bank: Bank) -> None:
        me = make.member(bank)
        answers = at_once(lambda: make.reserved(bank, me, K(30_000)), times=4)
        assert len(answers_of(answers)) == 1
        assert {type(each) for each in refusals(answers)} == {RedLimitShort}
        assert make.club(bank, me).member.reserved == K(30_000)
        assert_clean(bank)

    def test_the_very_last_tiyn_can_be_used(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(47_000) - Money(1))
        make.reserved(bank, me, K(3_000) + Money(1))
        assert make.club(bank, me).member.free == ZERO
        assert_clean(bank)


class TestTheView:
    """Everything of RED on one page."""

    def test_bills_gather_what_plans_ask_for(self, bank: Bank) -> None:
        me = make.member(bank, money=K(10_000))
        first = make.next_day(bank, 3, 5)
        make.until(bank, first)
        make.lent(bank, me, K(9_000))
        make.until(bank, date(first.year, 4, 2))
        make.lent(bank, me, K(6_000))
        view = make.club(bank, me)
        assert [(bill.due_on.month, bill.sum, bill.state) for bill in view.bills] == [
            (4, K(3_000), "next"),
            (5, K(5_000), "coming"),
            (6, K(5_000), "coming"),
            (7, K(2_000), "coming"),
        ]
        assert (view.owed.next_sum, view.owed.next_on) == (K(3_000), date(first.year, 4, 20))
        assert view.member.used == K(15_000)
        make.pay(bank, me, "red", K(3_000), way="due")
        assert [bill.state for bill in make.club(bank, me).bills] == ["paid", "next", "coming", "coming"]

    def test_the_rules_are_told_before_joining(self, bank: Bank) -> None:
        told = bank.db.read_now(red_views.red_rules)
        assert told == red_views.RedRules(3, K(3_000), 20, 3, 2, K(2_000), K(50_000), K(150_000))

    def test_who_has_not_joined_sees_nothing_of_it(self, bank: Bank) -> None:
        assert bank.db.read_now(red_views.red, customer_id=make.borrower(bank)) is None


class TestHome:
    """What falls due next, a week ahead."""

    def test_home_tells_of_a_bill_a_week_before_and_not_earlier(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(9_000))
        due_on = make.club(bank, me).bills[0].due_on
        make.until(bank, due_on - timedelta(days=8))
        assert bank.db.read_now(plans.next_due, customer_id=me) is None
        make.until(bank, due_on - timedelta(days=7))
        assert bank.db.read_now(plans.next_due, customer_id=me) == plans.NextDue("red", "red", due_on, K(3_000), False)

    def test_an_overdue_bill_is_told_with_its_fine_until_it_is_paid(self, bank: Bank) -> None:
        me = make.member(bank, money=K(50_000))
        make.lent(bank, me, K(9_000))
        due_on = make.club(bank, me).bills[0].due_on
        make.live(bank, due_on + timedelta(days=2))
        found = bank.db.read_now(plans.next_due, customer_id=me)
        assert found == plans.NextDue("red", "red", due_on, K(5_000), True)
        make.pay(bank, me, "red", K(9_000) + K(2_000), way="whole")
        assert bank.db.read_now(plans.next_due, customer_id=me) is None

    def test_of_two_plans_the_earlier_is_told(self, bank: Bank) -> None:
        me = make.member(bank)
        make.until(bank, make.next_day(bank, 3, 18))
        make.lent(bank, me, K(9_000))
        loan = make.lent(bank, me, K(30_000), "instalment")
        make.until(bank, bank.clock.today().replace(month=4, day=15))
        found = bank.db.read_now(plans.next_due, customer_id=me)
        assert found is not None
        assert (found.plan, found.due_on.day) == (make.address(bank, loan), 18)
