"""Bill payments: held once, asked until the last word, captured with its bonus or released, never both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kaspi_web.domain.bills import asking
from kaspi_web.domain.bills.asking import Asking
from kaspi_web.domain.bills.outcomes import WAITS_S
from kaspi_web.domain.bills.proposals import AmountOutOfRange, CodeNeeded, IntentContentChanged, SourceUnknown
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.wallet import service as wallet
from kaspi_web.domain.wallet.service import Balances
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError, NotFound
from kaspi_web.kernel.faults import PlannedFault
from kaspi_web.kernel.money import ZERO, Money
from tests.databases import open_bank
from tests.make.bills import BILLER, accepted, confirmed, issued, paid, pay, payment, refused, unknown
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import account, assert_clean, balance, entries, give, moved, sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals
from tests.make.sms import messages

MONEY = Money.tenge(100_000)
SUM = Money.tenge(20_000)
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)


def balances(bank: Bank, owner: int) -> Balances:
    return bank.db.read_now(wallet.balances, customer_id=owner)


def shown(bank: Bank, owner: int) -> list[tuple[str, Money]]:
    return [(each.state, each.amount) for each in bank.db.read_now(wallet.operations, customer_id=owner)]


def claim(bank: Bank) -> list[Asking]:
    return bank.db.write_now(asking.claim)


class TestPay:
    def test_paying_holds_the_money_and_leaves_the_asking_to_a_worker(self, any_bank: Bank) -> None:
        owner = customer(any_bank, money=MONEY)
        made = paid(any_bank, owner, SUM)
        assert (made.state, made.amount, made.bonus) == ("on_way", SUM, Money.tenge(200))
        assert balances(any_bank, owner) == Balances(Money.tenge(80_000), ZERO)
        assert balance(any_bank, account(any_bank, "holds")) == SUM
        assert balance(any_bank, account(any_bank, "biller_payable", BILLER)) == ZERO
        assert shown(any_bank, owner) == [("on_way", -SUM)]
        assert [asking.id for asking in claim(any_bank)] == [made.id]
        assert_clean(any_bank)

    def test_the_whole_balance_can_be_paid(self, bank: Bank) -> None:
        owner = customer(bank, money=SUM)
        paid(bank, owner, SUM)
        assert balances(bank, owner).wallet == ZERO

    def test_the_same_key_again_answers_with_the_first_payment(self, bank: Bank) -> None:
        """midaz#1974: the same request twice paid twice."""
        owner = customer(bank, money=MONEY)
        made = confirmed(bank, owner, SUM)
        first = pay(bank, owner, made.key, SUM)
        before = moved(bank)
        assert pay(bank, owner, made.key, SUM) == first
        assert moved(bank) == before
        accepted(bank, first.id)
        again = pay(bank, owner, made.key, SUM)
        assert (again.id, again.txn_id, again.receipt, again.state) == (first.id, first.txn_id, first.receipt, "done")

    @pytest.mark.parametrize("other", [{"amount": Money.tenge(20_000, 1)}, {"source": "card"}], ids=["sum", "source"])
    def test_the_same_key_with_other_content_is_refused_and_moves_nothing(
        self, bank: Bank, other: dict[str, object]
    ) -> None:
        """midaz-sdk-golang#236: the same key with other content was replayed silently."""
        owner = customer(bank, money=MONEY)
        made = confirmed(bank, owner, SUM)
        pay(bank, owner, made.key, SUM)
        before = moved(bank)
        with pytest.raises(IntentContentChanged):
            pay(bank, owner, made.key, **({"amount": SUM} | other))
        assert moved(bank) == before

    def test_one_key_pressed_sixteen_times_at_once_is_one_payment(self, any_bank: Bank) -> None:
        owner = customer(any_bank, money=MONEY)
        made = confirmed(any_bank, owner, SUM)
        answers = at_once(lambda: pay(any_bank, owner, made.key, SUM), times=16)
        assert refusals(answers) == []
        assert len({answer.id for answer in answers}) == 1
        assert balances(any_bank, owner).wallet == Money.tenge(80_000)
        assert entries(any_bank, "bill_held") == 1
        assert len(claim(any_bank)) == 1
        assert_clean(any_bank)

    def test_two_honest_identical_payments_both_go_through(self, bank: Bank) -> None:
        """midaz#1436: the second refused, because the key was a hash of the body."""
        owner = customer(bank, money=MONEY)
        one, two = paid(bank, owner, SUM), paid(bank, owner, SUM)
        assert one.id != two.id
        assert one.txn_id != two.txn_id
        for each in (one, two):
            accepted(bank, each.id)
        assert balances(bank, owner) == Balances(Money.tenge(60_000), Money.tenge(400))
        assert balance(bank, account(bank, "biller_payable", BILLER)) == SUM + SUM
        assert_clean(bank)

    def test_more_than_there_is_cannot_be_paid_by_many_at_once(self, any_bank: Bank) -> None:
        """laravel-wallet#124: balance read before the lock."""
        owner = customer(any_bank, money=Money.tenge(50_000))
        keys = [confirmed(any_bank, owner, SUM).key for _ in range(8)]
        answers = at_once(*(lambda key=key: pay(any_bank, owner, key, SUM) for key in keys))
        assert len(answers_of(answers)) == 2
        assert {type(each) for each in refusals(answers)} == {InsufficientFunds}
        assert balances(any_bank, owner).wallet == Money.tenge(10_000)
        assert entries(any_bank, "bill_held") == 2
        assert_clean(any_bank)

    @pytest.mark.parametrize(
        ("amount", "source", "refusal"),
        [
            (Money.tenge(9, 99), "wallet", AmountOutOfRange),
            (Money.tenge(1_000_000, 1), "wallet", AmountOutOfRange),
            (Money(0), "wallet", AmountOutOfRange),
            (Money(-500), "wallet", AmountOutOfRange),
            (Money.tenge(100), "cheque", SourceUnknown),
            (Money.tenge(5_000, 1), "wallet", CodeNeeded),
            (Money.tenge(4_001), "wallet", InsufficientFunds),
        ],
    )
    def test_a_refused_payment_moves_nothing_and_leaves_no_job_and_no_message(
        self, bank: Bank, amount: Money, source: str, refusal: type[DomainError]
    ) -> None:
        """saleor#17086: a job queued before the commit that it is about."""
        owner = customer(bank, money=Money.tenge(4_000))
        made = issued(bank, owner)
        before = moved(bank)
        with pytest.raises(refusal):
            pay(bank, owner, made.key, amount, source=source)
        assert moved(bank) == before
        assert claim(bank) == []
        assert messages(bank) == []
        assert bank.db.read_now(asking.due, until=FOREVER) == []

    def test_an_intent_whose_payment_was_refused_for_lack_of_money_can_be_paid_later(self, bank: Bank) -> None:
        """medusa#6745: stuck after a failed payment."""
        owner = customer(bank)
        made = confirmed(bank, owner, SUM)
        with pytest.raises(InsufficientFunds):
            pay(bank, owner, made.key, SUM)
        give(bank, owner, SUM)
        assert pay(bank, owner, made.key, SUM).state == "on_way"

    def test_a_payment_whose_answer_was_lost_is_answered_and_not_paid_again(self, any_bank: Bank) -> None:
        """medusa PR#16466: a retry made a new key. Here the process fails between the commit and the answer."""
        owner = customer(any_bank, money=MONEY)
        made = confirmed(any_bank, owner, SUM)
        url, folder = any_bank.settings.database, any_bank.settings.data_dir
        planned = "bills.payments.pay.after_commit=raise"
        with open_bank(url, folder, faults=planned) as failing, pytest.raises(PlannedFault):
            pay(failing, owner, made.key, SUM)
        first = pay(any_bank, owner, made.key, SUM)
        assert (first.amount, first.state) == (SUM, "on_way")
        assert balances(any_bank, owner).wallet == Money.tenge(80_000)
        assert entries(any_bank, "bill_held") == 1

    def test_exactly_5000_needs_no_code(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        assert pay(bank, owner, issued(bank, owner).key, Money.tenge(5_000)).state == "on_way"

    @pytest.mark.parametrize("tiyn", [10**12, 10**15])
    def test_large_sums_are_paid_to_the_tiyn(self, any_bank: Bank, tiyn: int) -> None:
        owner = customer(any_bank, money=Money(tiyn))
        sql(any_bank, "UPDATE biller SET maximum_tiyn = :most", most=10**15)
        accepted(any_bank, paid(any_bank, owner, Money(tiyn)).id)
        assert balances(any_bank, owner) == Balances(ZERO, Money(tiyn // 100))
        assert balance(any_bank, account(any_bank, "biller_payable", BILLER)) == Money(tiyn)
        assert_clean(any_bank)


class TestLastWord:
    def test_yes_pays_the_biller_and_gives_the_bonus_once(self, any_bank: Bank) -> None:
        owner = customer(any_bank, money=MONEY)
        made = paid(any_bank, owner, SUM)
        for _ in range(3):
            accepted(any_bank, made.id)
        assert balances(any_bank, owner) == Balances(Money.tenge(80_000), Money.tenge(200))
        assert balance(any_bank, account(any_bank, "biller_payable", BILLER)) == SUM
        assert balance(any_bank, account(any_bank, "bonus_expense")) == Money.tenge(200)
        assert balance(any_bank, account(any_bank, "holds")) == ZERO
        assert shown(any_bank, owner) == [("done", -SUM)]
        assert payment(any_bank, owner, made.id).finished_at
        assert_clean(any_bank)

    @pytest.mark.parametrize(
        ("tiyn", "bonus"), [(1_000, 10), (1_099, 10), (1_100, 11), (199_999, 1_999), (2_000_000, 20_000)]
    )
    def test_the_bonus_is_rounded_down_to_a_whole_tiyn(self, bank: Bank, tiyn: int, bonus: int) -> None:
        owner = customer(bank, money=MONEY)
        accepted(bank, paid(bank, owner, Money(tiyn)).id)
        assert balances(bank, owner).bonus == Money(bonus)

    def test_a_biller_without_bonus_gives_none(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        sql(bank, "UPDATE bonus_rule SET basis_points = 0")
        accepted(bank, paid(bank, owner, SUM).id)
        assert balances(bank, owner).bonus == ZERO
        assert_clean(bank)

    def test_the_bonus_is_the_one_promised_when_it_was_paid(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        sql(bank, "UPDATE bonus_rule SET basis_points = 5000")
        accepted(bank, made.id)
        assert balances(bank, owner).bonus == made.bonus == Money.tenge(200)

    def test_no_gives_the_money_back_once_and_tells_the_owner(self, any_bank: Bank) -> None:
        owner = customer(any_bank, money=MONEY)
        made = paid(any_bank, owner, SUM)
        for _ in range(3):
            refused(any_bank, made.id)
        assert balances(any_bank, owner) == Balances(MONEY, ZERO)
        assert balance(any_bank, account(any_bank, "holds")) == ZERO
        assert shown(any_bank, owner) == [("refused", -SUM)]
        assert [template for template, _ in messages(any_bank, PHONE)] == ["payment_refused"]
        assert payment(any_bank, owner, made.id).last_word == "5"
        assert_clean(any_bank)

    def test_no_after_yes_changes_nothing(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        accepted(bank, made.id)
        before = moved(bank)
        refused(bank, made.id)
        unknown(bank, made.id)
        assert moved(bank) == before

    def test_yes_after_no_changes_nothing(self, bank: Bank) -> None:
        """blnk#182: a refused hold committed later."""
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        refused(bank, made.id)
        before = moved(bank)
        accepted(bank, made.id)
        unknown(bank, made.id)
        assert moved(bank) == before

    def test_of_yes_and_no_at_once_one_is_the_last_word(self, any_bank: Bank) -> None:
        """midaz#1519: a hold committed or released twice."""
        owner = customer(any_bank, money=MONEY)
        for _ in range(3):
            made = paid(any_bank, owner, Money.tenge(1_000))
            answers = at_once(
                lambda made=made: accepted(any_bank, made.id), lambda made=made: refused(any_bank, made.id), times=3
            )
            assert refusals(answers) == []
            assert payment(any_bank, owner, made.id).state in ("done", "refused")
        done = [state for state, _ in shown(any_bank, owner)].count("done")
        assert balances(any_bank, owner) == Balances(MONEY - Money.tenge(1_000 * done), Money.tenge(10 * done))
        assert_clean(any_bank)

    def test_a_quick_yes_sends_no_sms_and_a_late_one_does(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        accepted(bank, paid(bank, owner, SUM).id)
        assert messages(bank) == []
        late = paid(bank, owner, SUM)
        bank.clock.jump(timedelta(seconds=31))
        accepted(bank, late.id)
        told = {"amount_tiyn": SUM.tiyn, "payee": "АлматыЭнергоСбыт"}
        assert messages(bank, PHONE) == [("payment_done", told)]

    @pytest.mark.parametrize("word", [accepted, refused, unknown])
    def test_a_word_about_no_payment_is_not_found(self, bank: Bank, word: object) -> None:
        with pytest.raises(NotFound):
            word(bank, 999)  # type: ignore[operator]


class TestUnknown:
    def test_a_time_out_keeps_the_hold(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        claim(bank)
        before = moved(bank)
        unknown(bank, made.id)
        assert moved(bank) == before
        found = payment(bank, owner, made.id)
        assert (found.state, found.last_word) == ("on_way", "timeout")
        assert_clean(bank)

    def test_the_waits_grow_and_the_same_txn_id_is_asked_each_time(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        for wait in (*WAITS_S, WAITS_S[-1]):
            (asking,) = claim(bank)
            assert (asking.id, asking.txn_id, asking.amount) == (made.id, made.txn_id, SUM)
            unknown(bank, made.id)
            bank.clock.jump(timedelta(days=1))
            watch.later(seconds=wait - 1)
            assert claim(bank) == [], "a jump of the bank's clock asks nobody sooner"
            watch.later(seconds=1)
        assert list(WAITS_S) == sorted(WAITS_S)

    def test_a_jump_of_the_banks_clock_gives_nothing_up(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        bank.clock.jump(timedelta(days=3))
        claim(bank)
        unknown(bank, made.id)
        assert payment(bank, owner, made.id).state == "on_way"

    def test_after_24_hours_it_waits_for_the_registry(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        watch.later(hours=23, minutes=59)
        claim(bank)
        unknown(bank, made.id)
        assert payment(bank, owner, made.id).state == "on_way"
        watch.later(hours=1)
        claim(bank)
        unknown(bank, made.id)
        assert payment(bank, owner, made.id).state == "registry"
        watch.later(days=2)
        assert claim(bank) == []
        assert bank.db.read_now(asking.due, until=FOREVER) == []
        assert shown(bank, owner) == [("on_way", -SUM)]
        assert balance(bank, account(bank, "holds")) == SUM
        assert_clean(bank)

    @pytest.mark.parametrize(("word", "left"), [(accepted, 80_000), (refused, 100_000)])
    def test_the_registry_has_the_last_word(self, bank: Bank, watch: Watch, word: object, left: int) -> None:
        owner = customer(bank, money=MONEY)
        made = paid(bank, owner, SUM)
        watch.later(days=2)
        claim(bank)
        unknown(bank, made.id)
        word(bank, made.id)  # type: ignore[operator]
        assert balances(bank, owner).wallet == Money.tenge(left)
        assert payment(bank, owner, made.id).state in ("done", "refused")
        assert_clean(bank)


class TestClaim:
    def test_two_workers_at_once_never_ask_for_the_same_payment(self, any_bank: Bank) -> None:
        owner = customer(any_bank, money=MONEY)
        made = [paid(any_bank, owner, Money.tenge(100)).id for _ in range(5)]
        batches = at_once(lambda: claim(any_bank), times=4)
        assert refusals(batches) == []
        assert sorted(asking.id for batch in batches for asking in batch) == made

    def test_a_dead_workers_lease_ends_after_a_minute(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank, money=MONEY)
        paid(bank, owner, SUM)
        (lost,) = claim(bank)
        watch.later(seconds=59)
        assert claim(bank) == []
        watch.later(seconds=2)
        assert claim(bank) == [lost]

    def test_a_jump_of_the_banks_clock_ends_no_lease(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        paid(bank, owner, SUM)
        claim(bank)
        bank.clock.jump(timedelta(hours=1))
        assert claim(bank) == []

    def test_what_is_finished_is_not_asked_again(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank, money=MONEY)
        accepted(bank, paid(bank, owner, SUM).id)
        refused(bank, paid(bank, owner, SUM).id)
        watch.later(hours=1)
        assert claim(bank) == []

    def test_no_more_than_asked_are_claimed(self, bank: Bank) -> None:
        owner = customer(bank, money=MONEY)
        for _ in range(3):
            paid(bank, owner, Money.tenge(100))
        assert len(bank.db.write_now(asking.claim, most=2)) == 2


class TestOwner:
    def test_another_customers_payment_and_receipt_are_not_found(self, bank: Bank) -> None:
        owner, thief = customer(bank, money=MONEY), customer(bank, phone=OTHER_PHONE, money=MONEY)
        made = paid(bank, owner, SUM)
        assert payment(bank, owner, made.id) == made
        assert bank.db.read_now(wallet.operation, customer_id=owner, receipt=made.receipt).amount == -SUM
        with pytest.raises(NotFound):
            payment(bank, thief, made.id)
        with pytest.raises(NotFound):
            bank.db.read_now(wallet.operation, customer_id=thief, receipt=made.receipt)
        with pytest.raises(NotFound):
            bank.db.read_now(wallet.operation_of, customer_id=thief, subject=f"bill_payment:{made.id}")
