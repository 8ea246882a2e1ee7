"""Where the money of a payment comes from, and that a refusal brings every part back."""

from __future__ import annotations

from typing import Any

import pytest

from kaspi_web.domain.bills import payments, proposals
from kaspi_web.domain.bills.offers import ChoiceUnknown, Chosen
from kaspi_web.domain.bills.proposals import CodeNeeded, IntentProposalChanged, SourceUnknown
from kaspi_web.domain.bonus.spending import BonusShort, BonusTooMuch
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.cards.service import CardFrozen
from kaspi_web.domain.ledger.service import InsufficientFunds
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import NotFound
from kaspi_web.kernel.money import ZERO, Money
from tests.make.bills import BILLER, accepted, issued, payment, refused
from tests.make.customers import OTHER_PHONE, customer
from tests.make.ledger import account, assert_clean, balance, moved, sql
from tests.make.moments import Watch
from tests.make.sources import bank_card, give_bonus, own_card, processor_says

T = Money.tenge


def proposed(bank: Bank, owner: int, amount: Money, source: str, *, spend: Money = ZERO) -> tuple[str, Any]:
    made = issued(bank, owner)
    kind, _, card = source.partition(":")
    given = {"amount": amount, "source": kind, "card": card, "spend": spend}
    return made.id, bank.db.write_now(proposals.propose, customer_id=owner, intent_id=made.id, **given)


def pay(bank: Bank, owner: int, amount: Money, source: str, *, spend: Money = ZERO) -> payments.PaymentView:
    intent, made = proposed(bank, owner, amount, source, spend=spend)
    this = {"customer_id": owner, "intent_id": intent, "amount": made.amount, "source": made.source}
    return bank.db.write_now(payments.pay, number=made.number, **this)


def has(bank: Bank, kind: str, owner: int | str = "") -> Money:
    return balance(bank, account(bank, kind, str(owner)))


def payable(bank: Bank) -> Money:
    return has(bank, "biller_payable", BILLER)


class TestBonus:
    def test_the_whole_is_paid_with_bonuses_and_earns_nothing(self, bank: Bank) -> None:
        owner = customer(bank, money=T(100))
        give_bonus(bank, owner, T(3_000))
        made = pay(bank, owner, T(2_500), "bonus")
        assert (has(bank, "bonus", owner), has(bank, "wallet", owner)) == (T(500), T(100))
        accepted(bank, made.id)
        assert (payable(bank), has(bank, "bonus", owner), has(bank, "holds")) == (T(2_500), T(500), ZERO)
        assert_clean(bank)

    def test_a_part_is_paid_with_bonuses_and_only_the_money_earns(self, bank: Bank) -> None:
        owner = customer(bank, money=T(4_000))
        give_bonus(bank, owner, T(1_000))
        made = pay(bank, owner, T(4_500), "wallet", spend=T(1_000))
        assert (has(bank, "bonus", owner), has(bank, "wallet", owner)) == (ZERO, T(500))
        accepted(bank, made.id)
        assert (payable(bank), has(bank, "bonus", owner)) == (T(4_500), T(35))
        assert_clean(bank)

    def test_a_refusal_brings_both_parts_back(self, bank: Bank) -> None:
        owner = customer(bank, money=T(4_000))
        give_bonus(bank, owner, T(1_000))
        made = pay(bank, owner, T(4_500), "wallet", spend=T(1_000))
        refused(bank, made.id)
        assert (has(bank, "bonus", owner), has(bank, "wallet", owner), payable(bank)) == (T(1_000), T(4_000), ZERO)
        assert_clean(bank)

    @pytest.mark.parametrize(
        ("amount", "source", "spend", "refusal"),
        [
            (T(500), "wallet", T(1_001), BonusTooMuch),
            (T(2_000), "wallet", T(1_001), BonusShort),
            (T(2_000), "bonus", ZERO, BonusShort),
            (T(4_500), "wallet", T(400), InsufficientFunds),
            (T(500), "cheque", ZERO, SourceUnknown),
        ],
    )
    def test_what_cannot_be_paid_so_is_refused_and_moves_nothing(
        self, bank: Bank, amount: Money, source: str, spend: Money, refusal: type[Exception]
    ) -> None:
        owner = customer(bank, money=T(4_000))
        give_bonus(bank, owner, T(1_000))
        before = moved(bank)
        with pytest.raises(refusal):
            proposed(bank, owner, amount, source, spend=spend)
        assert moved(bank) == before

    def test_bonuses_spent_meanwhile_refuse_the_whole_payment(self, bank: Bank) -> None:
        owner = customer(bank, money=T(4_000))
        give_bonus(bank, owner, T(1_000))
        intent, made = proposed(bank, owner, T(2_000), "wallet", spend=T(1_000))
        pay(bank, owner, T(800), "bonus")
        before = moved(bank)
        with pytest.raises(BonusShort):
            bank.db.write_now(
                payments.pay, customer_id=owner, intent_id=intent, amount=T(2_000), source="wallet", number=made.number
            )
        assert moved(bank) == before

    def test_the_code_is_asked_for_by_the_whole_sum(self, bank: Bank) -> None:
        owner = customer(bank, money=T(9_000))
        give_bonus(bank, owner, T(3_000))
        with pytest.raises(CodeNeeded):
            pay(bank, owner, T(5_000, 1), "wallet", spend=T(3_000))
        assert pay(bank, owner, T(5_000), "wallet", spend=T(3_000)).state == "on_way"


