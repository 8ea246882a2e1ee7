"""Rules about bonuses as rows: which of them counts on a day, and what the bonus account shows of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from kaspi_web.domain.bills.lately import receipts_of
from kaspi_web.domain.bonus import queries
from kaspi_web.domain.bonus import service as bonus
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.money import ZERO, Money
from tests.make.bills import accepted, paid, payment
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, assert_clean, balance, hold, post, release
from tests.make.services import rule, without_rules

EPOCH = date(2020, 1, 1)


@pytest.fixture
def bare(bank: Bank) -> Bank:
    without_rules(bank)
    return bank


def rate(bank: Bank, **asked: str) -> int:
    usual = {"service": "dala-airways", "category": "flights"}
    return bank.db.write_now(bonus.rate, **(usual | asked))


class TestRate:
    def test_without_any_rule_nothing_is_earned(self, bare: Bank) -> None:
        assert rate(bare) == 0

    def test_the_most_specific_rule_counts_however_it_stands(self, bare: Bank) -> None:
        rule(bare, 100, since=EPOCH)
        assert rate(bare) == 100
        rule(bare, 500, "category", "flights", since=EPOCH)
        assert rate(bare) == 500
        rule(bare, 300, "merchant", "dala", since=EPOCH)
        assert (rate(bare), rate(bare, merchant="dala")) == (500, 300)
        rule(bare, 0, "service", "dala-airways", since=EPOCH)
        assert (rate(bare), rate(bare, merchant="dala")) == (0, 0)
        assert (rate(bare, service="other"), rate(bare, service="other", category="water")) == (500, 100)

    def test_a_name_means_what_its_rule_applies_to(self, bare: Bank) -> None:
        rule(bare, 500, "category", "dala-airways", since=EPOCH)
        rule(bare, 700, "service", "flights", since=EPOCH)
        assert rate(bare) == 0

    def test_of_two_rules_for_the_same_the_one_that_began_last_counts(self, bare: Bank) -> None:
        today = bare.clock.today()
        rule(bare, 100, since=EPOCH)
        rule(bare, 200, since=today)
        rule(bare, 900, since=today + timedelta(days=1))
        assert rate(bare) == 200
        bare.clock.jump(timedelta(days=1))
        assert rate(bare) == 900

    def test_the_last_day_of_a_rule_is_its_own(self, bare: Bank) -> None:
        today = bare.clock.today()
        rule(bare, 100, since=EPOCH)
        rule(bare, 500, "category", "flights", since=today, until=today)
        assert rate(bare) == 500
        bare.clock.jump(timedelta(days=1))
        assert rate(bare) == 100

    def test_a_day_begins_at_midnight_in_kazakhstan(self, bare: Bank) -> None:
        rule(bare, 500, since=bare.clock.today() + timedelta(days=1))
        local = bare.clock.now() + timedelta(hours=5)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        bare.clock.jump(midnight - local - timedelta(minutes=1))
        assert rate(bare) == 0
        bare.clock.jump(timedelta(minutes=1))
        assert rate(bare) == 500

    def test_one_thing_has_one_rule_from_a_day_on(self, bare: Bank) -> None:
        rule(bare, 100, since=EPOCH)
        with pytest.raises(IntegrityError):
            rule(bare, 200, since=EPOCH)

    def test_the_rules_in_force_are_told_the_general_one_first(self, bare: Bank) -> None:
        today = bare.clock.today()
        rule(bare, 500, "category", "flights", since=EPOCH)
        rule(bare, 100, since=EPOCH)
        rule(bare, 200, since=today)
        rule(bare, 700, "category", "water", since=EPOCH, until=today - timedelta(days=1))
        told = bare.db.read_now(bonus.rules)
        assert [(each.applies, each.name, each.basis_points) for each in told] == [
            ("all", "", 200),
            ("category", "flights", 500),
        ]


class TestEarned:
    @pytest.mark.parametrize(
        ("amount", "basis_points", "expected"),
        [
            (Money.tenge(20_000), 100, Money.tenge(200)),
            (Money.tenge(10, 99), 100, Money(10)),
            (Money(99), 100, ZERO),
            (Money(100), 100, Money(1)),
            (Money.tenge(1_000), 500, Money.tenge(50)),
            (Money.tenge(1_000), 0, ZERO),
        ],
    )
    def test_a_bonus_is_rounded_down_to_a_whole_tiyn(self, amount: Money, basis_points: int, expected: Money) -> None:
        assert bonus.earned(amount, basis_points=basis_points) == expected

    def test_a_payment_earns_by_the_rule_of_its_day(self, bare: Bank) -> None:
        owner = customer(bare, money=Money.tenge(50_000))
        rule(bare, 500, "category", "electricity", since=EPOCH)
        made = paid(bare, owner, Money.tenge(1_000))
        without_rules(bare)
        accepted(bare, made.id)
        assert payment(bare, owner, made.id).bonus == Money.tenge(50)
        assert balance(bare, account(bare, "bonus", str(owner))) == Money.tenge(50)


class TestMoves:
    def moves(self, bank: Bank, owner: int, **page: int) -> list[tuple[str, Money, Money]]:
        found = bank.db.read_now(queries.moves, customer_id=owner, **page)
        return [(each.word, each.change, each.after) for each in found]

    def lively(self, bank: Bank) -> int:
        """Somebody who earned 100 and 50, spent 30, took 20 of a payment back, and gave 40 back after a refund."""
        owner = customer(bank)
        own, expense, holds = account(bank, "bonus", str(owner)), account(bank, "bonus_expense"), account(bank, "holds")
        post(bank, (expense, own, Money.tenge(100)))
        post(bank, (expense, own, Money.tenge(50)))
        spent = hold(bank, own, Money.tenge(30))
        release(bank, spent, Money.tenge(20))
        post(bank, (own, expense, Money.tenge(40)))
        assert holds
        return owner

    def test_every_posting_is_a_line_with_the_balance_after_it(self, bank: Bank) -> None:
        owner = self.lively(bank)
        tenge = Money.tenge
        assert self.moves(bank, owner) == [
            ("taken_back", -tenge(40), tenge(100)),
            ("returned", tenge(20), tenge(140)),
            ("spent", -tenge(30), tenge(120)),
            ("earned", tenge(50), tenge(150)),
            ("earned", tenge(100), tenge(100)),
        ]

    def test_pages_follow_one_another_without_gap_or_doubling(self, bank: Bank) -> None:
        owner = self.lively(bank)
        whole = bank.db.read_now(queries.moves, customer_id=owner)
        paged, before = [], None
        while page := bank.db.read_now(queries.moves, customer_id=owner, before=before, most=2):
            paged += page
            before = page[-1].id
        assert paged == whole

    def test_nobody_sees_somebody_elses(self, bank: Bank) -> None:
        self.lively(bank)
        assert self.moves(bank, customer(bank, phone=OTHER_PHONE)) == []
        assert self.moves(bank, 999) == []

    def test_an_accrual_leads_to_the_receipt_of_its_owner(self, bank: Bank) -> None:
        owner = customer(bank, money=Money.tenge(50_000))
        made = paid(bank, owner, Money.tenge(1_000))
        accepted(bank, made.id)
        (move,) = bank.db.read_now(queries.moves, customer_id=owner)
        found = bank.db.read_now(receipts_of, customer_id=owner, subjects=[move.subject])
        assert found == {move.subject: (made.receipt, made.biller.slug)}
        other = customer(bank, phone=OTHER_PHONE)
        assert bank.db.read_now(receipts_of, customer_id=other, subjects=[move.subject]) == {}
        assert_clean(bank)

    def test_a_hold_for_a_payment_leads_to_its_receipt_too(self, bank: Bank) -> None:
        owner = customer(bank, money=Money.tenge(50_000))
        made = paid(bank, owner, Money.tenge(1_000))
        (key,) = (row[0] for row in _keys(bank, made.id))
        for subject in (f"intent:{key}", f"intent:{key}:bonus"):
            found = bank.db.read_now(receipts_of, customer_id=owner, subjects=[subject])
            assert found == {subject: (made.receipt, made.biller.slug)}


def _keys(bank: Bank, payment_id: int) -> list[tuple[str]]:
    from tests.make.ledger import sql

    return sql(bank, "SELECT key FROM payment_intent WHERE payment_id = :id", id=payment_id)
