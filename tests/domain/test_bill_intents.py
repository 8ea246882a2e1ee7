"""Intents: what is checked before a bill is paid, the code above 5 000.00, and who may look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kaspi_web.domain.bills import billers, intents, proposals
from kaspi_web.domain.bills.intents import IntentView
from kaspi_web.domain.bills.proposals import (
    AmountOutOfRange,
    CodeNeeded,
    IntentContentChanged,
    IntentExpired,
    IntentProposalChanged,
    Proposal,
    SourceUnknown,
)
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.sms.codes import CodeExpired, TooManyCodes, WrongCode
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.bill_lines import Debt
from kaspi_web.kernel.errors import Busy, DomainError, NotFound
from kaspi_web.kernel.money import Money
from tests.make.bills import ACCOUNT, BILLER, issued, paid, pay
from tests.make.customers import OTHER_PHONE, PHONE, customer
from tests.make.ledger import moved, sql
from tests.make.moments import Watch
from tests.make.races import answers_of, at_once, refusals
from tests.make.sms import last_code, messages, other_than

RICH = Money.tenge(2_000_000)
FREE = Money.tenge(5_000)
ABOVE = Money.tenge(5_000, 1)


def propose(bank: Bank, owner: int, intent_id: str, amount: Money, source: str = "wallet") -> Proposal:
    given = {"customer_id": owner, "intent_id": intent_id, "amount": amount, "source": source}
    return bank.db.write_now(proposals.propose, **given)


def send_code(bank: Bank, owner: int, intent_id: str, amount: Money = ABOVE, *, again: bool = False) -> str:
    this = {"customer_id": owner, "intent_id": intent_id, "amount": amount, "source": "wallet"}
    bank.db.write_now(proposals.send_code, again=again, **this)
    return last_code(bank)


def confirm(bank: Bank, owner: int, intent_id: str, typed: str, amount: Money = ABOVE) -> object:
    this = {"customer_id": owner, "intent_id": intent_id, "amount": amount, "source": "wallet"}
    return bank.db.write_now(proposals.confirm, typed=typed, **this)


def seen(bank: Bank, owner: int, intent_id: str) -> IntentView:
    return bank.db.read_now(intents.intent, customer_id=owner, intent_id=intent_id)


class TestIssue:
    def test_an_intent_lives_ten_minutes_and_has_an_address_and_a_key(self, bank: Bank, watch: Watch) -> None:
        made = issued(bank, customer(bank))
        assert (made.biller.slug, made.account, made.payment_id, made.is_expired) == (BILLER, ACCOUNT, None, False)
        assert made.id != made.key
        assert timedelta(minutes=9, seconds=58) < made.expires_at - watch.now() <= timedelta(minutes=10)

    def test_no_such_biller_is_not_found(self, bank: Bank) -> None:
        owner = customer(bank)
        with pytest.raises(NotFound):
            issued(bank, owner, slug="nobody")

    def test_thirty_intents_in_ten_minutes_and_no_more(self, bank: Bank, watch: Watch) -> None:
        owner, other = customer(bank), customer(bank, phone=OTHER_PHONE)
        for _ in range(30):
            issued(bank, owner)
        with pytest.raises(Busy):
            issued(bank, owner)
        issued(bank, other)
        watch.later(minutes=10, seconds=1)
        issued(bank, owner)

    def test_intents_issued_at_once_do_not_go_past_the_limit(self, any_bank: Bank) -> None:
        """Each counts the others before it asks, also on PostgreSQL."""
        owner = customer(any_bank)
        for _ in range(25):
            issued(any_bank, owner)
        answers = at_once(lambda: issued(any_bank, owner), times=12)
        assert len(answers_of(answers)) == 5
        assert {type(each) for each in refusals(answers)} == {Busy}

    def test_the_answer_of_the_biller_is_kept_and_cut_to_size(self, any_bank: Bank) -> None:
        owner = customer(any_bank)
        made = issued(any_bank, owner)
        said = Debt("Н" * 500, "А" * 500, Money.tenge(123, 45))
        any_bank.db.write_now(intents.answered, customer_id=owner, intent_id=made.id, debt=said)
        found = seen(any_bank, owner, made.id)
        assert (len(found.owner_name), len(found.address), found.debt) == (120, 200, Money.tenge(123, 45))


class TestAccounts:
    @pytest.mark.parametrize("typed", ["04512287", " 0451 2287", "0451-2287", "№04512287"])
    def test_an_account_is_read_as_people_write_it(self, bank: Bank, typed: str) -> None:
        of = bank.db.read_now(billers.biller, slug=BILLER)
        assert billers.filled({"account": typed}, of=of).account == "04512287"

    @pytest.mark.parametrize("typed", ["", "0451228", "045122870", "0451228a", "٠٤٥١٢٢٨٧", "04512287\n1"])
    def test_an_account_of_another_form_is_refused_with_an_example(self, bank: Bank, typed: str) -> None:
        of = bank.db.read_now(billers.biller, slug=BILLER)
        with pytest.raises(billers.BadAccount) as refusal:
            billers.filled({"account": typed}, of=of)
        assert refusal.value.params == {"example": "04512287"}


class TestPropose:
    def test_a_proposal_says_what_paying_would_do(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        whole = Money.tenge(20_000)
        expected = Proposal(whole, whole, Money(0), Money.tenge(200), "wallet", None, needs_code=True, number=1)
        assert propose(bank, owner, made.id, whole) == expected

    @pytest.mark.parametrize(("amount", "needed"), [(FREE, False), (ABOVE, True), (Money.tenge(10), False)])
    def test_a_code_is_needed_strictly_above_5000(self, bank: Bank, amount: Money, needed: bool) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        assert propose(bank, owner, made.id, amount).needs_code is needed
        assert seen(bank, owner, made.id).is_confirmed is not needed

    @pytest.mark.parametrize(
        ("amount", "source", "refusal"),
        [
            (Money.tenge(9, 99), "wallet", AmountOutOfRange),
            (Money.tenge(1_000_000, 1), "wallet", AmountOutOfRange),
            (Money(0), "wallet", AmountOutOfRange),
            (Money(-100), "wallet", AmountOutOfRange),
            (FREE, "card", NotFound),
            (FREE, "cheque", SourceUnknown),
            (FREE, "", SourceUnknown),
            (Money.tenge(6_001), "wallet", InsufficientFunds),
        ],
    )
    def test_a_refused_proposal_moves_nothing_and_leaves_the_intent_as_it_was(
        self, bank: Bank, amount: Money, source: str, refusal: type[DomainError]
    ) -> None:
        owner = customer(bank, money=Money.tenge(6_000))
        made = issued(bank, owner)
        before = moved(bank)
        with pytest.raises(refusal):
            propose(bank, owner, made.id, amount, source)
        assert moved(bank) == before
        assert seen(bank, owner, made.id) == made

    def test_what_is_missing_is_told(self, bank: Bank) -> None:
        owner = customer(bank, money=Money.tenge(100))
        with pytest.raises(InsufficientFunds) as refusal:
            propose(bank, owner, issued(bank, owner).id, Money.tenge(150, 50))
        assert refusal.value.params == {"missing": Money.tenge(50, 50)}

    def test_money_that_is_held_cannot_be_proposed(self, bank: Bank) -> None:
        """blnk#185: available balance ignored holds."""
        owner = customer(bank, money=Money.tenge(100))
        paid(bank, owner, Money.tenge(60))
        with pytest.raises(InsufficientFunds):
            propose(bank, owner, issued(bank, owner).id, Money.tenge(41))

    def test_a_paid_intent_takes_no_other_proposal(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        pay(bank, owner, made.key, FREE)
        with pytest.raises(IntentContentChanged):
            propose(bank, owner, made.id, Money.tenge(100))


class TestCode:
    def test_the_sms_names_the_sum_and_the_payee_in_the_owners_language(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH, language="en")
        made = issued(bank, owner)
        propose(bank, owner, made.id, ABOVE)
        code = send_code(bank, owner, made.id)
        told = {"code": code, "amount_tiyn": 500_001, "payee": "AlmatyEnergoSbyt"}
        assert messages(bank, PHONE) == [("code_pay", told)]

    def test_the_right_code_opens_the_payment(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        propose(bank, owner, made.id, ABOVE)
        with pytest.raises(CodeNeeded):
            pay(bank, owner, made.key, ABOVE)
        assert confirm(bank, owner, made.id, send_code(bank, owner, made.id)) is None
        assert seen(bank, owner, made.id).is_confirmed
        assert propose(bank, owner, made.id, ABOVE).needs_code is False
        assert pay(bank, owner, made.key, ABOVE).state == "on_way"

    def test_a_wrong_code_opens_nothing_and_stays_counted(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        propose(bank, owner, made.id, ABOVE)
        wrong = other_than(send_code(bank, owner, made.id))
        answers = [confirm(bank, owner, made.id, wrong) for _ in range(2)]
        assert [answer.params["tries_left"] for answer in answers if isinstance(answer, WrongCode)] == [4, 3]
        with pytest.raises(CodeNeeded):
            pay(bank, owner, made.key, ABOVE)

    def test_the_code_for_one_sum_is_not_good_for_another(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        propose(bank, owner, made.id, ABOVE)
        code = send_code(bank, owner, made.id)
        propose(bank, owner, made.id, Money.tenge(900_000))
        assert isinstance(confirm(bank, owner, made.id, code, Money.tenge(900_000)), CodeExpired)
        with pytest.raises(CodeNeeded):
            pay(bank, owner, made.key, Money.tenge(900_000))

    def test_a_sum_changed_after_the_code_needs_a_code_of_its_own(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        propose(bank, owner, made.id, ABOVE)
        confirm(bank, owner, made.id, send_code(bank, owner, made.id))
        before = moved(bank)
        assert propose(bank, owner, made.id, Money.tenge(900_000)).needs_code
        with pytest.raises(CodeNeeded):
            pay(bank, owner, made.key, Money.tenge(900_000))
        assert moved(bank) == before

    def test_the_code_of_one_intent_is_not_good_for_another_of_the_same_sum(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        one, two = issued(bank, owner), issued(bank, owner)
        for made in (one, two):
            propose(bank, owner, made.id, ABOVE)
        code = send_code(bank, owner, one.id)
        assert isinstance(confirm(bank, owner, two.id, code), CodeExpired)

    def test_changing_the_sum_does_not_renew_the_three_codes_of_a_payment(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        for number in range(3):
            propose(bank, owner, made.id, Money.tenge(6_000 + number))
            send_code(bank, owner, made.id, Money.tenge(6_000 + number))
        propose(bank, owner, made.id, Money.tenge(7_000))
        with pytest.raises(TooManyCodes):
            send_code(bank, owner, made.id, Money.tenge(7_000))

    def test_a_code_that_can_still_be_typed_is_not_sent_again_unasked(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        propose(bank, owner, made.id, ABOVE)
        code = send_code(bank, owner, made.id)
        watch.later(minutes=2)
        assert send_code(bank, owner, made.id) == code
        assert len(messages(bank, PHONE)) == 1
        send_code(bank, owner, made.id, again=True)
        assert len(messages(bank, PHONE)) == 2
        with pytest.raises(Busy):
            send_code(bank, owner, made.id, again=True)
        assert confirm(bank, owner, made.id, code) is None

    def test_what_another_window_proposed_is_neither_sent_confirmed_nor_paid_unseen(self, any_bank: Bank) -> None:
        owner = customer(any_bank, money=RICH)
        made = issued(any_bank, owner)
        propose(any_bank, owner, made.id, ABOVE)
        code = send_code(any_bank, owner, made.id)
        propose(any_bank, owner, made.id, Money.tenge(900_000))
        before = moved(any_bank)
        deeds = [
            lambda: send_code(any_bank, owner, made.id),
            lambda: confirm(any_bank, owner, made.id, code),
            lambda: pay(any_bank, owner, made.key, ABOVE),
            lambda: pay(any_bank, owner, made.key, FREE),
        ]
        for deed in deeds:
            with pytest.raises(IntentProposalChanged):
                deed()
        assert moved(any_bank) == before
        assert len(messages(any_bank, PHONE)) == 1

    def test_no_code_is_sent_before_there_is_a_sum_or_after_the_payment(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        with pytest.raises(IntentContentChanged):
            send_code(bank, owner, made.id)
        pay(bank, owner, made.key, FREE)
        with pytest.raises(IntentContentChanged):
            send_code(bank, owner, made.id)
        assert messages(bank) == []

    def test_an_ended_intent_sends_and_takes_no_code(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        propose(bank, owner, made.id, ABOVE)
        watch.later(minutes=8)
        code = send_code(bank, owner, made.id)
        watch.later(minutes=2)
        assert isinstance(confirm(bank, owner, made.id, code), IntentExpired)
        with pytest.raises(IntentExpired):
            send_code(bank, owner, made.id)


class TestOwner:
    def test_another_customers_intent_is_not_found_by_any_deed(self, bank: Bank) -> None:
        owner, thief = customer(bank, money=RICH), customer(bank, phone=OTHER_PHONE, money=RICH)
        made = issued(bank, owner)
        propose(bank, owner, made.id, FREE)
        before = moved(bank)
        deeds = [
            lambda: seen(bank, thief, made.id),
            lambda: propose(bank, thief, made.id, FREE),
            lambda: send_code(bank, thief, made.id),
            lambda: confirm(bank, thief, made.id, "111111"),
            lambda: bank.db.write_now(intents.answered, customer_id=thief, intent_id=made.id, debt=Debt()),
            lambda: pay(bank, thief, made.key, FREE),
        ]
        for deed in deeds:
            with pytest.raises(NotFound):
                deed()
        assert moved(bank) == before

    @pytest.mark.parametrize("given", [{"intent_id": "nothing"}, {"key": "nothing"}, {"intent_id": ""}, {}])
    def test_no_address_is_nobodys_intent(self, bank: Bank, given: dict[str, str]) -> None:
        owner = customer(bank)
        issued(bank, owner)
        with pytest.raises(NotFound):
            bank.db.write_now(intents.owned, customer_id=owner, **given)

    def test_the_address_is_no_key(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        with pytest.raises(NotFound):
            pay(bank, owner, made.id, FREE)


class TestEnd:
    def test_an_ended_intent_pays_nothing(self, bank: Bank, watch: Watch) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        watch.later(minutes=10)
        before = moved(bank)
        with pytest.raises(IntentExpired):
            propose(bank, owner, made.id, FREE)
        with pytest.raises(IntentExpired):
            pay(bank, owner, made.key, FREE)
        assert moved(bank) == before
        assert seen(bank, owner, made.id).is_expired

    def test_a_jump_of_the_banks_clock_ends_no_intent(self, bank: Bank) -> None:
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        bank.clock.jump(timedelta(hours=5))
        assert pay(bank, owner, made.key, FREE)

    def test_a_paid_intent_answers_with_its_payment_after_its_end_too(self, bank: Bank, watch: Watch) -> None:
        """stacker.news#1672: the screen said failed although it was paid."""
        owner = customer(bank, money=RICH)
        made = issued(bank, owner)
        first = pay(bank, owner, made.key, FREE)
        watch.later(hours=1)
        assert pay(bank, owner, made.key, FREE) == first
        assert seen(bank, owner, made.id).payment_id == first.id


def test_a_service_out_of_use_is_not_paid_any_more(bank: Bank) -> None:
    owner = customer(bank, money=RICH)
    sql(bank, "UPDATE biller SET active = false WHERE slug = :slug", slug=BILLER)
    with pytest.raises(NotFound):
        issued(bank, owner)
    assert BILLER not in [each.slug for each in bank.db.read_now(billers.billers)]


def test_billers_are_listed_by_category(bank: Bank) -> None:
    electricity = [each.slug for each in bank.db.read_now(billers.billers, category="electricity")]
    assert electricity[:2] == ["almaty-energo", "astana-energo"]
    assert bank.db.read_now(billers.billers, category="nothing") == []
    assert len(bank.db.read_now(billers.billers)) == sql(bank, "SELECT COUNT(*) FROM biller")[0][0]
