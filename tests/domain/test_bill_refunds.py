"""Refunds by billers: each part returns to where it came from, and the bonus follows what remains."""

from __future__ import annotations

import pytest

from kaspi_web.domain.bills import refunds
from kaspi_web.domain.cards import service as cards
from kaspi_web.domain.sagas import service as sagas
from kaspi_web.kernel.bank import Bank
from kaspi_web.kernel.errors import DomainError
from kaspi_web.kernel.money import ZERO, Money
from kaspi_web.kernel.processing import PaidOut
from tests.domain.test_payment_sources import has, pay, payable
from tests.make.bills import BILLER, accepted, confirmed, payment
from tests.make.bills import pay as pay_from_wallet
from tests.make.bills import refused as refuse
from tests.make.customers import customer
from tests.make.ledger import assert_clean, moved, sql
from tests.make.races import answers_of, at_once, refusals
from tests.make.sources import bank_card, give_bonus, own_card, processor_says

T = Money.tenge


def done(bank: Bank, owner: int, amount: Money, source: str = "wallet", *, spend: Money = ZERO) -> int:
    """A payment that its biller took."""
    made = pay(bank, owner, amount, source, spend=spend)
    if made.state == "funding":
        processor_says(bank, "bill:", "authorised")
    accepted(bank, made.id)
    if made.state == "funding":
        processor_says(bank, "bill:", "captured")
    return made.id


def refund(bank: Bank, payment_id: int, amount: Money | None = None, *, cancel: str = "c1") -> refunds.RefundView:
    ((txn,),) = sql(bank, "SELECT txn_id FROM bill_payment WHERE id = :id", id=payment_id)
    return bank.db.write_now(refunds.refund, slug=BILLER, cancel_id=cancel, txn_id=str(txn), amount=amount)


def big(bank: Bank, owner: int) -> int:
    """20 000.00 from the wallet, which earned 200.00."""
    amount = T(20_000)
    made = pay_from_wallet(bank, owner, confirmed(bank, owner, amount).key, amount)
    accepted(bank, made.id)
    return made.id


