"""A plan from the order to its end: limits, schedules and bills, repayments and returns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.loans import offers, repaying, service
from kaspi_web.domain.loans.offers import DebtTooHigh, HasOverdue, IinNeeded, NotRedMember, RedLimitShort
from kaspi_web.domain.loans.terms import GesvAboveCap, TermNeedsMore, TermNotOffered, TermView
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make import plans as make
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import assert_clean, moved, sql

K = Money.tenge


def purse(bank: Bank, customer_id: int) -> Money:
    return bank.db.read_now(wallet.balances, customer_id=customer_id).wallet


class TestTerms:
    """What is offered for a sum."""

    @staticmethod
    def offered(bank: Bank, tenge: int) -> list[tuple[str, int]]:
        return [(each.kind, each.months) for each in bank.db.read_now(offers.terms, K(tenge))]

    @pytest.mark.parametrize(
        ("tenge", "months"),
        [
            (9_999, []),
            (10_000, [3]),
            (14_999, [3]),
            (15_000, [3, 6]),
            (24_999, [3, 6]),
            (25_000, [3, 6, 12]),
            (40_999, [3, 6, 12]),
            (45_000, [3, 6, 12]),
            (49_999, [3, 6, 12]),
            (50_000, [3, 6, 12, 24]),
        ],
    )
    def test_instalments_are_offered_by_the_sums_bracket(self, bank: Bank, tenge: int, months: list[int]) -> None:
        assert [of for kind, of in self.offered(bank, tenge) if kind == "instalment"] == months

    def test_red_is_for_three_thousand_and_more(self, bank: Bank) -> None:
        assert self.offered(bank, 2_999) == []
        assert self.offered(bank, 3_000) == [("red", 3)]

    def test_the_real_vectors_are_what_a_page_shows(self, bank: Bank) -> None:
        found = bank.db.read_now(offers.terms, K(339_700))
        paid = {each.months: each.payment for each in found if each.kind == "instalment"}
        assert paid == {3: K(113_234), 6: K(56_617), 12: K(28_309), 24: K(14_155)}
        assert all(each.total == K(339_700) for each in found if each.kind == "instalment")
        assert all(each.gesv == 0 for each in found if each.kind != "credit")

    def test_every_credit_on_offer_costs_no_more_than_the_law_allows(self, bank: Bank) -> None:
        credits = [each for each in bank.db.read_now(offers.terms, K(339_700)) if each.kind == "credit"]
        assert [each.months for each in credits] == [6, 12, 24]
        assert all(each.rate < each.gesv <= 4_600 for each in credits)
        assert all(each.total > K(339_700) for each in credits)

    @staticmethod
    def term(bank: Bank, **values: object) -> None:
        columns = {"kind": "credit", "months": 24, "minimum_tiyn": 5_000_000, "maximum_tiyn": 10**9}
        columns |= {"rate_basis_points": 4_381, "valid_from": "2026-02-01", "withdrawn": False} | values
        names = ", ".join(columns)
        sql(bank, f"INSERT INTO loan_term ({names}) VALUES ({', '.join(f':{name}' for name in columns)})", **columns)

    def test_the_shop_pages_24_months_are_refused_because_they_are_above_the_cap(self, bank: Bank) -> None:
        self.term(bank)
        assert ("credit", 24) not in self.offered(bank, 339_700)
        me = make.borrower(bank)
        wanted = {"customer_id": me, "kind": "credit", "months": 24}
        with pytest.raises(GesvAboveCap):
            bank.db.read_now(offers.quote, **wanted, amounts=[K(339_700)])
        with pytest.raises(GesvAboveCap):
            make.reserved(bank, me, K(339_700), "credit", 24)

    def test_the_cap_is_dated(self, bank: Bank) -> None:
        self.term(bank)
        tomorrow = bank.clock.today() + timedelta(days=1)
        rule = "INSERT INTO loan_rule (name, value, valid_from) VALUES ('gesv_cap_basis_points', 6000, :day)"
        sql(bank, rule, day=tomorrow.isoformat())
        assert ("credit", 24) not in self.offered(bank, 339_700)
        bank.clock.jump(timedelta(days=1))
        assert ("credit", 24) in self.offered(bank, 339_700)

    def test_a_term_that_was_withdrawn_is_not_offered(self, bank: Bank) -> None:
        self.term(bank, rate_basis_points=3_200, withdrawn=True)
        assert ("credit", 24) not in self.offered(bank, 339_700)


class TestQuotes:
    """What a customer is shown before agreeing."""

    @staticmethod
    def quote(bank: Bank, customer_id: int, kind: str, months: int, *amounts: Money) -> offers.Quote:
        named = {"customer_id": customer_id, "kind": kind, "months": months, "amounts": amounts}
        return bank.db.read_now(offers.quote, **named)

    def test_the_schedule_adds_up_to_the_price_and_each_order_is_a_plan_of_its_own(self, bank: Bank) -> None:
        me = make.member(bank)
        quote = self.quote(bank, me, "red", 3, K(10_000), K(5_000))
        assert quote.payment == K(3_334) + K(1_667)
        assert quote.total == K(15_000)
        assert quote.overpay == ZERO
        assert [line.left for line in quote.lines] == [K(9_999), K(4_998), ZERO]
        assert {line.due_on.day for line in quote.lines} == {20}

    def test_credit_says_what_it_costs(self, bank: Bank) -> None:
        quote = self.quote(bank, make.borrower(bank), "credit", 12, K(100_000))
        assert quote.rate == 2_800
        assert 2_800 < quote.gesv < 3_300
        assert quote.overpay == quote.total - K(100_000) == sum((line.interest for line in quote.lines), ZERO)

    def test_every_order_has_to_reach_the_minimum(self, bank: Bank) -> None:
        with pytest.raises(TermNeedsMore) as refused:
            self.quote(bank, make.member(bank), "red", 3, K(10_000), K(2_999))
        assert refused.value.params == {"minimum": K(3_000)}

    def test_months_that_nobody_offers_are_refused(self, bank: Bank) -> None:
        with pytest.raises(TermNotOffered):
            self.quote(bank, make.borrower(bank), "instalment", 7, K(50_000))

    def test_who_has_not_joined_has_no_red(self, bank: Bank) -> None:
        with pytest.raises(NotRedMember):
            self.quote(bank, make.borrower(bank), "red", 3, K(10_000))

    def test_the_limit_of_red_is_for_all_orders_together(self, bank: Bank) -> None:
        me = make.member(bank)
        make.reserved(bank, me, K(20_000))
        with pytest.raises(RedLimitShort) as refused:
            self.quote(bank, me, "red", 3, K(20_000), K(10_001))
        assert refused.value.params == {"have": K(30_000)}

    @pytest.mark.parametrize("kind", ["instalment", "credit"])
    def test_without_an_iin_nothing_is_lent(self, bank: Bank, kind: str) -> None:
        with pytest.raises(IinNeeded):
            self.quote(bank, customer(bank), kind, 6, K(50_000))

    def test_debts_of_one_person_have_an_end(self, bank: Bank) -> None:
        me = make.borrower(bank)
        make.lent(bank, me, K(1_200_000), "instalment", 24)
        make.reserved(bank, me, K(500_000), "credit", 24)
        with pytest.raises(DebtTooHigh) as refused:
            self.quote(bank, me, "instalment", 24, K(300_001))
        assert refused.value.params == {"left": K(300_000)}

    def test_with_something_overdue_nothing_more_is_lent(self, bank: Bank) -> None:
        me = make.member(bank)
        make.lent(bank, me, K(30_000), "instalment", 3)
        bank.clock.jump(timedelta(days=33))
        for kind in ("instalment", "red"):
            with pytest.raises(HasOverdue):
                self.quote(bank, me, kind, 3, K(15_000))

    def test_the_burden_says_what_other_plans_take_each_month(self, bank: Bank) -> None:
        me = make.member(bank, money=K(70_000))
        make.lent(bank, me, K(30_000))
        make.reserved(bank, me, K(60_000), "instalment", 6)
        burden = self.quote(bank, me, "credit", 6, K(50_000)).burden
        assert burden.wallet == K(70_000)
        assert [month.others for month in burden.months] == [K(20_000)] * 3 + [K(10_000)] * 3
        assert len({month.this for month in burden.months[:-1]}) == 1
        firsts = [month.first_day for month in burden.months]
        assert firsts == sorted(firsts)
        assert firsts[0] == (bank.clock.today().replace(day=28) + timedelta(days=4)).replace(day=1)


class TestBeforeTheHandOver:
    """Reserved, signed, made smaller."""

    def test_nothing_is_owed_before_the_goods_are_there(self, bank: Bank) -> None:
        me = make.member(bank)
        loan = make.reserved(bank, me, K(10_000))
        assert make.seen(bank, me, loan).plan.state == "reserved"
        assert sql(bank, "SELECT COUNT(*) FROM loan_payment") == [(0,)]
        assert make.club(bank, me).member.reserved == K(10_000)
        assert len(make.seen(bank, me, loan).rows) == 3
        assert_clean(bank)

    def test_what_drops_out_frees_the_limit_and_the_last_piece_cancels_the_plan(self, bank: Bank) -> None:
        me = make.member(bank)
        loan = make.reserved(bank, me, K(10_000))
        bank.db.write_now(service.shrink, loan_id=loan, amount=K(4_000))
        assert make.club(bank, me).member.free == K(44_000)
        bank.db.write_now(service.shrink, loan_id=loan, amount=K(6_000))
        assert make.club(bank, me).member.free == K(50_000)
        assert make.seen(bank, me, loan).plan.state == "cancelled"
        assert_clean(bank)

    @pytest.mark.parametrize(("kind", "months"), [("red", 3), ("instalment", 24), ("credit", 12)])
    @pytest.mark.parametrize("left", ["1.50", "0.01"])
    def test_of_whatever_little_is_left_the_goods_are_handed_over(
        self, bank: Bank, kind: str, months: int, left: str
    ) -> None:
        me, whole = make.member(bank, money=K(100)), K(50_000)
        loan = make.reserved(bank, me, whole, kind, months)
        bank.db.write_now(service.shrink, loan_id=loan, amount=whole - Money.from_wire(left))
        make.hand_over(bank, loan)
        make.live(bank, bank.clock.today() + timedelta(days=3))
        assert make.seen(bank, me, loan).plan.left == Money.from_wire(left)
        name = "red" if kind == "red" else make.address(bank, loan)
        make.pay(bank, me, name, Money.from_wire(left), way="early" if kind == "credit" else "whole")
        assert make.seen(bank, me, loan).plan.left == ZERO
        assert_clean(bank)

    def test_a_credit_waits_for_its_signature(self, bank: Bank) -> None:
        me = make.borrower(bank)
        loan = make.reserved(bank, me, K(50_000), "credit", 12, signing=True)
        with pytest.raises(AssertionError):
            make.hand_over(bank, loan)
        for _ in range(2):
            bank.db.write_now(service.signed, loan_id=loan)
        assert make.seen(bank, me, loan).signed_at is not None
        assert make.seen(bank, me, loan).contract == service.CONTRACT
        make.hand_over(bank, loan)
        assert_clean(bank)

    def test_a_credit_that_was_dropped_cannot_be_signed(self, bank: Bank) -> None:
        loan = make.reserved(bank, make.borrower(bank), K(50_000), "credit", 12, signing=True)
        bank.db.write_now(service.shrink, loan_id=loan, amount=K(50_000))
        with pytest.raises(NotFound):
            bank.db.write_now(service.signed, loan_id=loan)

    def test_a_plan_is_not_opened_twice(self, bank: Bank) -> None:
        loan = make.lent(bank, make.member(bank), K(10_000))
        before = moved(bank)
        with pytest.raises(AssertionError):
            make.hand_over(bank, loan)
        assert moved(bank) == before


class TestSchedules:
    """What begins at the hand-over."""

    def test_red_falls_into_the_bills_of_the_next_three_months_whatever_the_day(self, bank: Bank) -> None:
        me = make.member(bank)
        first = make.next_day(bank, 1, 1)
        make.until(bank, first)
        make.lent(bank, me, K(10_000))
        make.until(bank, date(first.year, 1, 31))
        make.lent(bank, me, K(5_000))
        bills = make.club(bank, me).bills
        assert [bill.due_on for bill in bills] == [date(first.year, month, 20) for month in (2, 3, 4)]
        assert [bill.sum for bill in bills] == [K(3_334 + 1_667)] * 2 + [K(3_332 + 1_666)]
        make.until(bank, date(first.year, 2, 1))
        make.lent(bank, me, K(3_000))
        assert [bill.sum for bill in make.club(bank, me).bills][1:] == [K(6_001), K(5_998), K(1_000)]
        assert_clean(bank)

    def test_other_plans_fall_due_on_the_day_of_the_hand_over_or_a_short_months_last(self, bank: Bank) -> None:
        me = make.borrower(bank)
        day = make.next_day(bank, 1, 31)
        make.until(bank, day)
        loan = make.lent(bank, me, K(30_000), "instalment", 3)
        days = [row.due_on for row in make.seen(bank, me, loan).rows]
        last = 29 if day.year % 4 == 0 else 28
        assert days == [date(day.year, 2, last), date(day.year, 3, 31), date(day.year, 4, 30)]

    def test_the_seller_is_paid_and_the_bank_has_the_claim(self, bank: Bank) -> None:
        loan = make.lent(bank, make.member(bank), K(10_000))
        kinds = sql(bank, "SELECT kind, owner, balance_tiyn FROM account WHERE kind IN ('loan', 'merchant') ORDER BY 1")
        assert [tuple(row) for row in kinds] == [("loan", str(loan), None), ("merchant", make.SELLER, 1_000_000)]
        assert_clean(bank)

    def test_somebody_elses_plan_is_not_found(self, bank: Bank) -> None:
        loan = make.lent(bank, make.member(bank), K(10_000))
        stranger = make.member(bank, phone=OTHER_PHONE, money=K(10_000))
        with pytest.raises(NotFound):
            make.seen(bank, stranger, loan)
        with pytest.raises(NotFound):
            make.pay(bank, stranger, make.address(bank, loan), K(1))


def terms_of(bank: Bank, tenge: int) -> list[TermView]:
    return bank.db.read_now(offers.terms, K(tenge))


class TestRepaying:
    """From the wallet, once for a key."""

    def test_a_repayment_frees_the_limit_and_is_in_the_list(self, bank: Bank) -> None:
        me = make.member(bank, money=K(10_000))
        make.lent(bank, me, K(30_000))
        paid = make.pay(bank, me, "red", K(4_000))
        assert (paid.principal, paid.interest, paid.fine) == (K(4_000), ZERO, ZERO)
        assert purse(bank, me) == K(6_000)
        assert make.club(bank, me).member.free == K(24_000)
        (shown,) = bank.db.read_now(wallet.operations, customer_id=me)
        assert (shown.kind, shown.counterparty, shown.amount) == ("repayment", "red", -K(4_000))
        assert make.texts(bank) == ["repaid_red"]
        assert_clean(bank)

    def test_the_same_key_pays_once_and_answers_the_same(self, bank: Bank) -> None:
        me = make.member(bank, money=K(10_000))
        make.lent(bank, me, K(30_000))
        first = make.pay(bank, me, "red", K(4_000), key="once")
        assert make.pay(bank, me, "red", K(4_000), key="once") == first
        assert purse(bank, me) == K(6_000)
        assert_clean(bank)

    @pytest.mark.parametrize(("amount", "way"), [(K(4_001), "early"), (K(4_000), "due")])
    def test_the_same_key_with_other_content_is_refused(self, bank: Bank, amount: Money, way: str) -> None:
        me = make.member(bank, money=K(10_000))
        make.lent(bank, me, K(30_000))
        make.pay(bank, me, "red", K(4_000), key="once")
        with pytest.raises(repaying.RepaymentContentChanged):
            make.pay(bank, me, "red", amount, key="once", way=way)

    def test_keys_of_two_customers_have_nothing_to_do_with_each_other(self, bank: Bank) -> None:
        for phone in ("+77010000131", "+77010000132"):
            me = make.member(bank, phone=phone, money=K(10_000))
            make.lent(bank, me, K(30_000))
            make.pay(bank, me, "red", K(4_000), key="once")
            assert purse(bank, me) == K(6_000)
        assert_clean(bank)

    def test_two_honest_equal_repayments_are_two(self, bank: Bank) -> None:
        me = make.member(bank, money=K(10_000))
        make.lent(bank, me, K(30_000))
        for _ in range(2):
            make.pay(bank, me, "red", K(4_000))
        assert purse(bank, me) == K(2_000)

    def test_without_the_money_nothing_is_moved(self, bank: Bank) -> None:
        me = make.member(bank, money=K(3_000))
        loan = make.lent(bank, me, K(30_000))
        before, view = moved(bank), make.seen(bank, me, loan)
        with pytest.raises(InsufficientFunds):
            make.pay(bank, me, "red", K(3_001))
        assert moved(bank) == before
        assert make.seen(bank, me, loan) == view
        assert_clean(bank)

    @pytest.mark.parametrize(
        ("kind", "way", "left"),
        [
            ("red", "early", K(30_000)),
            ("red", "due", K(10_000)),
            ("instalment", "early", K(30_000)),
            ("instalment", "due", K(10_000)),
            ("credit", "early", K(30_000)),
            ("credit", "due", ZERO),
        ],
    )
    def test_more_than_is_owed_is_refused_and_says_how_much_is(
        self, bank: Bank, kind: str, way: str, left: Money
    ) -> None:
        me = make.member(bank, money=K(100_000))
        loan = make.lent(bank, me, K(30_000), kind, 6 if kind == "credit" else 3)
        plan = "red" if kind == "red" else make.address(bank, loan)
        before = moved(bank)
        with pytest.raises(repaying.RepaymentTooMuch) as refused:
            make.pay(bank, me, plan, left + Money(1), way=way)
        assert refused.value.params == {"left": left}
        assert moved(bank) == before

    def test_early_money_of_red_pays_the_next_payments_of_all_plans(self, bank: Bank) -> None:
        me = make.member(bank, money=K(50_000))
        first, second = make.lent(bank, me, K(9_000)), make.lent(bank, me, K(6_000))
        make.pay(bank, me, "red", K(6_500))
        assert [row.left for row in make.seen(bank, me, first).rows] == [ZERO, K(1_500), K(3_000)]
        assert [row.left for row in make.seen(bank, me, second).rows] == [ZERO, K(2_000), K(2_000)]
        assert [row.state for row in make.seen(bank, me, first).rows] == ["paid", "next", "coming"]
        make.pay(bank, me, "red", K(8_500), way="whole")
        assert {make.seen(bank, me, each).plan.state for each in (first, second)} == {"closed"}
        assert make.club(bank, me).member.used == ZERO
        assert make.texts(bank) == ["repaid_red", "repaid_whole_red"]
        assert_clean(bank)

    def test_a_whole_repayment_is_the_sum_that_was_shown(self, bank: Bank) -> None:
        me = make.borrower(bank, money=K(100_000))
        loan = make.lent(bank, me, K(60_000), "credit", 12)
        bank.clock.jump(timedelta(days=10))
        owed = make.seen(bank, me, loan).owed
        assert owed is not None
        assert owed.whole == K(60_000) + owed.interest
        bank.clock.jump(timedelta(days=1))
        with pytest.raises(repaying.RepaymentChanged) as refused:
            make.pay(bank, me, make.address(bank, loan), owed.whole, way="whole")
        paid = make.pay(bank, me, make.address(bank, loan), refused.value.params["left"], way="whole")
        assert paid.principal == K(60_000)
        assert make.seen(bank, me, loan).plan.state == "closed"
        assert make.seen(bank, me, loan).plan.closed_on == bank.clock.today()
        assert_clean(bank)

    def test_a_key_that_paid_a_plan_whole_is_answered_again_after_the_end(self, bank: Bank) -> None:
        me = make.member(bank, money=K(100_000))
        loan = make.lent(bank, me, K(30_000), "instalment", 3)
        plan = make.address(bank, loan)
        first = make.pay(bank, me, plan, K(30_000), way="whole", key="once")
        assert make.pay(bank, me, plan, K(30_000), way="whole", key="once") == first
        with pytest.raises(repaying.RepaymentTooMuch):
            make.pay(bank, me, plan, K(30_000), way="whole")
        assert_clean(bank)