class TestOwnCard:
    def test_a_card_of_ours_pays_and_the_wallet_is_not_touched(self, bank: Bank) -> None:
        owner = customer(bank, money=T(100))
        card = own_card(bank, owner, money=T(3_000))
        made = pay(bank, owner, T(2_500), f"card:{card.public_id}")
        assert (made.state, has(bank, "card", card.id), has(bank, "wallet", owner)) == ("on_way", T(500), T(100))
        accepted(bank, made.id)
        assert (payable(bank), has(bank, "bonus", owner)) == (T(2_500), T(25))
        assert_clean(bank)

    def test_a_refusal_returns_to_the_card(self, bank: Bank) -> None:
        owner = customer(bank)
        card = own_card(bank, owner, money=T(3_000))
        refused(bank, pay(bank, owner, T(2_500), f"card:{card.public_id}").id)
        assert (has(bank, "card", card.id), has(bank, "wallet", owner)) == (T(3_000), ZERO)
        assert_clean(bank)

    def test_a_refusal_returns_to_the_wallet_once_the_card_is_gone(self, bank: Bank) -> None:
        owner = customer(bank)
        card = own_card(bank, owner, money=T(3_000))
        made = pay(bank, owner, T(2_500), f"card:{card.public_id}")
        bank.db.write_now(cards.unlink, customer_id=owner, public_id=card.public_id)
        refused(bank, made.id)
        assert (has(bank, "card", card.id), has(bank, "wallet", owner)) == (ZERO, T(3_000))
        assert_clean(bank)

    def test_a_frozen_or_strangers_card_pays_nothing(self, bank: Bank) -> None:
        owner, stranger = customer(bank), customer(bank, phone=OTHER_PHONE)
        card = own_card(bank, owner, money=T(3_000))
        before = moved(bank)
        with pytest.raises(NotFound):
            pay(bank, stranger, T(500), f"card:{card.public_id}")
        bank.db.write_now(cards.freeze, customer_id=owner, public_id=card.public_id)
        with pytest.raises(CardFrozen):
            pay(bank, owner, T(500), f"card:{card.public_id}")
        assert moved(bank) == before