def test_a_whole_refund_brings_the_money_back_and_takes_the_bonus(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    assert has(bank, "bonus", owner) == T(200)
    given = refund(bank, made)
    assert (given.to_money, given.taken_back, given.withheld) == (T(20_000), T(200), ZERO)
    assert (has(bank, "wallet", owner), has(bank, "bonus", owner), payable(bank)) == (T(20_000), ZERO, ZERO)
    assert payment(bank, owner, made).refunded == T(20_000)
    assert_clean(bank)


def test_parts_add_up_to_the_whole(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    for number, part in enumerate((T(333, 33), T(0, 1), T(9_999, 99), T(7_000), T(2_666, 67))):
        refund(bank, made, part, cancel=f"c{number}")
    assert (has(bank, "wallet", owner), has(bank, "bonus", owner), payable(bank)) == (T(20_000), ZERO, ZERO)
    assert has(bank, "bonus_expense") == ZERO
    assert_clean(bank)


def test_after_a_part_the_bonus_is_the_rule_on_what_remains(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    refund(bank, big(bank, owner), T(9_999, 99))
    assert has(bank, "bonus", owner) == T(100), "1% of 10 000.01, rounded down"


def test_a_bonus_that_is_spent_is_withheld_and_nothing_goes_below_zero(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    pay(bank, owner, T(150), "bonus")
    given = refund(bank, made)
    assert (given.taken_back, given.withheld, given.to_money) == (T(50), T(150), T(19_850))
    assert (has(bank, "bonus", owner), has(bank, "wallet", owner)) == (ZERO, T(19_850))
    assert_clean(bank)


def test_parts_of_a_mixed_payment_return_to_where_they_came_from(bank: Bank) -> None:
    owner = customer(bank, money=T(2_000))
    give_bonus(bank, owner, T(1_000))
    made = done(bank, owner, T(3_000), spend=T(1_000))
    first, second = refund(bank, made, T(1_000), cancel="a"), refund(bank, made, T(2_000), cancel="b")
    assert (first.to_bonus + second.to_bonus, first.to_money + second.to_money) == (T(1_000), T(2_000))
    assert (first.to_bonus, has(bank, "wallet", owner)) == (T(333, 33), T(2_000))
    assert has(bank, "bonus", owner) == T(1_000), "what was earned was taken back"
    assert_clean(bank)


def test_a_card_of_ours_gets_its_money_back_and_the_wallet_when_it_is_gone(bank: Bank) -> None:
    owner = customer(bank)
    card = own_card(bank, owner, money=T(3_000))
    made = done(bank, owner, T(2_000), f"card:{card.public_id}")
    refund(bank, made, T(500), cancel="a")
    assert has(bank, "card", card.id) == T(1_500)
    bank.db.write_now(cards.unlink, customer_id=owner, public_id=card.public_id)
    refund(bank, made, T(1_500), cancel="b")
    assert (has(bank, "card", card.id), has(bank, "wallet", owner)) == (ZERO, T(3_000))
    assert_clean(bank)


def test_another_banks_card_is_refunded_by_the_processor(bank: Bank) -> None:
    owner = customer(bank)
    made = done(bank, owner, T(2_000), f"card:{bank_card(bank, owner).public_id}")
    assert refund(bank, made).goes_to == "bank_card"
    assert sql(bank, "SELECT amount_tiyn, state FROM card_refund") == [(T(2_000).tiyn, "new")]
    assert (has(bank, "card_processor"), has(bank, "wallet", owner)) == (ZERO, ZERO)
    assert_clean(bank)


def test_what_the_cards_bank_does_not_take_comes_to_the_wallet_once(bank: Bank) -> None:
    owner = customer(bank)
    made = done(bank, owner, T(2_000), f"card:{bank_card(bank, owner).public_id}")
    refund(bank, made)
    ((refund_id,),) = sql(bank, "SELECT id FROM card_refund")
    for _ in range(2):
        bank.db.write_now(sagas.refund_answered, refund_id=refund_id, answer=PaidOut("declined", "closed"))
    assert (has(bank, "wallet", owner), has(bank, "card_processor")) == (T(2_000), T(2_000))
    shown = sql(bank, "SELECT source, wallet_tiyn FROM operation WHERE kind = 'refund'")
    assert shown == [("wallet", T(2_000).tiyn)]
    assert_clean(bank)


def test_what_a_lapsed_charge_never_took_is_given_back_to_nobody(bank: Bank) -> None:
    owner = customer(bank)
    made = pay(bank, owner, T(2_000), f"card:{bank_card(bank, owner).public_id}")
    processor_says(bank, "bill:", "authorised")
    accepted(bank, made.id)
    processor_says(bank, "bill:", "voided")
    assert refund(bank, made.id).goes_to == "bank_card"
    assert (has(bank, "wallet", owner), has(bank, "card_processor")) == (ZERO, ZERO)
    assert sql(bank, "SELECT COUNT(*) FROM card_refund") == [(0,)]


def test_an_unlinked_card_of_another_bank_is_refunded_to_the_wallet(bank: Bank) -> None:
    owner = customer(bank)
    card = bank_card(bank, owner)
    made = done(bank, owner, T(2_000), f"card:{card.public_id}")
    bank.db.write_now(cards.unlink, customer_id=owner, public_id=card.public_id)
    assert refund(bank, made).goes_to == "wallet"
    assert has(bank, "wallet", owner) == T(2_000)
    assert sql(bank, "SELECT COUNT(*) FROM card_refund") == [(0,)]
    assert_clean(bank)


def test_the_same_number_again_answers_with_the_first_refund(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    first = refund(bank, made, T(5_000))
    before = moved(bank)
    assert refund(bank, made, T(5_000)) == first
    assert moved(bank) == before


@pytest.mark.parametrize(
    ("cancel", "txn", "amount", "code"),
    [
        ("c1", "same", T(5_001), "refund_same_id"),
        ("c1", "same", None, "refund_same_id"),
        ("c2", "same", T(15_000, 1), "refund_too_much"),
        ("c2", "same", ZERO, "refund_too_much"),
        ("c2", "123456", T(1), "refund_unknown"),
        ("c2", "9" * 20, T(1), "refund_unknown"),
        ("c2", "\u0661", T(1), "refund_unknown"),
    ],
)
def test_what_cannot_be_given_back_is_refused_and_moves_nothing(
    bank: Bank, cancel: str, txn: str, amount: Money | None, code: str
) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    refund(bank, made, T(5_000))
    ((number,),) = sql(bank, "SELECT txn_id FROM bill_payment")
    before = moved(bank)
    with pytest.raises(DomainError) as refusal:
        bank.db.write_now(
            refunds.refund,
            slug=BILLER,
            cancel_id=cancel,
            txn_id=str(number) if txn == "same" else txn,
            amount=amount,
        )
    assert refusal.value.code == code
    assert moved(bank) == before


def test_a_payment_that_never_went_through_gives_nothing_back(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    waiting, gone = pay(bank, owner, T(100), "wallet"), pay(bank, owner, T(100), "wallet")
    refuse(bank, gone.id)
    before = moved(bank)
    for each in (waiting, gone):
        with pytest.raises(refunds.NotPaidYet):
            refund(bank, each.id)
    assert moved(bank) == before


def test_another_biller_cannot_give_it_back(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    big(bank, owner)
    ((txn,),) = sql(bank, "SELECT txn_id FROM bill_payment")
    with pytest.raises(refunds.RefundUnknown):
        bank.db.write_now(refunds.refund, slug="astana-energo", cancel_id="c", txn_id=str(txn), amount=T(1))


def test_refunds_at_once_never_give_back_more_than_was_paid(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    numbers = iter(range(100))
    answers = at_once(lambda: refund(bank, made, T(3_000), cancel=f"c{next(numbers)}"), times=10)
    assert len(answers_of(answers)) == 6
    assert {each.code for each in refusals(answers)} == {"refund_too_much"}
    assert has(bank, "wallet", owner) == T(18_000)
    assert_clean(bank)


def test_one_number_at_once_gives_back_once(bank: Bank) -> None:
    owner = customer(bank, money=T(20_000))
    made = big(bank, owner)
    at_once(lambda: refund(bank, made, T(3_000)), times=8)
    assert has(bank, "wallet", owner) == T(3_000)
    assert_clean(bank)