class TestBankCard:
    def test_the_biller_is_asked_once_the_cards_bank_agrees_and_then_the_card_is_captured(self, bank: Bank) -> None:
        owner = customer(bank)
        card = bank_card(bank, owner)
        made = pay(bank, owner, T(2_500), f"card:{card.public_id}")
        assert made.state == "funding"
        processor_says(bank, "bill:", "challenge")
        assert payment(bank, owner, made.id).source.charge == "challenge"
        processor_says(bank, "bill:", "authorised")
        assert payment(bank, owner, made.id).state == "on_way"
        accepted(bank, made.id)
        assert sql(bank, "SELECT state, wanted FROM card_charge") == [("authorised", "capture")]
        assert (payable(bank), has(bank, "card_processor"), has(bank, "bonus", owner)) == (T(2_500), T(2_500), T(25))
        processor_says(bank, "bill:", "captured")
        assert_clean(bank)

    def test_with_bonuses_it_is_all_or_nothing_when_the_card_declines(self, bank: Bank) -> None:
        owner = customer(bank)
        give_bonus(bank, owner, T(1_000))
        card = bank_card(bank, owner)
        made = pay(bank, owner, T(2_500), f"card:{card.public_id}", spend=T(1_000))
        assert has(bank, "bonus", owner) == ZERO
        processor_says(bank, "bill:", "declined", "lacks_money")
        assert payment(bank, owner, made.id).state == "refused"
        assert (has(bank, "bonus", owner), payable(bank), has(bank, "holds")) == (T(1_000), ZERO, ZERO)
        assert_clean(bank)

    def test_when_the_biller_refuses_the_charge_is_voided_and_the_bonuses_return(self, bank: Bank) -> None:
        owner = customer(bank)
        give_bonus(bank, owner, T(1_000))
        card = bank_card(bank, owner)
        made = pay(bank, owner, T(2_500), f"card:{card.public_id}", spend=T(1_000))
        processor_says(bank, "bill:", "authorised")
        refused(bank, made.id)
        assert sql(bank, "SELECT state, wanted FROM card_charge") == [("authorised", "void")]
        assert (has(bank, "bonus", owner), has(bank, "card_processor")) == (T(1_000), ZERO)
        processor_says(bank, "bill:", "voided")
        assert_clean(bank)

    def test_a_charge_that_is_given_up_holds_nothing_while_the_processor_is_silent(
        self, bank: Bank, watch: Watch
    ) -> None:
        owner = customer(bank)
        give_bonus(bank, owner, T(1_000))
        made = pay(bank, owner, T(2_500), f"card:{bank_card(bank, owner).public_id}", spend=T(1_000))
        watch.later(minutes=16)
        ((charge,),) = sql(bank, "SELECT id FROM card_charge")
        bank.db.write_now(sagas.charge_unknown, charge_id=charge, word="timeout")
        assert payment(bank, owner, made.id).state == "refused"
        assert (has(bank, "bonus", owner), has(bank, "holds")) == (T(1_000), ZERO)
        assert sql(bank, "SELECT wanted FROM card_charge") == [("void",)]
        assert_clean(bank)

    def test_a_second_yes_of_the_card_changes_nothing(self, bank: Bank) -> None:
        owner = customer(bank)
        made = pay(bank, owner, T(2_500), f"card:{bank_card(bank, owner).public_id}")
        processor_says(bank, "bill:", "authorised")
        accepted(bank, made.id)
        before = moved(bank)
        processor_says(bank, "bill:", "authorised")
        assert moved(bank) == before

    def test_only_the_last_proposal_is_paid(self, bank: Bank) -> None:
        owner = customer(bank, money=T(4_000))
        card = own_card(bank, owner, money=T(4_000))
        intent, first = proposed(bank, owner, T(500), f"card:{card.public_id}")
        other = own_card(bank, owner, money=T(4_000))
        again = {"amount": T(500), "source": "card", "card": other.public_id}
        bank.db.write_now(proposals.propose, customer_id=owner, intent_id=intent, **again)
        before = moved(bank)
        with pytest.raises(IntentProposalChanged):
            bank.db.write_now(
                payments.pay, customer_id=owner, intent_id=intent, amount=T(500), source="card", number=first.number
            )
        assert moved(bank) == before


def test_what_the_biller_did_not_offer_is_never_sent_to_it(bank: Bank) -> None:
    owner = customer(bank, money=T(4_000))
    made = issued(bank, owner)
    before = moved(bank)
    for chosen in (Chosen("evil"), Chosen(lines={"x": T(1)}), Chosen(readings={"x": 1})):
        given = {"amount": T(500), "source": "wallet", "chosen": chosen}
        with pytest.raises(ChoiceUnknown):
            bank.db.write_now(proposals.propose, customer_id=owner, intent_id=made.id, **given)
    assert moved(bank) == before
